namespace Latchkey.Metrology;

/// <summary>One energy register: whole quanta of 1 µWh and the exact remainder that has not yet filled one.</summary>
/// <remarks>
/// The quantum is 1 µWh because every pulse constant in use (1000, 1600, 3200 imp/kWh) is then a whole number of quanta
/// and tokens of 0.1 kWh are too. Nothing is ever rounded away: <c>Quanta * UnitsPerQuantum + Remainder</c> is the sum of all additions.
/// </remarks>
public readonly record struct EnergyCounter(long Quanta, Int128 Remainder)
{
    /// <summary>Quanta in a watt-hour.</summary>
    public const long QuantaPerWattHour = 1_000_000;

    /// <summary>Units of 10⁻²⁴ W·sample in one quantum: 3.6 mJ × 8000 samples/s.</summary>
    public static Int128 UnitsPerQuantum { get; } = (Int128)28_800_000_000_000 * 1_000_000_000_000;

    /// <summary>This counter after <paramref name="units"/> more, in 10⁻²⁴ W·sample, not negative.</summary>
    public EnergyCounter Add(Int128 units)
    {
        Int128 total = Remainder + units;
        Int128 quanta = total / UnitsPerQuantum;
        return new(Quanta + (long)quanta, total - (quanta * UnitsPerQuantum));
    }
}
