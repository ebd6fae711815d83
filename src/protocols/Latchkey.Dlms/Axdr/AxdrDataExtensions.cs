using System.Buffers.Binary;
using System.Text;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Axdr;

/// <summary>Writes tagged COSEM data values, one method per type.</summary>
/// <remarks>Source: IEC 62056-5-3, Data.</remarks>
public static class AxdrDataExtensions
{
    /// <summary>null-data.</summary>
    public static void Null(this ref AxdrWriter writer) => writer.WriteByte((byte)DataTag.NullData);

    /// <summary>The head of an array; exactly <paramref name="count"/> values must follow.</summary>
    public static void Array(this ref AxdrWriter writer, int count) => Head(ref writer, DataTag.Array, count);

    /// <summary>The head of a structure; exactly <paramref name="count"/> values must follow.</summary>
    public static void Structure(this ref AxdrWriter writer, int count) => Head(ref writer, DataTag.Structure, count);

    /// <summary>boolean.</summary>
    public static void Boolean(this ref AxdrWriter writer, bool value) => Octet(ref writer, DataTag.Boolean, value ? (byte)1 : (byte)0);

    /// <summary>enum.</summary>
    public static void Enum(this ref AxdrWriter writer, byte value) => Octet(ref writer, DataTag.Enum, value);

    /// <summary>unsigned, 8 bits.</summary>
    public static void Unsigned(this ref AxdrWriter writer, byte value) => Octet(ref writer, DataTag.Unsigned, value);

    /// <summary>integer, 8 bits signed.</summary>
    public static void Integer(this ref AxdrWriter writer, sbyte value) => Octet(ref writer, DataTag.Integer, unchecked((byte)value));

    /// <summary>long-unsigned, 16 bits.</summary>
    public static void LongUnsigned(this ref AxdrWriter writer, ushort value)
    {
        writer.WriteByte((byte)DataTag.LongUnsigned);
        writer.WriteUInt16(value);
    }

    /// <summary>long, 16 bits signed.</summary>
    public static void Long(this ref AxdrWriter writer, short value)
    {
        writer.WriteByte((byte)DataTag.Long);
        writer.WriteUInt16(unchecked((ushort)value));
    }

    /// <summary>double-long-unsigned, 32 bits.</summary>
    public static void DoubleLongUnsigned(this ref AxdrWriter writer, uint value)
    {
        Span<byte> target = writer.Take(1 + sizeof(uint));
        if (target.IsEmpty) return;
        target[0] = (byte)DataTag.DoubleLongUnsigned;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], value);
    }

    /// <summary>double-long, 32 bits signed.</summary>
    public static void DoubleLong(this ref AxdrWriter writer, int value)
    {
        writer.WriteByte((byte)DataTag.DoubleLong);
        writer.WriteUInt32(unchecked((uint)value));
    }

    /// <summary>long64-unsigned.</summary>
    public static void Long64Unsigned(this ref AxdrWriter writer, ulong value)
    {
        writer.WriteByte((byte)DataTag.Long64Unsigned);
        Span<byte> target = writer.Take(sizeof(ulong));
        if (!target.IsEmpty) BinaryPrimitives.WriteUInt64BigEndian(target, value);
    }

    /// <summary>octet-string.</summary>
    public static void OctetString(this ref AxdrWriter writer, scoped ReadOnlySpan<byte> octets)
    {
        writer.WriteByte((byte)DataTag.OctetString);
        writer.WriteOctetString(octets);
    }

    /// <summary>octet-string(6) that holds a logical name.</summary>
    public static void Name(this ref AxdrWriter writer, LogicalName name)
    {
        writer.WriteByte((byte)DataTag.OctetString);
        writer.WriteLength(LogicalName.Size);
        writer.WriteLogicalName(name);
    }

    /// <summary>octet-string(12) that holds a date-time, the form that most attributes ask for.</summary>
    public static void DateTimeOctets(this ref AxdrWriter writer, CosemDateTime time)
    {
        Span<byte> target = writer.Take(2 + CosemDateTime.Size);
        if (target.IsEmpty) return;
        (target[0], target[1]) = ((byte)DataTag.OctetString, CosemDateTime.Size);
        time.Write(target[2..]);
    }

    /// <summary>visible-string; characters outside ASCII become question marks.</summary>
    public static void VisibleString(this ref AxdrWriter writer, string text) => Text(ref writer, DataTag.VisibleString, text, Encoding.ASCII);

    /// <summary>utf8-string.</summary>
    public static void Utf8String(this ref AxdrWriter writer, string text) => Text(ref writer, DataTag.Utf8String, text, Encoding.UTF8);

    /// <summary>bit-string of at most 32 bits; bit 0 of the string is the most significant of the <paramref name="count"/> bits given.</summary>
    public static void BitString(this ref AxdrWriter writer, uint bits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
        writer.WriteByte((byte)DataTag.BitString);
        writer.WriteLength(count);
        ulong left = count == 0 ? 0 : (ulong)bits << (64 - count);
        for (int written = 0; written < count; written += 8)
        {
            writer.WriteByte((byte)(left >> 56));
            left = unchecked(left << 8);
        }
    }

    private static void Head(ref AxdrWriter writer, DataTag tag, int count)
    {
        writer.WriteByte((byte)tag);
        writer.WriteLength(count);
    }

    private static void Octet(ref AxdrWriter writer, DataTag tag, byte value)
    {
        Span<byte> target = writer.Take(2);
        if (!target.IsEmpty) (target[0], target[1]) = ((byte)tag, value);
    }

    private static void Text(ref AxdrWriter writer, DataTag tag, string text, Encoding encoding)
    {
        int size = encoding.GetByteCount(text);
        writer.WriteByte((byte)tag);
        writer.WriteLength(size);
        Span<byte> target = writer.Take(size);
        if (target.Length == size) encoding.GetBytes(text, target);
    }
}
