using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class TokenNumberTests
{
    private const string LastToken = "73786976294838206463";

    [Fact]
    public void FromBlock_ItsClassAndBlock_ComeBack() => Gen.Select(Gen.Int[0, 3], Gen.ULong).Sample((c, block) =>
    {
        TokenNumber token = TokenNumber.FromBlock((TokenClass)c, block);
        return (int)token.Class == c && token.Block == block;
    });

    [Fact]
    public void TextAndBytes_LeadBack() => StsGen.AnyToken.Sample(token =>
    {
        Span<byte> nine = stackalloc byte[TokenNumber.ByteCount];
        token.WriteBytes(nine);
        Span<char> digits = stackalloc char[TokenNumber.DigitCount];
        return TokenNumber.TryReadBytes(nine, out TokenNumber fromBytes) && fromBytes == token
            && TokenNumber.Parse(token.ToString()) == token && TokenNumber.Parse(token.ToGroupedString()) == token
            && token.TryFormat(digits) && digits.SequenceEqual(token.ToString());
    });

    [Theory]
    [InlineData("1234-5678-9012-3456-7890", true)]
    [InlineData("1234 5678 9012 3456 7890", true)]
    [InlineData("12345678 901234567890", true)]
    [InlineData(" 1234 5678 9012 3456 7890", false)]
    [InlineData("1234  5678 9012 3456 7890", false)]
    [InlineData("123 45678 9012 3456 7890", false)]
    [InlineData("1234 5678 9012 3456 7890 ", false)]
    [InlineData("1234567890123456789", false)]
    [InlineData("123456789012345678901", false)]
    [InlineData("１2345678901234567890", false)]
    [InlineData(LastToken, true)]
    [InlineData("73786976294838206464", false)]
    [InlineData("99999999999999999999", false)]
    public void TryParse_TakesTwentyDigitsInGroupsBelowTwoToThe66(string text, bool taken) => Assert.Equal(taken, TokenNumber.TryParse(text, out _));

    [Fact]
    public void ToString_KeepsLeadingZeros() => Assert.Equal("00000000000150997584", TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, 0x0000000001000A50).ToString());

    [Theory]
    [InlineData(8, 0)]
    [InlineData(10, 0)]
    [InlineData(9, 4)]
    public void TryReadBytes_WrongLengthOrMoreThan66Bits_IsRefused(int length, byte first)
    {
        byte[] bytes = new byte[length];
        bytes[0] = first;
        Assert.False(TokenNumber.TryReadBytes(bytes, out _));
    }
}
