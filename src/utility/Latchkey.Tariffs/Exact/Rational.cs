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

    private readonly BigInteger _numerator;

    /// <summary>One less than the denominator, so that the default value is zero.</summary>
    private readonly BigInteger _denominatorLessOne;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException();
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        _numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - BigInteger.One;
    }

    public static Rational Zero => default;

    public static Rational One { get; } = FromInteger(1);

    public BigInteger Numerator => _numerator;

    public BigInteger Denominator => _denominatorLessOne + BigInteger.One;

    public int Sign => _numerator.Sign;

    public static Rational FromInteger(long value) => new(value, BigInteger.One);

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

    public static Rational operator +(Rational a, Rational b) =>
        new((a._numerator * b.Denominator) + (b._numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => new(-a._numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a._numerator * b._numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a._numerator * b.Denominator, a.Denominator * b._numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static Rational Min(Rational a, Rational b) => a < b ? a : b;

    public static Rational Max(Rational a, Rational b) => a > b ? a : b;

    public static Rational Abs(Rational a) => a.Sign < 0 ? -a : a;

    public int CompareTo(Rational other) => (_numerator * other.Denominator).CompareTo(other._numerator * Denominator);

    /// <summary>The greatest whole number that is not above it.</summary>
    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(_numerator, Denominator, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The smallest whole number that is not below it.</summary>
    public BigInteger Ceiling() => -(-this).Floor();

    /// <summary>The nearest whole number, halves to the even one.</summary>
    public BigInteger Round()
    {
        BigInteger floor = Floor();
        int side = (this - new Rational(floor, 1)).CompareTo(new Rational(1, 2));
        return side > 0 || (side == 0 && !floor.IsEven) ? floor + 1 : floor;
    }

    /// <summary>With at most so many decimals, halves to even, zeros at the end left out.</summary>
    public string ToString(int decimals)
    {
        BigInteger scale = BigInteger.Pow(10, decimals);
        BigInteger scaled = (this * new Rational(scale, 1)).Round();
        var whole = BigInteger.DivRem(BigInteger.Abs(scaled), scale, out BigInteger rest);
        string sign = scaled.Sign < 0 ? "-" : string.Empty;
        string fraction = rest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0').TrimEnd('0');
        return fraction.Length == 0 ? $"{sign}{whole}" : $"{sign}{whole}.{fraction}";
    }

    /// <summary>Ten decimals at most; exact where the number has no more.</summary>
    public override string ToString() => ToString(10);
}
