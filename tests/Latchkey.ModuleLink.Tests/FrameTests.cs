using System.Buffers;
using CsCheck;
using Latchkey.ModuleLink.Frames;

namespace Latchkey.ModuleLink.Tests;

public sealed class FrameTests
{
    private sealed record Sent(FrameType Type, byte Sequence, string Payload);

    private static readonly Gen<(FrameType Type, byte Sequence, byte[] Payload)> Frames =
        Gen.Select(Gen.Enum<FrameType>(), Gen.Byte, Gen.Byte.Array[0, 200], (t, s, p) => (t, s, p));

    [Fact]
    public void Crc32C_OfTheCheckString_IsThePublishedValue() => Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Crc32C_InParts_EqualsTheWhole() => Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, 64]).Sample((bytes, cut) =>
    {
        cut = Math.Min(cut, bytes.Length);
        return Crc32C.Continue(Crc32C.Compute(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)) == Crc32C.Compute(bytes);
    });

    [Fact]
    public void Read_EveryPrefix_NeedsMoreData() => Frames.Sample(f =>
    {
        byte[] bytes = FrameCodec.Encode(f.Type, f.Sequence, f.Payload);
        return Enumerable.Range(0, bytes.Length).All(n => FrameCodec.Read(bytes.AsSpan(0, n), out _, out int consumed) == OperationStatus.NeedMoreData && consumed == 0);
    });

    [Fact]
    public void Read_AnyOneBitFlipped_NeverYieldsTheFrame() => Gen.Select(Frames, Gen.Int[0, 8 * 250]).Sample((f, bit) =>
    {
        byte[] bytes = FrameCodec.Encode(f.Type, f.Sequence, f.Payload);
        bit %= bytes.Length * 8;
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return FrameCodec.Read(bytes, out _, out _) != OperationStatus.Done;
    });

    [Fact]
    public void Assembler_FramesInAnySplit_ComeOutWholeAndInOrder() => Gen.Select(Frames.Array[1, 8], Gen.Int[1, 60]).Sample((frames, step) =>
    {
        byte[] wire = [.. frames.SelectMany(f => FrameCodec.Encode(f.Type, f.Sequence, f.Payload))];
        return Received(wire, step).SequenceEqual(frames.Select(f => new Sent(f.Type, f.Sequence, Convert.ToHexString(f.Payload))));
    });

    // Garbage may swallow the frame it runs into (it may look like a header with a length), never the one after a full-length silence.
    [Fact]
    public void Assembler_AfterAnyGarbage_ReadsTheNextFrameOnceTheLineWasReset() => Gen.Select(Gen.Byte.Array[0, 900], Frames).Sample((garbage, f) =>
    {
        var assembler = new FrameAssembler();
        Drain(assembler, garbage, 64, []);
        assembler.Reset();
        var received = new List<Sent>();
        Drain(assembler, FrameCodec.Encode(f.Type, f.Sequence, f.Payload), 7, received);
        return received.Count == 1 && received[0].Payload == Convert.ToHexString(f.Payload);
    });

    [Fact]
    public void Assembler_FloodOfStartBytes_KeepsItsBound()
    {
        var assembler = new FrameAssembler();
        Drain(assembler, Enumerable.Repeat(FrameCodec.StartByte, 100_000).ToArray(), 512, []);
        Assert.InRange(assembler.Free, 1, FrameCodec.MaxLength);
        Assert.True(assembler.GarbageBytes > 99_000);
    }

    [Fact]
    public void Read_LengthBeyondTheLimit_IsJudgedBeforeTheBody() =>
        Assert.Equal(OperationStatus.InvalidData, FrameCodec.Read([FrameCodec.StartByte, 0xFF, 0xFF, 0, 1], out _, out _));

    [Fact]
    public void Descriptor_RoundTrip_IsEqual()
    {
        var descriptor = new CapabilityDescriptor(ModuleKind.NbIot, 123_456_789, 0x010203, 512, 16, 120, 500, AlwaysReachable: false);
        Assert.True(CapabilityDescriptor.TryDecode(descriptor.Encode(), out CapabilityDescriptor? back));
        Assert.Equal(descriptor, back);
    }

    [Fact]
    public void Descriptor_ArbitraryBytes_NeverThrows() => Gen.Byte.Array[0, 40].Sample(bytes => CapabilityDescriptor.TryDecode(bytes, out _) || true);

    [Fact]
    public void EveryTransmittedEnum_KeepsItsNumbers()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Enum.GetValues<FrameType>().Select(v => (int)v));
        Assert.Equal([1, 2, 3, 4, 5, 6], Enum.GetValues<ModuleKind>().Select(v => (int)v));
    }

    private static List<Sent> Received(byte[] wire, int step)
    {
        var received = new List<Sent>();
        Drain(new FrameAssembler(), wire, step, received);
        return received;
    }

    private static void Drain(FrameAssembler assembler, ReadOnlySpan<byte> wire, int step, List<Sent> received)
    {
        while (!wire.IsEmpty)
        {
            int taken = assembler.Push(wire[..Math.Min(step, wire.Length)]);
            wire = wire[taken..];
            while (assembler.TryTake(out ModuleFrame frame))
                received.Add(new Sent(frame.Type, frame.Sequence, Convert.ToHexString(frame.Payload)));
        }
    }
}
