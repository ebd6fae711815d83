using System.Buffers.Binary;

namespace Latchkey.Simulator.Physics;

/// <summary>RIFF/WAVE with 16-bit PCM: how sound cards record currents.</summary>
internal static class WaveFile
{
    private const int HeaderSize = 12;
    private const int ChunkHeader = 8;
    private const int FormatSize = 16;
    private const int MostChannels = 8;

    public static bool IsWave(ReadOnlySpan<byte> bytes) =>
        bytes.Length > HeaderSize && bytes[..4].SequenceEqual("RIFF"u8) && bytes[8..12].SequenceEqual("WAVE"u8);

    /// <summary>Reads the channels; false where it is not 16-bit PCM or is cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out double[][] channels, out int rateHz, out string reason)
    {
        (channels, rateHz, reason) = ([], 0, "not a WAVE file of 16-bit samples");
        int count = 0;
        for (int at = HeaderSize; at <= bytes.Length - ChunkHeader;)
        {
            ReadOnlySpan<byte> kind = bytes.Slice(at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            ReadOnlySpan<byte> body = bytes[(at + ChunkHeader)..];
            if (length < body.Length) body = body[..(int)length];
            if (kind.SequenceEqual("fmt "u8))
            {
                if (body.Length < FormatSize || BinaryPrimitives.ReadUInt16LittleEndian(body[14..]) != 16) return false;
                count = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
                uint rate = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
                if (count is 0 or > MostChannels || rate > int.MaxValue) return false;
                rateHz = (int)rate;
            }
            else if (kind.SequenceEqual("data"u8) && count > 0)
            {
                channels = Recording.Integers(body, 2, count);
                reason = "";
                return true;
            }

            long next = at + ChunkHeader + (long)length + (length & 1);
            if (next > bytes.Length) return false;
            at = (int)next;
        }

        return false;
    }
}
