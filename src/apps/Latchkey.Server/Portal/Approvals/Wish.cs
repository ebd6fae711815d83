namespace Latchkey.Server.Portal.Approvals;

/// <summary>What somebody wants an approval of, as a form or a program says it, before it is known to make sense. Which fields count depends on the kind.</summary>
/// <param name="Kind">A word of <see cref="Latchkey.Vending.ApprovalKinds"/>, for example <c>refund</c>.</param>
/// <param name="MeterPan">The meter, by the number on its face or its PAN.</param>
/// <param name="Value">0.1 kWh, watts, a register (65535 for all), a mask of tests, or minor units of money.</param>
/// <param name="FromMeterPan">The replaced meter of a transfer.</param>
/// <param name="Reference">The work order of a transfer.</param>
/// <param name="Currency">Of a refund.</param>
/// <param name="Vendor">Of a credit note, or of money in suspense.</param>
/// <param name="Line">The bank's number of money in suspense.</param>
/// <param name="Key">The id of a vending key.</param>
/// <param name="Budget">The budget's kind, for example <c>free-issue</c>.</param>
/// <param name="Period">A month (2026-11), a day (2026-11-22) or <c>always</c>, which is the default.</param>
/// <param name="Owner">One operator's account for a limit within everybody's; everybody's budget without it.</param>
/// <param name="Unit">What the budget counts: <c>kwh</c> (0.1 kWh), <c>count</c>, or a currency's code.</param>
/// <param name="Purchase">The purchase whose money goes back, or of whose token a maker was asked; for a maker's token without energy, its approval.</param>
/// <param name="Unused">What the meter has proved of the purchase's token, <c>refused-as-old</c> or <c>key-changed</c>; nothing where it has none.</param>
/// <param name="Evidence">What the meter's answer is found by.</param>
/// <param name="Token">The twenty digits that the maker's records have; nothing where it has made none.</param>
public sealed record Wish(
    string Kind, string? MeterPan = null, long? Value = null, string? FromMeterPan = null, string? Reference = null, string? Currency = null, string? Vendor = null, string? Line = null,
    string? Key = null, string? Budget = null, string? Period = null, string? Owner = null, string? Unit = null,
    string? Purchase = null, string? Unused = null, string? Evidence = null, string? Token = null);

/// <summary>What a form offers to choose from.</summary>
/// <param name="Vendors">Code, name and currency.</param>
/// <param name="Keys">Id, and whether the key is stopped.</param>
/// <param name="Lines">Money in suspense: the bank's number, the amount, the reference.</param>
/// <param name="Currencies">Of the tariffs; the first is the usual one.</param>
public sealed record WishChoices(
    IReadOnlyList<(string Code, string Name, string Currency)> Vendors, IReadOnlyList<(string Id, bool IsStopped)> Keys, IReadOnlyList<(string Id, string Amount, string Reference)> Lines,
    IReadOnlyList<string> Currencies);
