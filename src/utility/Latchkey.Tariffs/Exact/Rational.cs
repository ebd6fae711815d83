using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Latchkey.Tariffs;

/// <summary>An exact fraction, always in lowest terms with a positive denominator. Prices are computed in it and rounded once, at the end.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rational : IComparable<Rational>
{
    /// <summary>Longer numbers are refused: no price has as many digits, and exact arithmetic on huge ones is a way to stall a server.</summary>
    private const int MaxTextLength = 40;
    private const int MaxExponent = 30;

    /// <summary>Up to so many decimals a 64-bit numerator times their power of ten fits 128 bits.</summary>
    private const int MaxQuickDecimals = 18;

    private readonly long _numerator;

    /// <summary>One less than the denominator, so that the default value is zero.</summary>
    private readonly long _denominatorLessOne;

    /// <summary>The value where its numerator or denominator needs more than 64 bits; prices hardly ever do.</summary>
    private readonly WideFraction? _wide;

    public Rational(BigInteger numerator, BigInteger denominator)
        : this(WideFraction.Reduce(numerator, denominator))
    {
    }

    public Rational(long numerator, long denominator)
    {
        if (denominator == 0) throw new DivideByZeroException();
        ulong divisor = GreatestCommonDivisor(Magnitude(numerator), Magnitude(denominator));
        Int128 signed = denominator < 0 ? -(Int128)divisor : divisor;
        this = OfLowest(numerator / signed, denominator / signed);
    }

    private Rational(WideFraction value)
    {
        if (FitsLong(value.Numerator) && value.Denominator <= long.MaxValue)
            (_numerator, _denominatorLessOne) = ((long)value.Numerator, (long)value.Denominator - 1);
        else
            _wide = value;
    }

    private Rational(long numerator, long denominatorLessOne, WideFraction? wide) =>
        (_numerator, _denominatorLessOne, _wide) = (numerator, denominatorLessOne, wide);

    public static Rational Zero => default;

    public static Rational One { get; } = FromInteger(1);

    public BigInteger Numerator => _wide?.Numerator ?? _numerator;

    public BigInteger Denominator => _wide?.Denominator ?? QuickDenominator;

    public int Sign => _wide?.Numerator.Sign ?? Math.Sign(_numerator);

    private Int128 QuickDenominator => (Int128)_denominatorLessOne + 1;

    private WideFraction Wide => _wide ?? new WideFraction(_numerator, QuickDenominator);

    public static Rational FromInteger(long value) => new(value, 0, null);

    /// <summary>Reads a decimal number as JSON writes it, without loss: <c>2.0967142857</c>, <c>-1e-3</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rational value)
    {
        value = default;
        if (text.IsEmpty || text.Length > MaxTextLength) return false;
        int e = text.IndexOfAny('e', 'E');
        int exponent = 0;
        if (e >= 0 && !int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
        if (Math.Abs((long)exponent) > MaxExponent) return false;

        ReadOnlySpan<char> mantissa = e >= 0 ? text[..e] : text;
        int point = mantissa.IndexOf('.');
        int decimals = point >= 0 ? mantissa.Length - point - 1 : 0;
        string digits = point >= 0 ? string.Concat(mantissa[..point], mantissa[(point + 1)..]) : mantissa.ToString();
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole)) return false;

        int scale = exponent - decimals;
        value = scale >= 0
            ? new Rational(whole * BigInteger.Pow(10, scale), BigInteger.One)
            : new Rational(whole, BigInteger.Pow(10, -scale));
        return true;
    }

    public static Rational Require(string text) =>
        TryParse(text, out Rational value) ? value : throw new FormatException($"'{text}' is not a decimal number.");

    public static Rational operator +(Rational a, Rational b)
    {
        if (!AreQuick(a, b)) return new(a.Wide + b.Wide);

        // Knuth, The Art of Computer Programming 4.5.1: dividing before multiplying keeps the numbers, and the divisors looked for, small.
        Int128 common = GreatestCommonDivisor((ulong)a.QuickDenominator, (ulong)b.QuickDenominator);
        Int128 ofA = a.QuickDenominator / common, ofB = b.QuickDenominator / common;
        Int128 sum = (a._numerator * ofB) + (b._numerator * ofA);
        Int128 rest = GreatestCommonDivisor((ulong)Int128.Abs(sum % common), (ulong)common);
        return OfLowest(sum / rest, ofA * (b.QuickDenominator / rest));
    }

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) =>
        a._wide is { } wide ? new(new WideFraction(-wide.Numerator, wide.Denominator)) : OfLowest(-(Int128)a._numerator, a.QuickDenominator);

    public static Rational operator *(Rational a, Rational b) => AreQuick(a, b)
        ? Multiply(a._numerator, a.QuickDenominator, b._numerator, b.QuickDenominator)
        : new(a.Wide * b.Wide);

    public static Rational operator /(Rational a, Rational b)
    {
        if (b.Sign == 0) throw new DivideByZeroException();
        if (!AreQuick(a, b)) return new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);
        return Multiply(a._numerator, a.QuickDenominator, b._numerator < 0 ? -b.QuickDenominator : b.QuickDenominator, Magnitude(b._numerator));
    }

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static Rational Min(Rational a, Rational b) => a < b ? a : b;

    public static Rational Max(Rational a, Rational b) => a > b ? a : b;

    public static Rational Abs(Rational a) => a.Sign < 0 ? -a : a;

    public int CompareTo(Rational other) => AreQuick(this, other)
        ? (_numerator * other.QuickDenominator).CompareTo(other._numerator * QuickDenominator)
        : Wide.CompareTo(other.Wide);

    /// <summary>The greatest whole number that is not above it.</summary>
    public BigInteger Floor() => _wide?.Floor() ?? QuickFloor(_numerator, QuickDenominator);

    /// <summary>The smallest whole number that is not below it.</summary>
    public BigInteger Ceiling() => -(-this).Floor();

    /// <summary>The nearest whole number, halves to the even one.</summary>
    public BigInteger Round()
    {
        if (_wide is null) return QuickRound(_numerator, QuickDenominator);
        BigInteger floor = Floor();
        int side = (this - new Rational(floor, 1)).CompareTo(new Rational(1, 2));
        return side > 0 || (side == 0 && !floor.IsEven) ? floor + 1 : floor;
    }

    /// <summary>With at most so many decimals, halves to even, zeros at the end left out.</summary>
    public string ToString(int decimals)
    {
        var power = BigInteger.Pow(10, decimals);
        BigInteger scaled = _wide is null && decimals <= MaxQuickDecimals
            ? QuickRound(_numerator * (Int128)power, QuickDenominator)
            : (this * new Rational(power, 1)).Round();
        var whole = BigInteger.DivRem(BigInteger.Abs(scaled), power, out BigInteger rest);
        string sign = scaled.Sign < 0 ? "-" : string.Empty;
        if (rest.IsZero) return sign + whole.ToString(CultureInfo.InvariantCulture);
        string fraction = rest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0').TrimEnd('0');
        return $"{sign}{whole}.{fraction}";
    }

    /// <summary>Ten decimals at most; exact where the number has no more.</summary>
    public override string ToString() => ToString(10);

    private static bool AreQuick(in Rational a, in Rational b) => a._wide is null && b._wide is null;

    private static bool FitsLong(BigInteger value) => value >= long.MinValue && value <= long.MaxValue;

    /// <summary>Of two fractions in lowest terms, the denominators above zero.</summary>
    private static Rational Multiply(Int128 numerator, Int128 denominator, Int128 byNumerator, Int128 byDenominator)
    {
        Int128 first = GreatestCommonDivisor((ulong)Int128.Abs(numerator), (ulong)byDenominator);
        Int128 second = GreatestCommonDivisor((ulong)Int128.Abs(byNumerator), (ulong)denominator);
        return OfLowest((numerator / first) * (byNumerator / second), (denominator / second) * (byDenominator / first));
    }

    /// <param name="denominator">Above zero and without a divisor in common with the numerator.</param>
    private static Rational OfLowest(Int128 numerator, Int128 denominator) => numerator >= long.MinValue && numerator <= long.MaxValue && denominator <= long.MaxValue
        ? new((long)numerator, (long)denominator - 1, null)
        : new(new WideFraction(numerator, denominator));

    private static Int128 QuickFloor(Int128 numerator, Int128 denominator)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(numerator, denominator);
        return rest < 0 ? quotient - 1 : quotient;
    }

    private static Int128 QuickRound(Int128 numerator, Int128 denominator)
    {
        Int128 floor = QuickFloor(numerator, denominator), rest = numerator - (floor * denominator);
        int side = (2 * rest).CompareTo(denominator);
        return side > 0 || (side == 0 && Int128.IsOddInteger(floor)) ? floor + 1 : floor;
    }

    private static ulong Magnitude(long value) => value < 0 ? (ulong)-(Int128)value : (ulong)value;

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
