namespace Latchkey.Vending.Vendors;

/// <summary>What a batch is for; each lies inside the next. Numbers are stored.</summary>
public enum BatchKind
{
    /// <summary>One person's turn at the till.</summary>
    Shift = 1,

    /// <summary>A day's sales.</summary>
    Sales = 2,

    /// <summary>What goes to the bank in one piece.</summary>
    Banking = 3,
}

/// <summary>A stretch of a vendor's business, bounded by entries of the ledger and not by a clock, so that no sale falls between two.</summary>
/// <param name="Number">1 for the vendor's first of this kind, without gaps.</param>
/// <param name="AfterEntry">The last entry on the float before it.</param>
/// <param name="UpToEntry">The last entry in it; null while it is open.</param>
/// <param name="Totals">As they were when it was closed.</param>
/// <param name="Commission">Minor units accrued when it was closed; sales batches only.</param>
/// <param name="OpeningCash">Minor units in the drawer when a shift began; null where nobody counted.</param>
/// <param name="Till">Which till a shift sells at; printed on its receipts. Null where that was not said.</param>
/// <param name="ClosedBy">Who counted and closed; null for batches that were closed with others.</param>
/// <param name="CountedCash">Minor units in the drawer at the end of a shift; null where nobody counted.</param>
/// <param name="IsBooked">The commission's entry is in the ledger.</param>
public sealed record VendorBatch(
    string Vendor, BatchKind Kind, int Number, string OpenedBy, DateTimeOffset OpenedAt, long AfterEntry,
    DateTimeOffset? ClosedAt = null, long? UpToEntry = null, BatchTotals? Totals = null, long Commission = 0, bool IsBooked = true,
    long? OpeningCash = null, string? ClosedBy = null, long? CountedCash = null, string? Till = null)
{
    public const int MaxTillLength = 32;

    public bool IsOpen => ClosedAt is null;

    /// <summary>What should be in the drawer after sales of these totals; null where nobody counted at the beginning.</summary>
    public long? ExpectedCash(BatchTotals totals) => OpeningCash is { } opening ? opening + totals.Cash : null;

    /// <summary>Counted less expected: above 0 there is too much in the drawer; null where it was not counted twice.</summary>
    public long? CashDifference => Totals is { } totals && CountedCash is { } counted && ExpectedCash(totals) is { } expected ? counted - expected : null;
}

/// <summary>Some sales added up.</summary>
/// <param name="Count">Of sales.</param>
/// <param name="MinorUnits">Money taken.</param>
/// <param name="Tenths">0.1 kWh sold.</param>
/// <param name="TaxMinorUnits">Tax within the money.</param>
public sealed record SalesSum(int Count, long MinorUnits, long Tenths, long TaxMinorUnits)
{
    public static SalesSum Zero { get; } = new(0, 0, 0, 0);

    public static SalesSum operator +(SalesSum left, SalesSum right) =>
        new(left.Count + right.Count, left.MinorUnits + right.MinorUnits, left.Tenths + right.Tenths, left.TaxMinorUnits + right.TaxMinorUnits);
}

/// <summary>What happened on a vendor's float in a batch.</summary>
/// <param name="ByOperator">Sales by the person who sold; at most <see cref="MostOperators"/>, the rest under "others".</param>
/// <param name="Deposits">Money put in.</param>
/// <param name="OtherMinorUnits">Movements that are neither: what came in less what went out.</param>
/// <param name="ByTender">Sales by the code of how they were paid, <see cref="Unknown"/> where that was not said; null in batches of earlier versions.</param>
/// <param name="Cash">Minor units that cash sales left in the drawer: their amounts less what the smallest coin left off.</param>
public sealed record BatchTotals(
    SalesSum Sales, IReadOnlyDictionary<string, SalesSum> ByOperator, long Deposits, long OtherMinorUnits, IReadOnlyDictionary<string, SalesSum>? ByTender = null, long Cash = 0)
{
    public const string Unknown = "-";

    public const int MostOperators = 64;
}
