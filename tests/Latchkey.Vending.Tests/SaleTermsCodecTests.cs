using System.Text;
using Latchkey.Tariffs;

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
    public void Decode_TermsWithNames_AreTheTerms()
    {
        SaleTerms named = Samples.Terms with { CustomerName = "王丽", TariffName = "Homelight 20A" };
        SaleTerms back = SaleTermsCodec.Decode(SaleTermsCodec.Encode(named));
        Assert.Equal(("王丽", "Homelight 20A"), (back.CustomerName, back.TariffName));
    }

    [Fact]
    public void Decode_TermsWithAResidue_AreTheTerms()
    {
        SaleTerms kept = Samples.Terms with { Lines = [.. Samples.Terms.Lines, new SaleLine(PriceLineKind.ResidueUsed, "a", null, null, -7), new SaleLine(PriceLineKind.ResidueKept, "b", null, null, 9)] };
        Assert.Equal(kept.Lines, SaleTermsCodec.Decode(SaleTermsCodec.Encode(kept)).Lines);
    }

    [Fact]
    public void Decode_TermsOfMoney_AreTheTerms()
    {
        SaleTerms money = Samples.Terms with { TenthsGranted = 0, PrepaidMinorUnits = 5_000 };
        SaleTerms back = SaleTermsCodec.Decode(SaleTermsCodec.Encode(money));
        Assert.Equal((true, 5_000), (back.IsMoney, back.PrepaidMinorUnits));
    }

    // After the place stand the two names since the third version, and the money for the meter since the fourth; nothing is one octet each.
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    public void Decode_TermsOfAVersionBefore_AreTheTermsWithoutWhatCameLater(byte version, int kept)
    {
        byte[] now = SaleTermsCodec.Encode(Samples.Terms), place = Encoding.UTF8.GetBytes(Samples.Terms.Place);
        int end = now.AsSpan().IndexOf(place) + place.Length;
        byte[] before = [version, .. now[1..(end + kept)], .. now[(end + 3)..]];
        SaleTerms back = SaleTermsCodec.Decode(before);
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
