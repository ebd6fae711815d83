using System.Numerics;
using CsCheck;
using Latchkey.Quantities;

namespace Latchkey.Sts.Tests;

public sealed class AmountTests
{
    [Theory] // edges named in the standard
    [InlineData(16_383, 0x3FFF, 16_383)]
    [InlineData(16_384, 0x4000, 16_384)]
    [InlineData(16_385, 0x4001, 16_394)]
    [InlineData(180_223, 0x8000, 180_224)]
    [InlineData(1_818_623, 0xC000, 1_818_624)]
    [InlineData(18_201_624, 0xFFFF, 18_201_624)]
    public void TransferAmount_AtAnEdge_RoundsUpToWhatCanBeSaid(long steps, ushort field, int granted)
    {
        Assert.True(TransferAmount.TryFromSteps(steps, out TransferAmount amount));
        Assert.Equal((field, granted), (amount.Field, amount.Steps));
    }

    [Fact]
    public void TransferAmount_EveryField_ComesBackFromItsOwnSteps()
    {
        for (int field = 0; field <= ushort.MaxValue; field++)
        {
            Assert.True(TransferAmount.TryFromSteps(new TransferAmount((ushort)field).Steps, out TransferAmount back));
            Assert.Equal(field, back.Field);
        }
    }

    [Fact]
    public void TransferAmount_AnySteps_GrantsTheLeastThatIsNotBelow() => Gen.Int[0, TransferAmount.MaxSteps].Sample(steps =>
        TransferAmount.TryFromSteps(steps, out TransferAmount amount)
        && amount.Steps >= steps
        && (amount.Field == 0 || new TransferAmount((ushort)(amount.Field - 1)).Steps < steps));

    [Theory]
    [InlineData(-1)]
    [InlineData(TransferAmount.MaxSteps + 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void TransferAmount_OutOfRange_IsRefused(long steps) => Assert.False(TransferAmount.TryFromSteps(steps, out _));

    [Theory]
    [InlineData("1.82", 19)]
    [InlineData("25.6", 256)]
    [InlineData("25.60000000000000000000000000000001", 257)]
    [InlineData("0", 0)]
    public void TryParseUnits_MoreDigitsThanAStep_RoundsUp(string text, int steps)
    {
        Assert.True(TransferAmount.TryParseUnits(text, out TransferAmount amount));
        Assert.Equal(steps, amount.Steps);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("1820162.5")]
    [InlineData("99999999999999999999999999999999999999999999999")]
    public void TryParseUnits_AnythingElse_IsRefused(string text) => Assert.False(TransferAmount.TryParseUnits(text, out _));

    [Fact]
    public void TryFromEnergy_ARestOfAStep_RoundsUp()
    {
        Assert.True(TransferAmount.TryFromEnergy(Energy.FromMilliwattHours(100_001), out TransferAmount amount));
        Assert.Equal(Energy.FromTenthsOfKilowattHour(2), amount.ToEnergy());
    }

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    public void TryFromUnits_ExtremeDecimals_AreJudgedWithoutOverflow(string text) =>
        Assert.Equal(text.StartsWith("0."), TransferAmount.TryFromUnits(decimal.Parse(text), out _));

    [Fact]
    public void CurrencyAmount_FieldsOfEveryExponent_ComeBackFromTheirOwnSteps()
    {
        // A stride that is no power of two passes through every exponent and both signs; the edges are beside the multiples of 2^14.
        for (uint field = 0; field <= 0xF_FFFF; field += field % 16_384 is 0 or 16_382 or 16_383 ? 1u : Math.Min(97, 16_382 - (field % 16_384)))
        {
            // Minus nothing is read as nothing and written as plus nothing.
            if (field == 0x8_0000) continue;
            Assert.True(CurrencyAmount.TryFromField(field, out CurrencyAmount amount) && CurrencyAmount.TryFromSteps(amount.Steps, out CurrencyAmount back) && back == amount);
        }
    }

    [Fact]
    public void CurrencyAmount_AnySteps_GrantsTheLeastThatIsNotBelow() =>
        Gen.Select(Gen.Int[0, 115], Gen.Long).Sample((shift, seed) =>
        {
            BigInteger steps = (BigInteger)seed << shift >> 64;
            if (!CurrencyAmount.TryFromSteps(steps, out CurrencyAmount amount)) return BigInteger.Abs(steps) > BigInteger.Pow(10, 34);
            // An exponent begins at 16 384 / 9 of its own steps, so rounding adds at most one part in 1 820.
            return amount.Steps >= steps && amount.Steps - steps <= (BigInteger.Abs(steps) / 1_820) + 1;
        });

    [Theory]
    [InlineData("1", 0x060AA)]
    [InlineData("-1", 0x860A9)]
    [InlineData("0.000001", 0x00001)]
    [InlineData("-0.000001", 0x00000)]
    public void CurrencyAmount_Rounds_TowardPlusInfinity(string text, uint field)
    {
        Assert.True(CurrencyAmount.TryParseUnits(text, out CurrencyAmount amount));
        Assert.Equal(field, amount.Field);
    }

    [Theory]
    [InlineData("1820444444444444444444444444444444")]
    [InlineData("-18204444444444444444444444444444444444")]
    public void CurrencyAmount_PastTheRange_IsRefused(string text) => Assert.False(CurrencyAmount.TryParseUnits(text, out _));
}
