using System.Buffers.Binary;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Axdr;

/// <summary>Writes A-XDR into a span. Where the span is too small nothing more is written and <see cref="Overflowed"/> becomes true.</summary>
/// <remarks>Source: IEC 61334-6 (A-XDR), as profiled by IEC 62056-5-3.</remarks>
public ref struct AxdrWriter
{
    private readonly Span<byte> _output;

    /// <summary>Starts at the first octet of <paramref name="output"/>.</summary>
    public AxdrWriter(Span<byte> output) => _output = output;

    /// <summary>Octets written so far.</summary>
    public int Position { get; private set; }

    /// <summary>Whether something did not fit; what was written before is intact, but the whole is not.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _output[..Position];

    /// <summary>The octets still free.</summary>
    public readonly int Free => Overflowed ? 0 : _output.Length - Position;

    /// <summary>Takes back everything written after <paramref name="position"/>, an overflow included.</summary>
    public void Rewind(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        Position = position;
        Overflowed = false;
    }

    /// <summary>Reserves <paramref name="count"/> octets for the caller to fill; empty after an overflow.</summary>
    public Span<byte> Take(int count)
    {
        if (Overflowed || count > _output.Length - Position)
        {
            Overflowed = true;
            return default;
        }

        Span<byte> taken = _output.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Writes one octet.</summary>
    public void WriteByte(byte value)
    {
        Span<byte> target = Take(1);
        if (!target.IsEmpty) target[0] = value;
    }

    /// <summary>Writes 16 bits, most significant octet first.</summary>
    public void WriteUInt16(ushort value)
    {
        Span<byte> target = Take(sizeof(ushort));
        if (!target.IsEmpty) BinaryPrimitives.WriteUInt16BigEndian(target, value);
    }

    /// <summary>Writes 32 bits, most significant octet first.</summary>
    public void WriteUInt32(uint value)
    {
        Span<byte> target = Take(sizeof(uint));
        if (!target.IsEmpty) BinaryPrimitives.WriteUInt32BigEndian(target, value);
    }

    /// <summary>Writes octets as they are.</summary>
    public void WriteOctets(scoped ReadOnlySpan<byte> octets)
    {
        Span<byte> target = Take(octets.Length);
        if (target.Length == octets.Length) octets.CopyTo(target);
    }

    /// <summary>Writes a length in its shortest form.</summary>
    public void WriteLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        switch (length)
        {
            case < 0x80:
                WriteByte((byte)length);
                break;
            case <= 0xFF:
                WriteByte(0x81);
                WriteByte((byte)length);
                break;
            case <= 0xFFFF:
                WriteByte(0x82);
                WriteUInt16((ushort)length);
                break;
            default:
                WriteByte(0x84);
                WriteUInt32((uint)length);
                break;
        }
    }

    /// <summary>Writes a length and the octets.</summary>
    public void WriteOctetString(scoped ReadOnlySpan<byte> octets)
    {
        WriteLength(octets.Length);
        WriteOctets(octets);
    }

    /// <summary>Writes a logical name: six octets.</summary>
    public void WriteLogicalName(LogicalName name)
    {
        Span<byte> target = Take(LogicalName.Size);
        if (!target.IsEmpty) name.Write(target);
    }

    /// <summary>Writes a data value as it is, its tag included.</summary>
    public void WriteData(DataView value) => WriteOctets(value.Encoded);

    /// <summary>The octets that a length takes.</summary>
    public static int LengthSize(int length) => length switch { < 0x80 => 1, <= 0xFF => 2, <= 0xFFFF => 3, _ => 5 };
}
