using CsCheck;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.ModuleLink.Tests;

/// <summary>Every reader takes anything: an answer, no exception, in bounded work. With LATCHKEY_LONG=1 for sixty seconds each.</summary>
public sealed class FuzzTests
{
    private const long Mark = 2_000;
    private static readonly int Seconds = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 60 : 1;

    // Bytes in which frames begin everywhere, and whole frames among them.
    private static readonly Gen<byte[]> Wire = Gen.OneOf(
        Gen.Byte.Array[0, 900],
        Gen.OneOf<byte>(Gen.Const((byte)0x7E), Gen.Byte[0, 3], Gen.Const((byte)0xF0)).Array[0, 900],
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Byte, (payload, type) => FrameCodec.Encode((FrameType)type, 1, payload)));

    [Fact]
    public void AnyWire_IsReadWithinTheWorkAllowed() => Gen.Select(Wire.Array[1, 6], Gen.Int[1, 300]).Sample((pieces, step) =>
    {
        var assembler = new FrameAssembler();
        foreach (byte[] part in pieces.SelectMany(p => p).Chunk(step))
        {
            ReadOnlySpan<byte> rest = part;
            while (!rest.IsEmpty)
            {
                int taken = assembler.Push(rest);
                rest = rest[taken..];
                long before = assembler.CheckedBytes;
                while (assembler.TryTake(before + Mark, out _))
                {
                }

                // One frame may be under way when the mark is reached, and no more.
                if (assembler.CheckedBytes > before + Mark + FrameCodec.MaxLength) return false;
                if (taken == 0 && assembler.Free == 0) while (assembler.TryTake(out _)) { }
            }
        }

        return true;
    }, time: Seconds);

    // Stopped at every mark and gone on, the reader finds what one that was never stopped finds.
    [Fact]
    public void AReaderThatIsStopped_FindsTheSameFrames() => Gen.Select(Wire, Gen.Long[1, 900]).Sample((bytes, mark) =>
    {
        FrameAssembler whole = new(), stopped = new();
        whole.Push(bytes);
        stopped.Push(bytes);
        var expected = new List<byte>();
        while (whole.TryTake(out ModuleFrame frame)) expected.Add((byte)frame.Type);
        var found = new List<byte>();
        for (int i = 0; i < 2_000; i++)
        {
            while (stopped.TryTake(stopped.CheckedBytes + mark, out ModuleFrame frame)) found.Add((byte)frame.Type);
        }

        return expected.SequenceEqual(found);
    }, time: Seconds);

    [Fact]
    public void AnyMessage_IsDecodedOrRefused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        bool decoded = MeterMessageCodec.TryDecode(bytes, out MeterMessage? message);
        return decoded == (message is not null) && (!decoded || MeterMessageCodec.Encode(message!).AsSpan().SequenceEqual(bytes));
    }, time: Seconds);

    [Fact]
    public void AnyDescriptor_IsReadOrRefused() => Gen.Byte.Array[0, 60].Sample(
        bytes => CapabilityDescriptor.TryDecode(bytes, out CapabilityDescriptor? descriptor) == (descriptor is not null), time: Seconds);

    [Fact]
    public void NoBytes_OpenAnEnvelopeWithoutItsKey() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        using var key = new MessageKey(new byte[16]);
        return MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, bytes, out _, out ReadOnlySpan<byte> body) != EnvelopeResult.Opened && body.IsEmpty;
    }, time: Seconds);
}
