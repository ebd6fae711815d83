using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class CodecTests
{
    [Fact]
    public void Credit_EncodedAndDecoded_IsTheSame() => StsGen.Credit.Sample(token =>
        CreditTokenCodec.Decode(CreditTokenCodec.Encode(token), out CreditToken back) == TokenResult.Accept && back == token);

    [Fact]
    public void CurrencyCredit_EncodedAndDecoded_IsTheSame() => StsGen.CurrencyCredit.Sample(token =>
        CreditTokenCodec.Decode(CreditTokenCodec.Encode(token), out CurrencyCreditToken back) == TokenResult.Accept && back == token);

    [Fact]
    public void Management_EncodedAndDecoded_IsTheSame() => StsGen.Management.Sample(token =>
        ManagementTokenCodec.Decode(ManagementTokenCodec.Encode(token), out ManagementToken back) == TokenResult.Accept && back == token);

    [Fact]
    public void Proprietary_EncodedAndDecoded_IsTheSame() => Gen.Select(Gen.Int[11, 15], Gen.ULong[0, (1UL << 44) - 1]).Sample((sub, body) =>
    {
        var token = new ProprietaryToken((ManagementSubClass)sub, body);
        return ManagementTokenCodec.Decode(ManagementTokenCodec.Encode(token), out ProprietaryToken back) == TokenResult.Accept && back == token;
    });

    [Fact]
    public void MeterTest_EncodedAndDecoded_IsTheSame() => Gen.Select(Gen.Int[0, 2], Gen.ULong, Gen.Int[0, ushort.MaxValue]).Sample((form, bits, manufacturer) =>
    {
        var subClass = (MeterTestSubClass)form;
        bool isLong = subClass == MeterTestSubClass.FourDigitManufacturer;
        var token = new MeterTestToken(subClass, bits & MeterTestToken.AllTests(subClass), isLong ? manufacturer : manufacturer & 0xFF);
        return MeterTestTokenCodec.Decode(MeterTestTokenCodec.Encode(token), out MeterTestToken back) == TokenResult.Accept && back == token;
    });

    [Fact]
    public void Decode_WithAnyOneBitFlipped_IsNeverAccepted() => Gen.Select(StsGen.Credit, Gen.Int[0, 63]).Sample((token, bit) =>
        CreditTokenCodec.Decode(CreditTokenCodec.Encode(token) ^ (1UL << bit), out CreditToken _) != TokenResult.Accept);

    [Fact]
    public void Decode_UnitsAsCurrencyAndBack_IsAFunctionError()
    {
        var units = new CreditToken(CreditSubClass.Time, 1, TokenIdentifier.FromMinutes(9), new TransferAmount(7));
        var money = new CurrencyCreditToken(CreditSubClass.ElectricityCurrency, TokenIdentifier.FromMinutes(9), default);
        Assert.Equal(TokenResult.FunctionError, CreditTokenCodec.Decode(CreditTokenCodec.Encode(units), out CurrencyCreditToken _));
        Assert.Equal(TokenResult.FunctionError, CreditTokenCodec.Decode(CreditTokenCodec.Encode(money), out CreditToken _));
    }

    [Fact]
    public void Encode_FieldsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, 16, default, default)));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditTokenCodec.Encode(new CreditToken((CreditSubClass)4, 0, default, default)));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditTokenCodec.Encode(new CurrencyCreditToken(CreditSubClass.Time, default, default)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ManagementTokenCodec.Encode(new ManagementToken(ManagementSubClass.FirstKeyChange, 0, default, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ManagementTokenCodec.Encode(new ProprietaryToken(ManagementSubClass.Proprietary11, 1UL << 44)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeterTestTokenCodec.Encode(new MeterTestToken(MeterTestSubClass.TwoDigitManufacturer, 1UL << 36, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeterTestTokenCodec.Encode(new MeterTestToken(MeterTestSubClass.TwoDigitManufacturer, 0, 256)));
    }

    [Theory]
    [InlineData(63, 0u, true)]
    [InlineData(0, 0x3FFF_FFFFu, true)]
    [InlineData(64, 0u, false)]
    [InlineData(-1, 0u, false)]
    [InlineData(0, 0x4000_0000u, false)]
    public void ExtendedRead_FitsSixAndThirtyBits(int index, uint bits, bool fits)
    {
        Assert.Equal(fits, MeterTestToken.TryExtendedRead(index, bits, out MeterTestToken token));
        if (fits) Assert.Equal(index, token.ExtendedIndex);
    }

    [Theory]
    [InlineData(63, 1023, true)]
    [InlineData(64, 0, false)]
    [InlineData(0, 1024, false)]
    [InlineData(-1, 0, false)]
    public void ExtendedParameter_FitsSixAndTenBits(int index, int number, bool fits)
    {
        var parameter = new ExtendedParameter(index, number);
        Assert.Equal(fits, parameter.TryToField(out ushort field));
        if (fits) Assert.Equal(parameter, ExtendedParameter.FromField(field));
    }
}
