namespace Latchkey.Tariffs;

/// <summary>How much of a purchase a debt may take.</summary>
/// <param name="FixedMinorUnits">So much of each purchase; null where only the share counts.</param>
/// <param name="Share">Between 0 and 1, of the money tendered; null where only the fixed amount counts. With both, the two are added.</param>
/// <param name="CapMinorUnits">At most so much of each purchase; null without a cap.</param>
public sealed record DebtRule(long? FixedMinorUnits, Rational? Share, long? CapMinorUnits = null)
{
    /// <summary>What is wrong with it; null for a rule that can be used.</summary>
    public string? Fault()
    {
        if (FixedMinorUnits is null && Share is null) return "a debt takes a fixed amount, a share, or both";
        if (FixedMinorUnits < 0 || CapMinorUnits < 0) return "a debt's amounts are not below zero";
        return Share is { } share && (share.Sign < 0 || share > Rational.One) ? "a debt's share is between 0 and 1" : null;
    }

    /// <summary>What the rule asks of a purchase, rounded down: the customer keeps the fraction.</summary>
    internal long Of(long tendered)
    {
        long asked = (FixedMinorUnits ?? 0) + (long)((Share ?? Rational.Zero) * Rational.FromInteger(tendered)).Floor();
        return CapMinorUnits is { } cap ? Math.Min(cap, asked) : asked;
    }
}

/// <summary>Money that is owed and recovered from purchases.</summary>
/// <param name="Name">As printed on receipts.</param>
/// <param name="Order">Debts with a lower number are served first.</param>
/// <param name="TaxShare">How much of it is tax that was booked when the debt arose; for the receipt alone.</param>
/// <param name="IsPaused">True while nothing is taken: a dispute, a hard winter.</param>
public sealed record Debt(string Id, string Name, long OwedMinorUnits, DebtRule Rule, int Order, Rational TaxShare, bool IsPaused = false);

/// <summary>What one purchase pays of a debt.</summary>
/// <param name="LeftMinorUnits">What is still owed afterwards.</param>
public sealed record DebtPayment(Debt Debt, long MinorUnits, long LeftMinorUnits)
{
    /// <summary>The tax in it.</summary>
    public long TaxMinorUnits => (long)(Debt.TaxShare * Rational.FromInteger(MinorUnits)).Round();
}

/// <summary>How far debts may go into a purchase.</summary>
/// <param name="FloorUnits">kWh that the customer gets before any debt takes anything; zero for none.</param>
/// <param name="MaxShare">At most this share of the money tendered for all debts together; null without such a limit.</param>
public sealed record DebtPolicy(Rational FloorUnits, Rational? MaxShare = null)
{
    public static DebtPolicy None { get; } = new(Rational.Zero);
}
