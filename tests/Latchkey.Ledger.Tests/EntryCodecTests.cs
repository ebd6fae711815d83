using CsCheck;
using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class EntryCodecTests
{
    private static readonly JournalEntry Sample = HeldSale(2, 400, Noon.AddMinutes(5)) with { Memo = "购电 order 7" };

    [Fact]
    public void Decode_WhatWasEncoded_IsTheEntry()
    {
        Assert.True(EntryCodec.TryDecode(EntryCodec.Encode(7, Sample), out long sequence, out JournalEntry? entry));
        Assert.Equal(7, sequence);
        Assert.True(entry!.HasSameContentAs(Sample));
        Assert.Equal(Sample.At, entry.At);
    }

    // The bytes are hashed for ever: a change of the encoding would break every ledger that exists.
    [Fact]
    public void Encode_AKnownEntry_GivesTheseBytes() => Assert.Equal(
        "01000000000000000700000002000000000000000000000001" + "02" + "000660dc3778d000" + "00" + "01" + "000660dc495a7300"
        + "0004" + "73616c65" + "0002"
        + "0c" + "666c6f61743a73686f702d37" + "03" + "434e59" + "0000000000000190"
        + "0e" + "726576656e75653a656e65726779" + "03" + "434e59" + "fffffffffffffe70",
        Convert.ToHexStringLower(EntryCodec.Encode(7, HeldSale(2, 400, Noon.AddMinutes(5)))));

    [Fact]
    public void Decode_EveryPrefix_IsRefused()
    {
        byte[] bytes = EntryCodec.Encode(7, Sample);
        Assert.All(Enumerable.Range(0, bytes.Length), n => Assert.False(EntryCodec.TryDecode(bytes.AsSpan(0, n), out _, out _)));
        Assert.False(EntryCodec.TryDecode([.. bytes, 0], out _, out _));
    }

    [Fact]
    public void Decode_ArbitraryBytes_NeverThrowsAndReencodesToItself() => Gen.Byte.Array[0, 120].Sample(bytes =>
    {
        if (EntryCodec.TryDecode(bytes, out long sequence, out JournalEntry? entry)) Assert.Equal(bytes, EntryCodec.Encode(sequence, entry!));
    });

    [Fact]
    public void Decode_ASpoiledEntry_IsRefusedOrReencodesToItself() =>
        Gen.Select(Gen.Int[0, 500], Gen.Byte).Sample((at, value) =>
        {
            byte[] bytes = EntryCodec.Encode(7, Sample);
            bytes[at % bytes.Length] = value;
            if (EntryCodec.TryDecode(bytes, out long sequence, out JournalEntry? entry)) Assert.Equal(bytes, EntryCodec.Encode(sequence, entry!));
        });

    [Theory]
    [InlineData("")]
    [InlineData("Bank")]
    [InlineData("a b")]
    [InlineData("konto:ä")]
    public void AccountId_OfOtherCharacters_IsRefused(string text) => Assert.False(AccountId.TryParse(text, out _));

    [Fact]
    public void ChainHash_OfTheFirstEntry_IsSha256OfZerosAndBytes()
    {
        byte[] canonical = EntryCodec.Encode(1, Sample);
        byte[] expected = System.Security.Cryptography.SHA256.HashData([.. new byte[32], .. canonical]);
        Assert.Equal(Convert.ToHexStringLower(expected), ChainHash.Genesis.Next(canonical).ToString());
    }
}
