using System.Buffers.Binary;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Axdr;

/// <summary>Reads A-XDR from a span without copying. Every method returns false where the input does not hold what is asked; none throws.</summary>
/// <remarks>Source: IEC 61334-6 (A-XDR), as profiled by IEC 62056-5-3.</remarks>
public ref struct AxdrReader
{
    private readonly ReadOnlySpan<byte> _input;

    /// <summary>Starts at the first octet of <paramref name="input"/>.</summary>
    public AxdrReader(ReadOnlySpan<byte> input) => _input = input;

    /// <summary>Octets read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Octets not read yet.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _input[Position..];

    /// <summary>Whether the whole input was read.</summary>
    public readonly bool AtEnd => Position == _input.Length;

    /// <summary>Reads one octet.</summary>
    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (AtEnd) return false;
        value = _input[Position++];
        return true;
    }

    /// <summary>Reads one octet and says whether it is the expected one.</summary>
    public bool TryReadExact(byte expected) => TryReadByte(out byte value) && value == expected;

    /// <summary>Reads 16 bits, most significant octet first.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        bool read = TryReadOctets(sizeof(ushort), out ReadOnlySpan<byte> octets);
        value = read ? BinaryPrimitives.ReadUInt16BigEndian(octets) : (ushort)0;
        return read;
    }

    /// <summary>Reads 32 bits, most significant octet first.</summary>
    public bool TryReadUInt32(out uint value)
    {
        bool read = TryReadOctets(sizeof(uint), out ReadOnlySpan<byte> octets);
        value = read ? BinaryPrimitives.ReadUInt32BigEndian(octets) : 0;
        return read;
    }

    /// <summary>Reads exactly <paramref name="count"/> octets as a view.</summary>
    public bool TryReadOctets(int count, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if ((uint)count > (uint)(_input.Length - Position)) return false;
        octets = _input.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>Reads a length: one octet up to 7F, else 81 to 84 and that many octets. Longer than 2^31 - 1 is refused.</summary>
    public bool TryReadLength(out int length)
    {
        length = 0;
        if (!TryReadByte(out byte first)) return false;
        if (first < 0x80)
        {
            length = first;
            return true;
        }

        int octets = first & 0x7F;
        if (octets is 0 or > 4) return false;
        uint value = 0;
        for (int i = 0; i < octets; i++)
        {
            if (!TryReadByte(out byte next)) return false;
            value = (value << 8) | next;
        }

        if (value > int.MaxValue) return false;
        length = (int)value;
        return true;
    }

    /// <summary>Reads a length and that many octets; the length is judged against what is there before anything else.</summary>
    public bool TryReadOctetString(out ReadOnlySpan<byte> octets)
    {
        octets = default;
        return TryReadLength(out int length) && TryReadOctets(length, out octets);
    }

    /// <summary>Reads an OPTIONAL or BOOLEAN octet: 00 false, any other true.</summary>
    public bool TryReadFlag(out bool present)
    {
        bool read = TryReadByte(out byte value);
        present = value != 0;
        return read;
    }

    /// <summary>Reads the six octets of a logical name.</summary>
    public bool TryReadLogicalName(out LogicalName name)
    {
        name = default;
        return TryReadOctets(LogicalName.Size, out ReadOnlySpan<byte> octets) && LogicalName.TryRead(octets, out name);
    }

    /// <summary>Reads one whole data value, with all it holds, and checks that it is well formed.</summary>
    public bool TryReadData(out DataView value)
    {
        if (!DataView.TryRead(Remaining, out value, out int consumed)) return false;
        Position += consumed;
        return true;
    }
}
