using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("600727000000000009", "00000000000")]
    [InlineData("000001000000000082", "0100000000008")]
    public void MeterPan_OfAConformanceSuite_HasItsReferenceNumber(string pan, string drn) => Assert.Equal(drn, MeterPan.Parse(pan).Drn.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("60072700000000000")]
    [InlineData("600727000000000008")]
    [InlineData("6007270000000000091")]
    [InlineData(" 60072700000000009")]
    [InlineData("60072700000000000９")]
    [InlineData("+00727000000000009")]
    public void MeterPan_AnythingButEighteenDigitsWithARightCheckDigit_IsRefused(string text) => Assert.False(MeterPan.TryParse(text, out _));

    [Fact]
    public void MeterPan_FromAnyReferenceNumber_LeadsBackToIt() =>
        Gen.Select(Gen.Bool, Gen.Long[0, 999_999_999_999]).Sample((isLong, n) =>
        {
            string payload = isLong ? n.ToString("D12") : (n % 10_000_000_000).ToString("D10");
            Assert.True(Luhn.TryComputeCheckDigit(payload, out int digit));
            Assert.True(DecoderReferenceNumber.TryParse(payload + digit, out DecoderReferenceNumber drn));
            MeterPan pan = MeterPan.FromDrn(drn);
            return pan.Drn == drn && Luhn.IsValid(pan.ToString()) && pan.ToString().StartsWith(isLong ? "0000" : "600727");
        });

    [Fact]
    public void Luhn_AnyOneDigitChanged_IsNotValid() =>
        Gen.Select(StsGen.Pan, Gen.Int[0, 17], Gen.Int[1, 9]).Sample((pan, at, add) =>
        {
            char[] digits = pan.ToString().ToCharArray();
            digits[at] = (char)('0' + ((digits[at] - '0' + add) % 10));
            return !Luhn.IsValid(digits);
        });

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12 456")]
    [InlineData("-12345")]
    public void SupplyGroupCode_AnythingButSixDigits_IsRefused(string text) => Assert.False(SupplyGroupCode.TryParse(text, out _));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void KeyRevisionNumber_IsOneToNine(int value, bool valid) => Assert.Equal(valid, KeyRevisionNumber.TryFromValue(value, out _));

    [Fact]
    public void Defaults_AreValidValues()
    {
        Assert.Equal(1, default(KeyRevisionNumber).Value);
        Assert.Equal(KeyExpiryNumber.Never, default);
        Assert.Equal(255, default(KeyExpiryNumber).Value);
        Assert.True(Luhn.IsValid(default(MeterPan).ToString()));
        Assert.Equal(1993, default(BaseDate).Year);
    }

    [Fact]
    public void Enums_KeepTheirTransmittedNumbers()
    {
        Assert.Equal([0, 1, 2, 3], Enum.GetValues<KeyType>().Select(v => (int)v));
        Assert.Equal([7, 9, 11], Enum.GetValues<EncryptionAlgorithm>().Select(v => (int)v));
        Assert.Equal(Enumerable.Range(0, 19), Enum.GetValues<TokenResult>().Select(v => (int)v));
        Assert.Equal(Enumerable.Range(0, 16), Enum.GetValues<ManagementSubClass>().Select(v => (int)v));
        Assert.Equal(Enumerable.Range(0, 8), Enum.GetValues<CreditSubClass>().Select(v => (int)v));
    }
}
