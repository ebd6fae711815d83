namespace Latchkey.Vending.Tests;

public sealed class KeyCeremonyTests
{
    private static readonly byte[] Whole = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
    private static readonly string CheckValue = KeyCeremony.CheckValueOf(Whole)!;

    [Fact]
    public void Combine_ThreeComponents_GivesTheKeyOfTheCheckValue()
    {
        byte[] key = new byte[20];
        Assert.Null(KeyCeremony.Combine(Components(3), " " + CheckValue.ToLowerInvariant(), key));
        Assert.Equal(Whole, key);
        Assert.Null(KeyCeremony.Combine([.. Components(5).Reverse()], CheckValue, key)); // in any order
    }

    [Fact]
    public void Combine_WhatIsNotTheKey_LeavesNothingOfIt()
    {
        IReadOnlyList<ReadOnlyMemory<byte>> good = Components(3);
        (string Code, IReadOnlyList<ReadOnlyMemory<byte>> Components, string CheckValue)[] cases =
        [
            ("too-few-components", [good[0], good[1]], CheckValue),
            ("too-few-components", Components(10), CheckValue),
            ("check-value-mismatch", good, "000000"),
            ("check-value-mismatch", [good[0], good[1], new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }], CheckValue),
            ("component-malformed", [good[0], good[1], good[2][..8]], CheckValue),
            ("component-malformed", [good[0], good[1], new byte[20]], CheckValue),
            ("component-malformed", [good[0], good[1], good[1]], CheckValue),
        ];
        foreach ((string code, IReadOnlyList<ReadOnlyMemory<byte>> components, string checkValue) in cases)
        {
            byte[] key = new byte[20];
            Assert.Equal(code, KeyCeremony.Combine(components, checkValue, key));
            Assert.Equal(new byte[20], key);
        }
    }

    [Fact]
    public void CheckValueOf_ALengthThatIsNoKeys_IsNull() => Assert.Null(KeyCeremony.CheckValueOf(new byte[7]));

    /// <summary>Parts whose exclusive or is the key, from a seed.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> Components(int count)
    {
        var random = new Random(7);
        byte[] last = [.. Whole];
        var parts = new List<ReadOnlyMemory<byte>>();
        for (int i = 0; i < count - 1; i++)
        {
            byte[] part = new byte[Whole.Length];
            random.NextBytes(part);
            for (int b = 0; b < last.Length; b++) last[b] ^= part[b];
            parts.Add(part);
        }

        parts.Add(last);
        return parts;
    }
}
