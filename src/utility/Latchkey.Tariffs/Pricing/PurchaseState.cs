namespace Latchkey.Tariffs;

/// <summary>What the customer has bought and paid in the accumulation period before this purchase.</summary>
/// <param name="UnitsBefore">kWh, free units included.</param>
/// <param name="FixedCollected">Of the period's fixed charges, net of tax, in major units.</param>
/// <param name="AverageUnits">The average consumption, for tariffs that choose one block by it; null takes <paramref name="UnitsBefore"/>.</param>
public sealed record PurchaseState(Rational UnitsBefore, Rational FixedCollected, Rational? AverageUnits = null)
{
    /// <summary>The first purchase of the period.</summary>
    public static PurchaseState Fresh { get; } = new(Rational.Zero, Rational.Zero);
}
