using System.Text;

namespace Latchkey.Vending.Tests;

public sealed class SaleTermsCodecTests
{
    [Fact]
    public void Decode_WhatWasEncoded_IsTheTerms()
    {
        SaleTerms back = SaleTermsCodec.Decode(SaleTermsCodec.Encode(Samples.Terms));
        Assert.Equal(Samples.Terms.Lines, back.Lines);
        Assert.Equal(Samples.Terms with { Lines = back.Lines }, back);
    }

    [Fact]
    public void Encode_TheSameTermsTwice_GivesTheSameBytes() =>
        Assert.Equal(SaleTermsCodec.Encode(Samples.Terms), SaleTermsCodec.Encode(Samples.Terms with { }));

    [Fact]
    public void Decode_EveryPrefix_IsRefused()
    {
        byte[] bytes = SaleTermsCodec.Encode(Samples.Terms);
        Assert.All(Enumerable.Range(0, bytes.Length), n => Assert.Throws<FormatException>(() => SaleTermsCodec.Decode(bytes.AsMemory(0, n))));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"key":{"pan":"1"}}""")]
    public void Decode_WhatIsNoTerms_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => SaleTermsCodec.Decode(Encoding.UTF8.GetBytes(text)));
}
