using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Vending;

/// <summary>Reads what <see cref="PackedWriter"/> wrote; the first field that is not there makes it throw, and nothing is allocated for it.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new FormatException("A stored flag is neither 0 nor 1."),
    };

    public long Integer()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new FormatException("A stored number is too long.");
    }

    public int Count(int limit) => Integer() is var count and >= 0 && count <= limit ? (int)count : throw new FormatException("A stored list is too long.");

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public string? TextOrNull() => Integer() is var length and >= 0 ? StrictUtf8.GetString(Take(length)) : null;

    public string Text() => TextOrNull() ?? throw new FormatException("A stored text is missing.");

    public ReadOnlySpan<byte> Bytes() => Take(Integer());

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length) throw new FormatException("A stored record ends too early.");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
