namespace Latchkey.Dlms.Axdr;

/// <summary>The type of a compact array's elements: a tag, for arrays a 16-bit count and the element type, for structures a count and the types.</summary>
internal static class TypeDescription
{
    /// <summary>Checks the description; each branch must stand for at least one octet of content.</summary>
    public static bool TrySkip(ref AxdrReader types, int depth)
    {
        if (depth > DataScanner.MaxDepth || !types.TryReadByte(out byte octet)) return false;
        var tag = (DataTag)octet;
        switch (tag)
        {
            case DataTag.Array:
                return types.TryReadUInt16(out ushort count) && count > 0 && TrySkip(ref types, depth + 1);
            case DataTag.Structure:
                if (!types.TryReadLength(out int members) || members == 0 || members > types.Remaining.Length) return false;
                for (int i = 0; i < members; i++)
                {
                    if (!TrySkip(ref types, depth + 1)) return false;
                }

                return true;
            default:
                return DataTags.FixedSize(tag) > 0 || DataTags.IsString(tag) || tag == DataTag.BitString;
        }
    }

    public static bool TrySkipValue(ReadOnlySpan<byte> type, ref AxdrReader values)
    {
        var types = new AxdrReader(type);
        var nothing = new AxdrWriter(default);
        return TryWalk(ref types, ref values, ref nothing, expand: false);
    }

    public static bool TryExpandValue(ReadOnlySpan<byte> type, ref AxdrReader values, ref AxdrWriter writer)
    {
        var types = new AxdrReader(type);
        return TryWalk(ref types, ref values, ref writer, expand: true);
    }

    /// <summary>Writes the description of one value; false where a compact array cannot hold it.</summary>
    public static bool TryDescribe(DataView value, ref AxdrWriter writer)
    {
        DataTag tag = value.Tag;
        if (tag is not (DataTag.Array or DataTag.Structure))
        {
            writer.WriteByte((byte)tag);
            return DataTags.FixedSize(tag) > 0 || DataTags.IsString(tag) || tag == DataTag.BitString;
        }

        int count = value.Count;
        if (count is 0 or > ushort.MaxValue) return false;
        writer.WriteByte((byte)tag);
        if (tag == DataTag.Array) writer.WriteUInt16((ushort)count);
        else writer.WriteLength(count);
        foreach (DataView item in value.Items)
        {
            if (!TryDescribe(item, ref writer)) return false;
            if (tag == DataTag.Array) return true;
        }

        return true;
    }

    /// <summary>Whether <paramref name="value"/> has the described type; adds the octets of its untagged form.</summary>
    public static bool TryMatch(DataView value, ref AxdrReader types, ref int size)
    {
        if (!types.TryReadByte(out byte tag) || (DataTag)tag != value.Tag) return false;
        if (value.Tag == DataTag.Array)
        {
            if (!types.TryReadUInt16(out ushort count) || value.Count != count) return false;
            AxdrReader elementType = types;
            foreach (DataView item in value.Items)
            {
                types = elementType;
                if (!TryMatch(item, ref types, ref size)) return false;
            }

            return true;
        }

        if (value.Tag != DataTag.Structure)
        {
            size += value.Encoded.Length - 1;
            return true;
        }

        if (!types.TryReadLength(out int members) || value.Count != members) return false;
        foreach (DataView item in value.Items)
        {
            if (!TryMatch(item, ref types, ref size)) return false;
        }

        return true;
    }

    public static void WriteUntagged(DataView value, ref AxdrWriter writer)
    {
        if (value.Tag is not (DataTag.Array or DataTag.Structure))
        {
            writer.WriteOctets(value.Encoded[1..]);
            return;
        }

        foreach (DataView item in value.Items) WriteUntagged(item, ref writer);
    }

    private static bool TryWalk(ref AxdrReader types, ref AxdrReader values, ref AxdrWriter writer, bool expand)
    {
        if (!types.TryReadByte(out byte octet)) return false;
        var tag = (DataTag)octet;
        if (tag == DataTag.Array) return TryWalkArray(ref types, ref values, ref writer, expand);
        if (tag == DataTag.Structure) return TryWalkStructure(ref types, ref values, ref writer, expand);

        ReadOnlySpan<byte> before = values.Remaining;
        bool read = DataTags.FixedSize(tag) is int size and > 0
            ? values.TryReadOctets(size, out _)
            : tag == DataTag.BitString ? DataScanner.TrySkipBits(ref values) : values.TryReadOctetString(out _);
        if (!read) return false;
        if (!expand) return true;
        writer.WriteByte(octet);
        writer.WriteOctets(before[..(before.Length - values.Remaining.Length)]);
        return !writer.Overflowed;
    }

    private static bool TryWalkArray(ref AxdrReader types, ref AxdrReader values, ref AxdrWriter writer, bool expand)
    {
        // The description was checked before: every element takes at least one octet, so the walk ends with the input.
        if (!types.TryReadUInt16(out ushort count) || count > values.Remaining.Length) return false;
        if (expand) writer.Array(count);
        AxdrReader elementType = types;
        for (int i = 0; i < count; i++)
        {
            types = elementType;
            if (!TryWalk(ref types, ref values, ref writer, expand)) return false;
        }

        return true;
    }

    private static bool TryWalkStructure(ref AxdrReader types, ref AxdrReader values, ref AxdrWriter writer, bool expand)
    {
        if (!types.TryReadLength(out int members)) return false;
        if (expand) writer.Structure(members);
        for (int i = 0; i < members; i++)
        {
            if (!TryWalk(ref types, ref values, ref writer, expand)) return false;
        }

        return true;
    }
}
