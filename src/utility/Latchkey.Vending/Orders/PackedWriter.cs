using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Vending;

/// <summary>Writes the fields of a stored record one after the other: integers as seven-bit groups, text with its length before it.</summary>
internal ref struct PackedWriter(Span<byte> scratch)
{
    private Span<byte> _bytes = scratch;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    public void Byte(byte value) => Room(1)[0] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Small numbers of either sign take one byte.</summary>
    public void Integer(long value)
    {
        ulong rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        while (rest >= 0x80)
        {
            Byte((byte)(0x80 | (rest & 0x7F)));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    public void Text(string? value)
    {
        if (value is null)
        {
            Integer(-1);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        Integer(length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        Integer(value.Length);
        value.CopyTo(Room(value.Length));
    }

    private Span<byte> Room(int count)
    {
        if (_length + count > _bytes.Length)
        {
            byte[] larger = new byte[Math.Max(_bytes.Length * 2, _length + count)];
            _bytes[.._length].CopyTo(larger);
            _bytes = larger;
        }

        Span<byte> room = _bytes.Slice(_length, count);
        _length += count;
        return room;
    }
}
