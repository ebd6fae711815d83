using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Ledger;

/// <summary>Writes the fields of a canonical entry into bytes that are exactly as long as it.</summary>
internal ref struct CanonicalWriter(Span<byte> bytes)
{
    private Span<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Guid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    /// <summary>A text of names, which are ASCII: one byte of length before it.</summary>
    public void Ascii(string text)
    {
        Byte(checked((byte)text.Length));
        Encoding.ASCII.GetBytes(text, Take(text.Length));
    }

    public void Utf8(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        UInt16(checked((ushort)length));
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    private Span<byte> Take(int count)
    {
        Span<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
