using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>A debt as it is kept: whose, what for, and how it is recovered. How much of it is owed stands in the ledger alone.</summary>
/// <param name="Id">Of the meter's debts; lower-case letters, digits and dashes, part of its account's name.</param>
public sealed record DebtRecord(MeterPan Pan, string Id, string Name, DebtRule Rule, int Order, Rational TaxShare, bool IsPaused = false)
{
    public const int MaxIdLength = 40;
    public const int MaxNameLength = 64;

    public AccountId Account => AccountOf(Pan, Id);

    public static AccountId AccountOf(MeterPan pan, string id) => AccountId.Require($"debt:{pan}:{id}");

    /// <summary>What is wrong with it, in words; null for a record that can be kept.</summary>
    public string? Fault()
    {
        if (Id.Length is 0 or > MaxIdLength || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return "a debt's id has 1 to 40 lower-case letters, digits and dashes";
        if (Name.Length is 0 or > MaxNameLength) return "a debt's name has 1 to 64 characters";
        return TaxShare.Sign < 0 || TaxShare >= Rational.One ? "a debt's share of tax is between 0 and 1" : Rule.Fault();
    }
}

/// <summary>A debt and what is left of it.</summary>
public sealed record OwedDebt(DebtRecord Record, long MinorUnits)
{
    internal Debt ForQuote => new(Record.Id, Record.Name, MinorUnits, Record.Rule, Record.Order, Record.TaxShare, Record.IsPaused);
}
