using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Tariffs;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>Where the money of a sale comes from. Numbers are stored.</summary>
public enum FundingKind
{
    /// <summary>A payment service owes it to us until it settles: no limit, one order per payment reference.</summary>
    Clearing = 1,

    /// <summary>A vendor paid it in beforehand: never below its limit.</summary>
    Float = 2,

    /// <summary>Nobody pays: an approval of two people and a budget stand for it. Only the program's own channels have it.</summary>
    Grant = 3,
}

/// <summary>A way of buying.</summary>
/// <param name="Code">Lower-case letters, digits and dashes; part of the names of its accounts.</param>
/// <param name="Minimum">In minor units of the sale's currency.</param>
/// <param name="TariffId">Sells by this tariff whatever the meter's own is, as a fund for free energy does; null sells by the meter's.</param>
/// <param name="Name">Who sells through it, as printed on receipts; null where that is the seller.</param>
/// <param name="Budget">What its sales are taken from, besides what pays; null where none limits them.</param>
public sealed record SalesChannel(string Code, FundingKind Funding, long Minimum = 1, long Maximum = 100_000_00, string? TariffId = null, string? Name = null, BudgetKind? Budget = null)
{
    /// <summary>The account that pays: <c>clearing:wechat</c>, <c>float:shop-7</c>.</summary>
    public AccountId FundingAccount => AccountId.Require((Funding == FundingKind.Clearing ? "clearing:" : "float:") + Code);

    internal LedgerAccount OpenFunding(LedgerUnit unit) => Funding == FundingKind.Clearing
        ? new LedgerAccount(FundingAccount, unit, AccountClass.Asset)
        : new LedgerAccount(FundingAccount, unit, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits);
}

/// <summary>What the seller sets once.</summary>
/// <param name="UtcOffset">The wall clock of token identifiers. One offset for ever, without daylight saving: a clock that goes back would repeat identifiers.</param>
public sealed record VendingOptions(string SellerName, TimeSpan UtcOffset, IReadOnlyList<SalesChannel> Channels)
{
    private static readonly TimeSpan MakerMargin = TimeSpan.FromMinutes(2);

    /// <summary>Printed on receipts; empty where there is none.</summary>
    public string SellerTaxNumber { get; init; } = string.Empty;

    /// <summary>Printed on receipts; null where there is none.</summary>
    public string? SellerAddress { get; init; }

    /// <summary>From when on a hold without a token may be given up.</summary>
    public TimeSpan HoldLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A maker's hold outlives the time in which its request may be under way: what people then say of it finds the order held.</summary>
    public TimeSpan HoldLifetimeOf(string? make) =>
        make is not null && HoldLifetime < MakerDesk.Patience + MakerMargin ? MakerDesk.Patience + MakerMargin : HoldLifetime;

    /// <summary>How far the token identifiers of one meter may run ahead of the clock when it buys more than once a minute.</summary>
    public int TidLeadMinutes { get; init; } = 60;

    /// <summary>How far debts may go into a purchase.</summary>
    public DebtPolicy Debts { get; init; } = DebtPolicy.None;

    /// <summary>Where further channels are found: vendors come and go while the program runs.</summary>
    public Func<string, SalesChannel?> Vendors { get; init; } = static _ => null;

    /// <summary>What meters' keys have to say to a sale.</summary>
    public IKeyChangeGate KeyGate { get; init; } = NoKeyChanges.Instance;

    /// <summary>The makes whose own services make their meters' tokens; none unless the seller turned them on.</summary>
    public MakerServices Makers { get; init; } = MakerServices.None;

    /// <summary>The money in which nothing is written where an order has none.</summary>
    public Currency HomeCurrency { get; init; } = Currency.Cny;

    public SalesChannel? FindChannel(string code) => Grants.FindChannel(code) ?? Channels.FirstOrDefault(c => c.Code == code) ?? Vendors(code);

    /// <summary>The wall clock of the seller's place.</summary>
    public DateTime WallClock(DateTimeOffset at) => DateTime.SpecifyKind(at.ToOffset(UtcOffset).DateTime, DateTimeKind.Unspecified);

    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(WallClock(at));
}
