using System.Buffers.Binary;

namespace Latchkey.ModuleLink.Messages;

/// <summary>One entry of the register map: where, how many registers of 16 bits, what.</summary>
public readonly record struct RegisterEntry(int Address, int Count, string Meaning, string Unit);

/// <summary>What a meter shows on a field bus: plain numbers, read-only, high word first. It holds no secret and takes no command.</summary>
/// <remarks>The map is our own; it follows no product's.</remarks>
public static class RegisterImage
{
    /// <summary>Registers in all.</summary>
    public const int Count = 40;

    public const ushort MapVersion = 1;

    public static IReadOnlyList<RegisterEntry> Map { get; } =
    [
        new(0, 1, "version of this map", ""),
        new(1, 1, "model, 31, 33 or 37", ""),
        new(2, 4, "meter number", ""),
        new(6, 2, "active energy, import", "Wh"),
        new(8, 2, "active energy, export", "Wh"),
        new(10, 2, "balance, signed", "0.001 kWh or currency unit"),
        new(12, 2, "active power, signed", "W"),
        new(14, 1, "frequency", "0.01 Hz"),
        new(15, 1, "supply: 0 off, 1 on, 2 ready to reconnect", ""),
        new(16, 2, "why the supply is off, bits", ""),
        new(18, 2, "tampers that wait for a token, bits", ""),
        new(20, 3, "voltage of L1, L2, L3", "0.1 V"),
        new(23, 3, "current of L1, L2, L3", "0.01 A"),
        new(26, 2, "starts of the meter", ""),
        new(28, 2, "running time", "s"),
        new(30, 10, "reserved, 0", ""),
    ];

    /// <summary>As the payload of a frame, big-endian.</summary>
    public static byte[] Encode(ReadOnlySpan<ushort> registers)
    {
        byte[] bytes = new byte[registers.Length * 2];
        for (int i = 0; i < registers.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), registers[i]);
        return bytes;
    }

    /// <summary>False unless it is exactly one image.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out ushort[] registers)
    {
        registers = [];
        if (payload.Length != Count * 2) return false;
        registers = new ushort[Count];
        for (int i = 0; i < Count; i++) registers[i] = BinaryPrimitives.ReadUInt16BigEndian(payload[(i * 2)..]);
        return true;
    }

    /// <summary>A number over several registers, high word first; what does not fit is cut to what does.</summary>
    public static void Put(Span<ushort> registers, int address, int count, long value)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            registers[address + i] = unchecked((ushort)value);
            value >>= 16;
        }
    }
}
