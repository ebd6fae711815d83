using System.Buffers.Binary;
using System.Numerics;

namespace Latchkey.ModuleLink;

/// <summary>CRC-32C (Castagnoli), as module frames and journal slots carry it.</summary>
/// <remarks>Polynomial 1EDC6F41, reflected, initial value and final XOR FFFFFFFF; the check value of "123456789" is E3069283. Source: RFC 3720, B.4.</remarks>
public static class Crc32C
{
    /// <summary>The CRC of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Continue(0, bytes);

    /// <summary>The CRC of an earlier part followed by <paramref name="bytes"/>; 0 stands for an empty earlier part.</summary>
    public static uint Continue(uint earlier, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~earlier;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
