namespace Latchkey.Dlms.Axdr;

/// <summary>A compact array: one type description, then the values of all elements without tags.</summary>
/// <remarks>Types that take no octets (null-data, an array of no elements) are refused inside: a few octets could otherwise stand for any
/// number of elements. Source: IEC 62056-5-3, compact-array and TypeDescription.</remarks>
public readonly ref struct CompactArray
{
    private CompactArray(ReadOnlySpan<byte> type, ReadOnlySpan<byte> contents)
    {
        Type = type;
        Contents = contents;
    }

    /// <summary>The type description of one element.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>The values of all elements, one after the other.</summary>
    public ReadOnlySpan<byte> Contents { get; }

    /// <summary>Reads a compact array from a data value.</summary>
    public static bool TryRead(DataView value, out CompactArray array)
    {
        array = default;
        if (value.Tag != DataTag.CompactArray) return false;
        var reader = new AxdrReader(value.Encoded[1..]);
        return TryRead(ref reader, 0, out array);
    }

    internal static bool TryRead(scoped ref AxdrReader reader, int depth, out CompactArray array)
    {
        array = default;
        ReadOnlySpan<byte> rest = reader.Remaining;
        if (!TypeDescription.TrySkip(ref reader, depth + 1)) return false;
        ReadOnlySpan<byte> type = rest[..(rest.Length - reader.Remaining.Length)];
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> contents)) return false;

        var values = new AxdrReader(contents);
        while (!values.AtEnd)
        {
            if (!TypeDescription.TrySkipValue(type, ref values)) return false;
        }

        array = new CompactArray(type, contents);
        return true;
    }

    /// <summary>Writes the same values as an ordinary array with a tag at every value.</summary>
    public void Expand(ref AxdrWriter writer)
    {
        writer.Array(CountElements());
        var values = new AxdrReader(Contents);
        while (!values.AtEnd && !writer.Overflowed && TypeDescription.TryExpandValue(Type, ref values, ref writer))
        {
        }
    }

    /// <summary>Writes an array as a compact array; false when it is empty or its elements are not all of one type.</summary>
    public static bool TryCompress(DataView array, ref AxdrWriter writer)
    {
        if (array.Tag != DataTag.Array || array.Count == 0) return false;
        int start = writer.Position;
        writer.WriteByte((byte)DataTag.CompactArray);
        DataItems items = array.Items;
        _ = items.MoveNext();
        if (!TypeDescription.TryDescribe(items.Current, ref writer))
        {
            writer.Rewind(start);
            return false;
        }

        ReadOnlySpan<byte> type = writer.Written[(start + 1)..];
        if (!TryMeasure(array, type, out int size))
        {
            writer.Rewind(start);
            return false;
        }

        writer.WriteLength(size);
        foreach (DataView item in array.Items) TypeDescription.WriteUntagged(item, ref writer);
        return true;
    }

    private static bool TryMeasure(DataView array, ReadOnlySpan<byte> type, out int size)
    {
        size = 0;
        foreach (DataView item in array.Items)
        {
            var types = new AxdrReader(type);
            if (!TypeDescription.TryMatch(item, ref types, ref size)) return false;
        }

        return true;
    }

    private int CountElements()
    {
        int count = 0;
        var values = new AxdrReader(Contents);
        while (!values.AtEnd && TypeDescription.TrySkipValue(Type, ref values)) count++;
        return count;
    }
}
