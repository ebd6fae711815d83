using System.Numerics;
using CsCheck;

namespace Latchkey.Tariffs.Tests;

public sealed class RationalTests
{
    private static readonly Gen<Rational> Any = Gen.Select(Gen.Long[-1_000_000, 1_000_000], Gen.Long[1, 1_000_000]).Select((n, d) => new Rational(n, d));

    /// <summary>Small ones, those about the powers of two where 32 and 63 bits end, and any.</summary>
    private static readonly Gen<long> Edge = Gen.OneOf(
        Gen.Long[-50, 50],
        Gen.Select(Gen.Int[0, 62], Gen.Long[-3, 3]).Select((power, off) => (1L << power) + off),
        Gen.Long[0, 3].Select(off => long.MaxValue - off),
        Gen.Long[0, 3].Select(off => long.MinValue + off),
        Gen.Long);

    [Fact]
    public void Decimal_ReadAndWritten_IsTheSame() => Gen.Decimal[-1_000_000m, 1_000_000m].Sample(value =>
    {
        decimal rounded = decimal.Round(value, 8);
        return Rational.Require(rounded.ToString()).ToString() == rounded.ToString("0.########");
    });

    [Theory]
    [InlineData("2.0967142857", "2.0967142857")]
    [InlineData("-1e-3", "-0.001")]
    [InlineData("1E3", "1000")]
    [InlineData("0.10", "0.1")]
    public void Require_ADecimal_IsExact(string text, string expected) => Assert.Equal(expected, Rational.Require(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1e31")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("11111111111111111111111111111111111111111")]
    public void TryParse_WhatIsNoReasonableNumber_IsRefused(string text) => Assert.False(Rational.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Gen.String.Sample(text => Rational.TryParse(text, out Rational value) || value == Rational.Zero);

    [Fact]
    public void Arithmetic_OfAnyFractions_KeepsTheLaws() => Gen.Select(Any, Any, Any).Sample((a, b, c) =>
        (a + b) * c == (a * c) + (b * c) && a - a == Rational.Zero && (b.Sign == 0 || a / b * b == a) && (a < b) == (b > a));

    [Fact]
    public void Rounding_OfAnyFraction_IsTheNearestWhole() => Any.Sample(a =>
        new Rational(a.Floor(), 1) <= a && a <= new Rational(a.Ceiling(), 1) && Rational.Abs(a - new Rational(a.Round(), 1)) <= new Rational(1, 2));

    [Fact]
    public void Arithmetic_AcrossTheEdgeOf64Bits_IsThatOfWholeNumbers() => Gen.Select(Edge, Edge, Edge, Edge).Sample((n, d, m, e) =>
    {
        if (d == 0 || e == 0) return true;
        BigInteger N = n, D = d, M = m, E = e;
        Rational a = new(n, d), b = new(m, e);
        return Is(a, N, D) && a == new Rational(N, D) && a.GetHashCode() == new Rational(N, D).GetHashCode()
            && Is(a + b, (N * E) + (M * D), D * E) && Is(a - b, (N * E) - (M * D), D * E) && Is(a * b, N * M, D * E) && (m == 0 || Is(a / b, N * E, D * M))
            && Is(-a, -N, D) && a.CompareTo(b) == (N * E * (D * E).Sign).CompareTo(M * D * (D * E).Sign) && Rational.Require((a * b + a).Floor().ToString()) <= (a * b) + a;
    });

    [Fact]
    public void Text_AcrossTheEdgeOf64Bits_IsRoundedHalfToEven() => Gen.Select(Edge, Gen.Int[0, 19], Gen.Int[1, 20]).Sample((n, decimals, parts) =>
    {
        // Parts of the last place: what is to be rounded lies between, on and beside the halves.
        BigInteger power = BigInteger.Pow(10, decimals), floor = BigInteger.DivRem(n, parts, out BigInteger rest);
        if (rest.Sign < 0) (floor, rest) = (floor - 1, rest + parts);
        BigInteger nearest = 2 * rest > parts || (2 * rest == parts && !floor.IsEven) ? floor + 1 : floor;
        return Rational.Require(new Rational(n, power * parts).ToString(decimals)) == new Rational(nearest, power);
    });

    private static bool Is(Rational value, BigInteger numerator, BigInteger denominator) =>
        value.Numerator * denominator == numerator * value.Denominator && value.Denominator.Sign > 0
        && BigInteger.GreatestCommonDivisor(value.Numerator, value.Denominator).IsOne && value.Sign == numerator.Sign * denominator.Sign;

    [Fact]
    public void Equality_OfOneValueInTwoForms_Holds() => Assert.Equal(new Rational(1, 2), new Rational(-50, -100));

    [Fact]
    public void Division_ByZero_Throws() => Assert.Throws<DivideByZeroException>(() => Rational.One / Rational.Zero);
}
