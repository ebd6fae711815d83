using System.Collections.Immutable;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>The unit_charge of COSEM class 113: prices by rate of time of use and by step.</summary>
/// <remarks>
/// A consumption charge costs <c>energy [Wh] × price × 10^PriceScale / 10^CommodityScale</c>; 55, -2 and 3 are 0.55 a kilowatt-hour. In energy mode
/// the price 1 with both scales 0 takes a watt-hour for a watt-hour. A time or payment charge takes its first price × 10^PriceScale.
/// </remarks>
/// <param name="CommodityScale">Exponent of the energy that the price is for, of a watt-hour.</param>
/// <param name="PriceScale">Exponent of the price.</param>
/// <param name="Prices">By step, and within it by rate: <see cref="Rates"/> for each step.</param>
/// <param name="StepsWh">Where each step but the last ends, watt-hours since the reset; rising.</param>
public sealed record UnitCharge(sbyte CommodityScale, sbyte PriceScale, ImmutableArray<int> Prices, ImmutableArray<long> StepsWh)
{
    public const int Rates = 4;
    public const int MaxSteps = 4;

    /// <summary>Carries are kept in this many decimals of a quantum, so that a change of prices loses none.</summary>
    public const int CarryDecimals = 12;

    public const long CarryUnit = 1_000_000_000_000;
    private const long QuantaPerUnit = 1_000_000;
    private const int LowestAmountScale = -6;

    /// <summary>A watt-hour for a watt-hour.</summary>
    public static UnitCharge OneForOne { get; } = Flat(1, 0, 0);

    public static UnitCharge Flat(int price, sbyte priceScale, sbyte commodityScale) => new(commodityScale, priceScale, [price, price, price, price], []);

    /// <summary>One price for each rate of time of use.</summary>
    public static UnitCharge ByRate(sbyte priceScale, sbyte commodityScale, params ImmutableArray<int> prices) => new(commodityScale, priceScale, prices, []);

    public int Steps => StepsWh.Length + 1;

    private int Exponent => CommodityScale - PriceScale;

    public bool IsValid => Exponent is >= 0 and <= CarryDecimals && PriceScale >= LowestAmountScale && PriceScale <= 6
        && Steps <= MaxSteps && Prices.Length == Steps * Rates && Prices.All(p => p >= 0)
        && StepsWh.All(w => w > 0) && StepsWh.Zip(StepsWh.Skip(1)).All(p => p.First < p.Second);

    /// <summary>What so many µWh cost at a rate and in a step, in 10^-12 quanta: exact.</summary>
    public Int128 Cost(long microwattHours, int rate, int step) =>
        (Int128)microwattHours * Prices[(step * Rates) + rate] * Power(CarryDecimals - Exponent);

    /// <summary>The amount of a time or payment charge, quanta.</summary>
    public long Amount => PriceScale >= 0
        ? Prices[0] * Power(PriceScale) * QuantaPerUnit
        : Prices[0] * Power(PriceScale - LowestAmountScale);

    /// <summary>The step in which the next µWh falls, and how many µWh are left in it.</summary>
    public (int Step, long Left) StepAt(long microwattHoursSinceReset)
    {
        for (int step = 0; step < StepsWh.Length; step++)
        {
            long left = (StepsWh[step] * QuantaPerUnit) - microwattHoursSinceReset;
            if (left > 0) return (step, left);
        }

        return (StepsWh.Length, long.MaxValue);
    }

    public bool Equals(UnitCharge? other) => other is not null
        && (CommodityScale, PriceScale) == (other.CommodityScale, other.PriceScale)
        && Prices.AsSpan().SequenceEqual(other.Prices.AsSpan()) && StepsWh.AsSpan().SequenceEqual(other.StepsWh.AsSpan());

    public override int GetHashCode() => HashCode.Combine(CommodityScale, PriceScale, Prices.Length, StepsWh.Length);

    private static long Power(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
