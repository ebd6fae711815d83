using System.Buffers;
using CsCheck;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Link.Hdlc;

namespace Latchkey.Dlms.Tests;

public sealed class HostileInputTests
{
    [Fact]
    public void EveryPrefixAndEverySplitOfEveryVector_GivesAResult()
    {
        int taken = 0;
        foreach (byte[] octets in VectorFile.Octets)
        {
            int step = octets.Length > 400 && !LongRun.IsOn ? 7 : 1;
            for (int length = 0; length <= octets.Length; length += step)
            {
                taken += EveryReader.Try(octets.AsSpan(0, length));
                taken += EveryReader.Try(octets.AsSpan(length));
            }
        }

        Assert.True(taken > VectorFile.All.Length, "the readers took next to nothing: the test has lost its subject");
    }

    [Fact]
    public void EverySingleBitFlipOfEveryVector_GivesAResult_InMemoryOfItsOwnSize()
    {
        int taken = 0;
        var random = new Mutator([[]], LongRun.Seed);
        byte[][] vectors = [.. VectorFile.Octets];
        foreach (byte[] octets in vectors) taken += EveryReader.Try(octets);
        foreach (byte[] octets in vectors)
        {
            // Of the long ones a sample drawn by the seed; with LATCHKEY_LONG=1 every bit.
            bool all = octets.Length <= 400 || LongRun.IsOn;
            for (int bit = 0; bit < octets.Length * 8; bit += all ? 1 : 1 + random.Below(64))
            {
                octets[bit >> 3] ^= (byte)(1 << (bit & 7));
                long before = GC.GetAllocatedBytesForCurrentThread();
                taken += EveryReader.Try(octets);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated <= octets.Length + 4_096, $"{allocated} bytes for {Convert.ToHexString(octets)}");
                octets[bit >> 3] ^= (byte)(1 << (bit & 7));
            }
        }

        Assert.True(taken > 1000, "the readers took next to nothing: the test has lost its subject");
    }

    [Fact]
    public void ArbitraryOctets_GiveAResult() => Gen.Byte.Array[0, 200].Sample(octets => EveryReader.Try(octets) >= 0, iter: 20_000);

    [Fact]
    public void ArbitraryOctetsBehindEveryTag_GiveAResult() =>
        Gen.Select(Gen.Byte, Gen.Byte[0, 6], Gen.Byte.Array[0, 60]).Sample((tag, type, rest) => EveryReader.Try([tag, type, .. rest]) >= 0, iter: 40_000);

    [Fact]
    public void EveryReader_OnAnyVector_AllocatesNothingByTheInputsWord()
    {
        // A length of 2 GiB in five octets: nothing may be taken for it.
        byte[][] greedy = [[0x09, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x01, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0xC4, 0x03, 0xC1, 0x84, 0x7F, 0xFF, 0xFF, 0xFF]];
        foreach (byte[] octets in greedy) EveryReader.Try(octets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] octets in greedy) EveryReader.Try(octets);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public void Data_NestedSixteenDeep_IsTaken_SeventeenDeepRefused()
    {
        byte[] Nested(int depth) => [.. Enumerable.Repeat<byte[]>([0x02, 0x01], depth).SelectMany(x => x), 0x00];
        Assert.True(DataView.TryReadWhole(Nested(16), out _));
        Assert.False(DataView.TryReadWhole(Nested(17), out _));
    }

    [Fact]
    public void Data_NestedAMillionDeep_IsRefusedWithoutRecursion()
    {
        byte[] deep = [.. Enumerable.Repeat<byte[]>([0x02, 0x01], 500_000).SelectMany(x => x), 0x00];
        Assert.False(DataView.TryReadWhole(deep, out _));
    }

    [Theory]
    [InlineData("130000")] // no octets per element: any number of elements
    [InlineData("13000101")] // content for elements that take none
    [InlineData("1301ffff00020000")] // an array of 65535 times nothing
    [InlineData("1301000011 00")] // an array of no elements
    [InlineData("13020001 00")] // a structure of no members
    public void CompactArray_OfTypesWithoutContent_IsRefused(string hex) =>
        Assert.False(DataView.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _, out _));

    [Fact]
    public void HdlcStream_InAnySplitAndWithNoise_GivesTheSameFrames()
    {
        byte[] one = VectorFile.Hex("gx-hdlc-4-s2c", "apdu");
        byte[] two = VectorFile.Hex("gx-hdlc-1-c2s", "apdu");
        byte[] stream = [0x00, 0x7E, 0x12, .. one, .. two.AsSpan(1), 0xFF, .. one];
        Gen.Int[1, 40].Array[1, 20].Sample(sizes =>
        {
            var pending = new List<byte>();
            int frames = 0;
            int offset = 0;
            for (int i = 0; offset < stream.Length; i++)
            {
                int size = Math.Min(sizes[i % sizes.Length], stream.Length - offset);
                pending.AddRange(stream.AsSpan(offset, size));
                offset += size;
                while (HdlcFrame.Read(pending.ToArray(), out _, out int consumed) is OperationStatus status)
                {
                    pending.RemoveRange(0, consumed);
                    if (status != OperationStatus.Done) break;
                    frames++;
                }
            }

            return frames == 3;
        });
    }

    [Fact]
    public void HdlcFrame_WithAnyOneBitFlipped_IsNeverTaken()
    {
        byte[] frame = VectorFile.Hex("gx-hdlc-4-c2s", "apdu");
        for (int bit = 8; bit < (frame.Length - 1) * 8; bit++)
        {
            frame[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.Equal(OperationStatus.NeedMoreData, HdlcFrame.Read(frame, out _, out _));
            frame[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }
}
