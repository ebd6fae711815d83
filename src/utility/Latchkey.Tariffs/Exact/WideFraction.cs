using System.Numerics;

namespace Latchkey.Tariffs;

/// <summary>A fraction of any size in lowest terms, its denominator above zero: what a <see cref="Rational"/> is where 64 bits are too few.</summary>
internal sealed record WideFraction(BigInteger Numerator, BigInteger Denominator) : IComparable<WideFraction>
{
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public static WideFraction Reduce(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException();
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new WideFraction(numerator / divisor, denominator / divisor);
    }

    public static WideFraction operator +(WideFraction a, WideFraction b) =>
        Reduce((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static WideFraction operator *(WideFraction a, WideFraction b) => Reduce(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public int CompareTo(WideFraction? other) => other is null ? 1 : (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The greatest whole number that is not above it.</summary>
    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
