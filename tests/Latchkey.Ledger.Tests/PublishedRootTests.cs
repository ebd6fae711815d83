using System.Security.Cryptography;

namespace Latchkey.Ledger.Tests;

public sealed class PublishedRootTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(2));
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ChainHash Head = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void TryParse_WhatWasPublished_IsTheRootAndItsSignatureHolds()
    {
        PublishedRoot root = PublishedRoot.Sign(Key, "Riverside Park", 17, Head, Noon);
        Assert.True(PublishedRoot.TryParse(root.Document, out PublishedRoot? read));
        Assert.Equal((root.Keeper, root.Sequence, root.Head, root.At), (read!.Keeper, read.Sequence, read.Head, read.At));
        Assert.True(read.IsSignedBy(Key));
        Assert.True(PublishedRoot.TryParse(root.Document.ReplaceLineEndings("\r\n"), out read) && read!.IsSignedBy(Key));
    }

    [Theory]
    [InlineData("entry: 17", "entry: 18")]
    [InlineData("0203", "0204")]
    [InlineData("Riverside", "Riversida")]
    [InlineData("10:00:00Z", "10:00:01Z")]
    public void IsSignedBy_AfterAnyChange_IsFalse(string from, string to)
    {
        string changed = PublishedRoot.Sign(Key, "Riverside Park", 17, Head, Noon).Document.Replace(from, to);
        Assert.True(PublishedRoot.TryParse(changed, out PublishedRoot? read));
        Assert.False(read!.IsSignedBy(Key));
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(PublishedRoot.Sign(Key, "A", 1, Head, Noon).IsSignedBy(other));
    }

    [Fact]
    public void TryParse_EveryPrefixOfADocument_IsRefusedOrTheWhole()
    {
        string document = PublishedRoot.Sign(Key, "Riverside Park", 17, Head, Noon).Document;
        Assert.All(Enumerable.Range(0, document.Length - 1), n => Assert.False(PublishedRoot.TryParse(document[..n], out _)));
        Assert.False(PublishedRoot.TryParse(null, out _));
        Assert.False(PublishedRoot.TryParse(document + "more\n", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void Sign_AKeeperThatIsNoName_Throws(string keeper) => Assert.Throws<ArgumentException>(() => PublishedRoot.Sign(Key, keeper, 1, Head, Noon));
}
