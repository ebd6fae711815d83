using System.Buffers;
using System.Buffers.Binary;

namespace Latchkey.ModuleLink.Frames;

/// <summary>The byte protocol between a meter and its plug-in communication module.</summary>
/// <remarks>
/// <c>7E | length:2 | sequence:1 | type:1 | payload | CRC-32C:4</c>, numbers big-endian; the length counts the payload, the CRC covers length to payload.
/// Nothing is stuffed: a reader that meets a bad CRC looks for the next 7E after the one that misled it.
/// </remarks>
public static class FrameCodec
{
    public const byte StartByte = 0x7E;
    public const int MaxPayload = 768;
    public const int HeaderLength = 5;
    public const int CrcLength = 4;
    public const int Overhead = HeaderLength + CrcLength;
    public const int MaxLength = Overhead + MaxPayload;

    /// <summary>Writes one frame and returns its length.</summary>
    public static int Write(FrameType type, byte sequence, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload, nameof(payload));
        destination[0] = StartByte;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)payload.Length);
        destination[3] = sequence;
        destination[4] = (byte)type;
        payload.CopyTo(destination[HeaderLength..]);
        int covered = HeaderLength + payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(destination[covered..], Crc32C.Compute(destination[1..covered]));
        return covered + CrcLength;
    }

    public static byte[] Encode(FrameType type, byte sequence, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Overhead + payload.Length];
        Write(type, sequence, payload, frame);
        return frame;
    }

    /// <summary>Reads the first frame of <paramref name="input"/>, skipping bytes that cannot begin one.</summary>
    /// <param name="input">What has arrived and was not consumed yet.</param>
    /// <param name="frame">A view into <paramref name="input"/> when <see cref="OperationStatus.Done"/>.</param>
    /// <param name="consumed">How much to drop before the next call: always at least one byte unless more is needed.</param>
    /// <returns>Done, NeedMoreData, or InvalidData for garbage that was skipped (the caller counts it and calls again).</returns>
    public static OperationStatus Read(ReadOnlySpan<byte> input, out ModuleFrame frame, out int consumed) => Read(input, out frame, out consumed, out _);

    internal static OperationStatus Read(ReadOnlySpan<byte> input, out ModuleFrame frame, out int consumed, out int examined)
    {
        frame = default;
        consumed = 0;
        examined = 0;
        if (input.IsEmpty) return OperationStatus.NeedMoreData;
        if (input[0] != StartByte)
        {
            int start = input.IndexOf(StartByte);
            consumed = start < 0 ? input.Length : start;
            return OperationStatus.InvalidData;
        }

        if (input.Length < HeaderLength) return OperationStatus.NeedMoreData;

        // The length is judged before the body is awaited: a hostile module must not make the meter wait for a frame that cannot be.
        int length = BinaryPrimitives.ReadUInt16BigEndian(input[1..]);
        if (length > MaxPayload) return Skip(out consumed);
        if (input.Length < Overhead + length) return OperationStatus.NeedMoreData;

        int covered = HeaderLength + length;
        examined = covered;
        if (BinaryPrimitives.ReadUInt32BigEndian(input[covered..]) != Crc32C.Compute(input[1..covered])) return Skip(out consumed);

        frame = new ModuleFrame { Sequence = input[3], Type = (FrameType)input[4], Payload = input[HeaderLength..covered] };
        consumed = covered + CrcLength;
        return OperationStatus.Done;
    }

    private static OperationStatus Skip(out int consumed)
    {
        consumed = 1;
        return OperationStatus.InvalidData;
    }
}
