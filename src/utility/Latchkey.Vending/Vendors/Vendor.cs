using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Somebody who sells for us out of money paid in beforehand.</summary>
/// <param name="Code">The sales channel: lower-case letters, digits and dashes.</param>
/// <param name="Schemes">Commission by first day; the newest that has begun counts.</param>
/// <param name="Remainder">Commission earned that is less than a minor unit, in <see cref="CommissionScheme.StepsPerMinorUnit"/>; goes into the next accrual.</param>
/// <param name="Month">The month that <paramref name="MonthSales"/> counts.</param>
/// <param name="MonthSales">Sold in that month up to the last accrual, in minor units.</param>
/// <param name="Slips">How many deposit slips were written.</param>
/// <param name="Coin">The smallest coin in minor units: cash is rounded down to it in the customer's favour. 1 rounds nothing.</param>
/// <param name="Version">Rises with every change; a change based on an older one is refused.</param>
public sealed record Vendor(
    string Code, string Name, Currency Currency, long MinimumSale, long MaximumSale, bool IsBlocked, IReadOnlyList<CommissionScheme> Schemes,
    long Remainder = 0, DateOnly Month = default, long MonthSales = 0, int Slips = 0, int Version = 0, long Coin = 1)
{
    public const int MaxCodeLength = 32;
    public const int MaxNameLength = 80;
    public const int MostSchemes = 32;
    public const long MostCoin = 100_000;

    public AccountId Float => Channel.FundingAccount;

    /// <summary>Earned and not paid out.</summary>
    public AccountId CommissionAccount => AccountId.Require("commission:" + Code);

    /// <summary>How sales name this vendor.</summary>
    public SalesChannel Channel => new(Code, FundingKind.Float, MinimumSale, MaximumSale, Name: Name);

    /// <summary>Why this cannot be a vendor, or null.</summary>
    public string? Fault => this switch
    {
        { Code.Length: 0 or > MaxCodeLength } => $"a code has 1 to {MaxCodeLength} characters",
        _ when Code.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') => "a code is made of lower-case letters, digits and dashes",
        { Name.Length: 0 or > MaxNameLength } => $"a name has 1 to {MaxNameLength} characters",
        _ when MinimumSale < 1 || MaximumSale < MinimumSale => "the smallest sale is at least 1 minor unit and not above the largest",
        { Coin: < 1 or > MostCoin } => $"the smallest coin is 1 to {MostCoin} minor units",
        { Schemes.Count: > MostSchemes } => $"there are at most {MostSchemes} commission schemes",
        _ when Schemes.Zip(Schemes.Skip(1)).Any(pair => pair.First.From >= pair.Second.From) => "commission schemes rise by their first day",
        _ => Schemes.Select(s => s.Fault).FirstOrDefault(fault => fault is not null),
    };

    /// <summary>The scheme of a day; null before the first.</summary>
    public CommissionScheme? SchemeOn(DateOnly day) => Schemes.LastOrDefault(s => s.From <= day);
}
