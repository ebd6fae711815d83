using System.Globalization;
using System.Numerics;
using Latchkey.Quantities;

namespace Latchkey.Sts;

/// <summary>The 16-bit amount of a credit token, and the watts of a power limit: a two-bit exponent and a 14-bit mantissa.</summary>
/// <remarks>
/// An amount counts steps: 0.1 kWh, 0.1 m³, 0.1 minute or 1 W. Up to 16 383 every step can be said, above that every tenth, hundredth, thousandth;
/// an amount between two that can be said is rounded up, in the customer's favour. Source: IEC 62055-41, TransferAmount.
/// </remarks>
public readonly record struct TransferAmount
{
    /// <summary>The most that can be said, in steps: 18 201 624.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public const int MaxSteps = 18_201_624;

    private const int MantissaBits = 14;
    private const int MaxMantissa = (1 << MantissaBits) - 1;
    private const int MaxExponent = 3;
    private const int StepsPerUnit = 10;

    /// <summary>From the 16 bits of a token; every value means something.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount: exponent (2), mantissa (14).</remarks>
    public TransferAmount(ushort field) => Field = field;

    /// <summary>The 16 bits.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public ushort Field { get; }

    /// <summary>The amount in steps, 0 to <see cref="MaxSteps"/>.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public int Steps => Offset(Field >> MantissaBits) + (Power(Field >> MantissaBits) * (Field & MaxMantissa));

    /// <summary>The amount in kWh, m³ or minutes, exact.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public decimal Units => Steps / (decimal)StepsPerUnit;

    /// <summary>The amount as energy, for electricity tokens.</summary>
    /// <remarks>Source: IEC 62055-41, SubClass 0: 0.1 kWh a step.</remarks>
    public Energy ToEnergy() => Energy.FromTenthsOfKilowattHour(Steps);

    /// <summary>The least amount that can be said and is not below <paramref name="steps"/>; false for a negative one or more than <see cref="MaxSteps"/>.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public static bool TryFromSteps(long steps, out TransferAmount amount)
    {
        amount = default;
        if (steps is < 0 or > MaxSteps) return false;

        for (int exponent = 0; exponent <= MaxExponent; exponent++)
        {
            long above = Math.Max(0, steps - Offset(exponent));
            long mantissa = (above + Power(exponent) - 1) / Power(exponent);
            if (mantissa > MaxMantissa) continue;
            amount = new TransferAmount((ushort)((exponent << MantissaBits) | (int)mantissa));
            return true;
        }

        return false;
    }

    /// <summary>From kWh, m³ or minutes, rounded up to what can be said; false when negative or too large.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public static bool TryFromUnits(decimal units, out TransferAmount amount)
    {
        amount = default;
        return units is >= 0 and <= MaxSteps && TryFromSteps((long)decimal.Ceiling(units * StepsPerUnit), out amount);
    }

    /// <summary>From energy, rounded up to what can be said; false when negative or too large.</summary>
    /// <remarks>Source: IEC 62055-41, SubClass 0: 0.1 kWh a step.</remarks>
    public static bool TryFromEnergy(Energy energy, out TransferAmount amount)
    {
        const long MilliwattHoursPerStep = 100_000;
        amount = default;
        if (energy < Energy.Zero) return false;
        (long whole, long rest) = Math.DivRem(energy.MilliwattHours, MilliwattHoursPerStep);
        return TryFromSteps(rest == 0 ? whole : whole + 1, out amount);
    }

    /// <summary>From a decimal number of kWh, m³ or minutes such as <c>25.6</c>, however many digits it has, rounded up to what can be said.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public static bool TryParseUnits(ReadOnlySpan<char> text, out TransferAmount amount)
    {
        amount = default;
        return DecimalText.TryParseCeiling(text, scale: 1, out BigInteger steps)
            && steps >= 0
            && steps <= MaxSteps
            && TryFromSteps((long)steps, out amount);
    }

    /// <summary>The amount in units with one decimal, without the unit.</summary>
    /// <remarks>Source: IEC 62055-41, TransferAmount.</remarks>
    public override string ToString() => Units.ToString("F1", CultureInfo.InvariantCulture);

    private static int Power(int exponent) => exponent switch { 0 => 1, 1 => 10, 2 => 100, _ => 1_000 };

    private static int Offset(int exponent) => (1 << MantissaBits) * (Power(exponent) - 1) / 9;
}
