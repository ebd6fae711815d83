using System.Buffers.Binary;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Axdr;

/// <summary>One well-formed COSEM data value, seen where it lies. It is made only by <see cref="TryRead"/>, so what it holds can be walked without further checks.</summary>
/// <remarks>The default value is null-data. Source: IEC 62056-5-3, Data.</remarks>
public readonly ref struct DataView
{
    private static ReadOnlySpan<byte> NullEncoding => [(byte)DataTag.NullData];

    private readonly ReadOnlySpan<byte> _encoded;

    internal DataView(ReadOnlySpan<byte> wellFormed) => _encoded = wellFormed;

    /// <summary>The tag and everything after it.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded.IsEmpty ? NullEncoding : _encoded;

    /// <summary>The type of the value.</summary>
    public DataTag Tag => (DataTag)Encoded[0];

    /// <summary>Whether the value is null-data.</summary>
    public bool IsNull => Tag == DataTag.NullData;

    /// <summary>Reads one value from the start of <paramref name="input"/>; false when it is cut short, unknown or nested more than 16 deep.</summary>
    public static bool TryRead(ReadOnlySpan<byte> input, out DataView value, out int consumed)
    {
        bool valid = DataScanner.TrySkip(input, out consumed);
        value = valid ? new DataView(input[..consumed]) : default;
        return valid;
    }

    /// <summary>Reads one value that fills <paramref name="input"/> exactly.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> input, out DataView value) =>
        TryRead(input, out value, out int consumed) && consumed == input.Length;

    /// <summary>The elements of an array or a structure in order; none for any other type.</summary>
    public DataItems Items => new(this);

    /// <summary>The number of elements of an array or a structure; 0 for any other type.</summary>
    public int Count
    {
        get
        {
            if (Tag is not (DataTag.Array or DataTag.Structure)) return 0;
            var reader = new AxdrReader(Encoded[1..]);
            return reader.TryReadLength(out int count) ? count : 0;
        }
    }

    /// <summary>The value of any integer type, boolean, bcd or enum that fits 64 bits signed.</summary>
    public bool TryGetInteger(out long value)
    {
        ReadOnlySpan<byte> content = Encoded[1..];
        long? read = Tag switch
        {
            DataTag.Boolean => content[0] != 0 ? 1 : 0,
            DataTag.Bcd or DataTag.Unsigned or DataTag.Enum or DataTag.DeltaUnsigned => content[0],
            DataTag.Integer or DataTag.DeltaInteger => unchecked((sbyte)content[0]),
            DataTag.Long or DataTag.DeltaLong => BinaryPrimitives.ReadInt16BigEndian(content),
            DataTag.LongUnsigned or DataTag.DeltaLongUnsigned => BinaryPrimitives.ReadUInt16BigEndian(content),
            DataTag.DoubleLong or DataTag.DeltaDoubleLong => BinaryPrimitives.ReadInt32BigEndian(content),
            DataTag.DoubleLongUnsigned or DataTag.DeltaDoubleLongUnsigned => BinaryPrimitives.ReadUInt32BigEndian(content),
            DataTag.Long64 => BinaryPrimitives.ReadInt64BigEndian(content),
            DataTag.Long64Unsigned when (content[0] & 0x80) == 0 => BinaryPrimitives.ReadInt64BigEndian(content),
            _ => null,
        };
        value = read ?? 0;
        return read.HasValue;
    }

    /// <summary>The value when it has exactly the type <paramref name="tag"/> and is an integer.</summary>
    public bool TryGetInteger(DataTag tag, out long value)
    {
        value = 0;
        return Tag == tag && TryGetInteger(out value);
    }

    /// <summary>The value of a long64-unsigned.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        bool held = Tag == DataTag.Long64Unsigned;
        value = held ? BinaryPrimitives.ReadUInt64BigEndian(Encoded[1..]) : 0;
        return held;
    }

    /// <summary>The octets of an octet-string, visible-string or utf8-string.</summary>
    public bool TryGetOctets(out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (!DataTags.IsString(Tag)) return false;
        var reader = new AxdrReader(Encoded[1..]);
        return reader.TryReadOctetString(out octets);
    }

    /// <summary>The bits of a bit-string, first bit most significant in the first octet.</summary>
    public bool TryGetBits(out ReadOnlySpan<byte> octets, out int count)
    {
        octets = default;
        count = 0;
        if (Tag != DataTag.BitString) return false;
        var reader = new AxdrReader(Encoded[1..]);
        if (!reader.TryReadLength(out count)) return false;
        octets = reader.Remaining;
        return true;
    }

    /// <summary>A date-time, from tag 25 or from an octet-string of twelve octets.</summary>
    public bool TryGetDateTime(out CosemDateTime time)
    {
        ReadOnlySpan<byte> octets = Tag == DataTag.DateTime ? Encoded[1..] : default;
        if (octets.IsEmpty) TryGetOctets(out octets);
        return CosemDateTime.TryRead(octets, out time);
    }

    /// <summary>A logical name, from an octet-string of six octets.</summary>
    public bool TryGetLogicalName(out LogicalName name)
    {
        name = default;
        return Tag == DataTag.OctetString && TryGetOctets(out ReadOnlySpan<byte> octets) && LogicalName.TryRead(octets, out name);
    }

    /// <summary>The value of a float32 or float64.</summary>
    public bool TryGetFloat(out double value)
    {
        value = Tag switch
        {
            DataTag.Float32 => BinaryPrimitives.ReadSingleBigEndian(Encoded[1..]),
            DataTag.Float64 => BinaryPrimitives.ReadDoubleBigEndian(Encoded[1..]),
            _ => 0,
        };
        return Tag is DataTag.Float32 or DataTag.Float64;
    }
}
