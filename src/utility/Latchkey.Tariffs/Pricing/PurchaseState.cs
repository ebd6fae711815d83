namespace Latchkey.Tariffs;

/// <summary>What the customer has bought and paid in the accumulation period before this purchase.</summary>
/// <param name="UnitsBefore">kWh, free units included.</param>
/// <param name="FixedCollected">Of the period's fixed charges, net of tax, in major units; served in the tariff's order.</param>
/// <param name="AverageUnits">The average consumption, for tariffs that choose one block by it; null takes <paramref name="UnitsBefore"/>.</param>
public sealed record PurchaseState(Rational UnitsBefore, Rational FixedCollected, Rational? AverageUnits = null)
{
    /// <summary>The first purchase of the period.</summary>
    public static PurchaseState Fresh { get; } = new(Rational.Zero, Rational.Zero);

    /// <summary>
    /// What is due now of each fixed charge, net of tax, in the tariff's order, as <see cref="FixedAccrual"/> finds it; null takes each charge once,
    /// less <see cref="FixedCollected"/>.
    /// </summary>
    public IReadOnlyList<Rational>? FixedDue { get; init; }
}
