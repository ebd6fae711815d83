using System.Buffers.Binary;

namespace Latchkey.Meter.Journal;

/// <summary>Reads the fields of a record; past its end everything is zero and <see cref="Ok"/> turns false.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public bool Ok { get; private set; } = true;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1) is { Length: > 0 } b ? b[0] : (byte)0;

    public ushort UInt16() => Take(sizeof(ushort)) is { Length: > 0 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : (ushort)0;

    public uint UInt24()
    {
        ReadOnlySpan<byte> b = Take(3);
        return b.IsEmpty ? 0 : (uint)(b[0] | (b[1] << 8) | (b[2] << 16));
    }

    public uint UInt32() => Take(sizeof(uint)) is { Length: > 0 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    public long Int64() => Take(sizeof(long)) is { Length: > 0 } b ? BinaryPrimitives.ReadInt64LittleEndian(b) : 0;

    public long Packed()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return unchecked((long)(value >> 1) ^ -(long)(value & 1));
        }

        Ok = false;
        return 0;
    }

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Ok = false;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
