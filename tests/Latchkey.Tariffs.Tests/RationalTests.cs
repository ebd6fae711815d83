using CsCheck;

namespace Latchkey.Tariffs.Tests;

public sealed class RationalTests
{
    private static readonly Gen<Rational> Any = Gen.Select(Gen.Long[-1_000_000, 1_000_000], Gen.Long[1, 1_000_000]).Select((n, d) => new Rational(n, d));

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
    public void Equality_OfOneValueInTwoForms_Holds() => Assert.Equal(new Rational(1, 2), new Rational(-50, -100));

    [Fact]
    public void Division_ByZero_Throws() => Assert.Throws<DivideByZeroException>(() => Rational.One / Rational.Zero);
}
