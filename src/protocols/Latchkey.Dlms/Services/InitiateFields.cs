using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>What the two Initiate APDUs share.</summary>
internal static class InitiateFields
{
    // Conformance is BER inside A-XDR: tag 5F 1F, length 4, no unused bits.
    private static ReadOnlySpan<byte> ConformanceHead => [0x5F, 0x1F, 0x04, 0x00];

    public static bool TryReadConformance(scoped ref AxdrReader reader, out Conformance conformance)
    {
        conformance = default;
        if (!reader.TryReadOctets(ConformanceHead.Length, out ReadOnlySpan<byte> head) || !head.SequenceEqual(ConformanceHead)) return false;
        if (!reader.TryReadOctets(3, out ReadOnlySpan<byte> bits)) return false;
        conformance = (Conformance)((bits[0] << 16) | (bits[1] << 8) | bits[2]);
        return true;
    }

    public static void WriteConformance(ref AxdrWriter writer, Conformance conformance)
    {
        int bits = (int)conformance;
        writer.WriteOctets(ConformanceHead);
        writer.WriteOctets([(byte)((bits >> 16) & 0xFF), (byte)((bits >> 8) & 0xFF), (byte)(bits & 0xFF)]);
    }

    public static bool TryReadQuality(scoped ref AxdrReader reader, out byte? quality)
    {
        quality = null;
        if (!reader.TryReadFlag(out bool present)) return false;
        if (!present) return true;
        if (!reader.TryReadByte(out byte value)) return false;
        quality = value;
        return true;
    }

    public static void WriteQuality(ref AxdrWriter writer, byte? quality)
    {
        if (quality is byte value) writer.WriteOctets([1, value]);
        else writer.WriteByte(0);
    }
}
