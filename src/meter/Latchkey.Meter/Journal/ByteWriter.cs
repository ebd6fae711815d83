using System.Buffers.Binary;

namespace Latchkey.Meter.Journal;

/// <summary>Writes the fields of a record one after the other, little-endian.</summary>
internal ref struct ByteWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    public void Byte(byte value) => _output[Length++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_output[Length..], value);
        Length += sizeof(ushort);
    }

    public void UInt24(uint value)
    {
        UInt16((ushort)(value & 0xFFFF));
        Byte((byte)(value >> 16));
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_output[Length..], value);
        Length += sizeof(uint);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_output[Length..], value);
        Length += sizeof(long);
    }

    /// <summary>A number in as few bytes as it needs, 1 to 10: seven bits in each, the sign in the lowest.</summary>
    public void Packed(long value)
    {
        ulong rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        for (; rest >= 0x80; rest >>= 7) Byte((byte)((rest & 0x7F) | 0x80));
        Byte((byte)rest);
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Length..]);
        Length += bytes.Length;
    }
}
