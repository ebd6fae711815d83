using System.Numerics;

namespace Latchkey.Sts;

/// <summary>The 20-bit amount of a currency credit token: sign, a five-bit exponent and a 14-bit mantissa, in steps of 10⁻⁵ of the base currency.</summary>
/// <remarks>
/// Amounts reach 1.8 × 10³⁵ steps, past what a decimal holds. Rounding is toward plus infinity: positive amounts up, negative ones to the smaller magnitude.
/// Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.
/// </remarks>
public readonly record struct CurrencyAmount
{
    /// <summary>Steps in one unit of the base currency.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public const int StepsPerUnit = 100_000;

    private const int DecimalDigits = 5;
    private const int MantissaBits = 14;
    private const int MantissaMask = (1 << MantissaBits) - 1;
    private const int MaxExponent = 31;
    private const int SignBit = 19;
    private const uint FieldMask = 0xF_FFFF;

    private CurrencyAmount(uint field) => Field = field;

    /// <summary>The 20 bits: sign (1), exponent (5), mantissa (14).</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public uint Field { get; }

    /// <summary>Whether the amount is taken from the meter.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public bool IsNegative => Field >> SignBit != 0;

    /// <summary>The amount in steps of 10⁻⁵ of the base currency, signed.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public BigInteger Steps
    {
        get
        {
            int exponent = (int)(Field >> MantissaBits) & MaxExponent;
            BigInteger magnitude = Offset(exponent) + (BigInteger.Pow(10, exponent) * (Field & MantissaMask));
            return IsNegative ? -magnitude : magnitude;
        }
    }

    /// <summary>From the 20 bits of a token; false for more than 20 bits.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public static bool TryFromField(uint field, out CurrencyAmount amount)
    {
        bool valid = field <= FieldMask;
        amount = valid ? new CurrencyAmount(field) : default;
        return valid;
    }

    /// <summary>From steps of 10⁻⁵ of the base currency, rounded toward plus infinity to what can be said; false when it is past the range.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public static bool TryFromSteps(BigInteger steps, out CurrencyAmount amount)
    {
        bool negative = steps.Sign < 0;
        bool valid = negative ? TryRoundDown(-steps, out uint field) : TryRoundUp(steps, out field);
        // A magnitude that rounds to nothing is written as plus zero.
        amount = valid ? new CurrencyAmount(negative && field != 0 ? field | (1U << SignBit) : field) : default;
        return valid;
    }

    /// <summary>From a decimal number of base currency units such as <c>-12.5</c>, however many digits it has, rounded toward plus infinity.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public static bool TryParseUnits(ReadOnlySpan<char> text, out CurrencyAmount amount)
    {
        amount = default;
        return DecimalText.TryParseCeiling(text, DecimalDigits, out BigInteger steps) && TryFromSteps(steps, out amount);
    }

    /// <summary>The amount in steps, when it fits 64 bits: that is, up to 92 million million units.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public bool TryGetSteps(out long steps)
    {
        BigInteger exact = Steps;
        bool fits = exact >= long.MinValue && exact <= long.MaxValue;
        steps = fits ? (long)exact : 0;
        return fits;
    }

    /// <summary>The amount in units of the base currency with five decimals, without the currency.</summary>
    /// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7.</remarks>
    public override string ToString() => DecimalText.Format(Steps, DecimalDigits);

    private static bool TryRoundUp(BigInteger magnitude, out uint field)
    {
        for (int exponent = 0; exponent <= MaxExponent; exponent++)
        {
            BigInteger power = BigInteger.Pow(10, exponent);
            BigInteger mantissa = (BigInteger.Max(0, magnitude - Offset(exponent)) + power - 1) / power;
            if (mantissa > MantissaMask) continue;
            field = ((uint)exponent << MantissaBits) | (uint)mantissa;
            return true;
        }

        field = 0;
        return false;
    }

    private static bool TryRoundDown(BigInteger magnitude, out uint field)
    {
        int exponent = MaxExponent;
        while (Offset(exponent) > magnitude) exponent--;
        BigInteger mantissa = (magnitude - Offset(exponent)) / BigInteger.Pow(10, exponent);
        bool valid = mantissa <= MantissaMask;
        field = valid ? ((uint)exponent << MantissaBits) | (uint)mantissa : 0;
        return valid;
    }

    private static BigInteger Offset(int exponent) => (1 << MantissaBits) * (BigInteger.Pow(10, exponent) - 1) / 9;
}
