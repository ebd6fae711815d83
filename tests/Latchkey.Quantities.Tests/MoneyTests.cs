using CsCheck;
using Latchkey.Quantities;

namespace Latchkey.Quantities.Tests;

public sealed class MoneyTests
{
    private static readonly Gen<Money> Yuan = Gen.Long[-1_000_000_000_000, 1_000_000_000_000].Select(minor => new Money(minor, Currency.Cny));

    [Fact]
    public void Addition_IsUndoneBySubtraction() => Gen.Select(Yuan, Yuan).Sample((a, b) => a + b - b == a);

    [Fact]
    public void FromMajor_ToMajor_GivesTheSameAmount() => Yuan.Sample(money => Money.FromMajor(money.ToMajor(), Currency.Cny) == money);

    [Fact]
    public void Addition_OfTwoCurrencies_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Money.Zero(Currency.Cny) + Money.Zero(Currency.Kes));

    [Fact]
    public void Addition_PastTheRange_Throws() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Currency.Cny) + new Money(1, Currency.Cny));

    [Fact]
    public void FromMajor_WithAFractionOfAFen_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Money.FromMajor(1.005m, Currency.Cny));

    [Theory]
    [InlineData(950, "9.50 CNY")]
    [InlineData(-5, "-0.05 CNY")]
    [InlineData(0, "0.00 CNY")]
    public void ToString_ShowsMajorUnitsAndCode(long minor, string expected) => Assert.Equal(expected, new Money(minor, Currency.Cny).ToString());

    [Fact]
    public void ToString_OfACurrencyWithoutMinorDigits_ShowsNone()
    {
        Assert.True(Currency.TryParse("UGX", out Currency shilling));
        Assert.Equal("500 UGX", new Money(500, shilling).ToString());
    }

    [Theory]
    [InlineData("cny")]
    [InlineData("")]
    [InlineData("XXX")]
    public void Currency_ThatIsNotKnown_IsRefused(string code) => Assert.False(Currency.TryParse(code, out _));

    [Fact]
    public void Currency_ByNumericCode_IsFound()
    {
        Assert.True(Currency.TryFromNumericCode(710, out Currency rand));
        Assert.Equal(Currency.Zar, rand);
        Assert.False(Currency.TryFromNumericCode(1, out _));
    }
}
