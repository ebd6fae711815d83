namespace Latchkey.Dlms.Axdr;

/// <summary>Finds where a data value ends and whether it is well formed, in one pass and with bounded recursion.</summary>
internal static class DataScanner
{
    /// <summary>Structures inside structures, the outermost counted as one.</summary>
    public const int MaxDepth = 16;

    // Looked up for every value of every profile: a table is several times faster than the switch it is made from.
    private static readonly sbyte[] FixedSizes = [.. Enumerable.Range(0, 256).Select(tag => (sbyte)DataTags.FixedSize((DataTag)tag))];

    public static bool TrySkip(ReadOnlySpan<byte> input, out int size)
    {
        var reader = new AxdrReader(input);
        bool valid = TrySkip(ref reader, depth: 0);
        size = valid ? reader.Position : 0;
        return valid;
    }

    private static bool TrySkip(ref AxdrReader reader, int depth)
    {
        if (!reader.TryReadByte(out byte octet)) return false;
        var tag = (DataTag)octet;
        int fixedSize = FixedSizes[octet];
        if (fixedSize >= 0) return reader.TryReadOctets(fixedSize, out _);

        return tag switch
        {
            DataTag.OctetString or DataTag.VisibleString or DataTag.Utf8String => reader.TryReadOctetString(out _),
            DataTag.BitString => TrySkipBits(ref reader),
            DataTag.Array or DataTag.Structure => TrySkipElements(ref reader, depth),
            DataTag.CompactArray => CompactArray.TryRead(ref reader, depth, out _),
            _ => false,
        };
    }

    internal static bool TrySkipBits(ref AxdrReader reader) =>
        reader.TryReadLength(out int bits) && reader.TryReadOctets(BitOctets(bits), out _);

    internal static int BitOctets(int bits) => (bits >> 3) + ((bits & 7) == 0 ? 0 : 1);

    private static bool TrySkipElements(ref AxdrReader reader, int depth)
    {
        if (depth + 1 > MaxDepth || !reader.TryReadLength(out int count)) return false;

        // Each element takes at least its tag, so a count beyond what is left can be refused before the walk.
        if (count > reader.Remaining.Length) return false;
        for (int i = 0; i < count; i++)
        {
            if (!TrySkip(ref reader, depth + 1)) return false;
        }

        return true;
    }
}
