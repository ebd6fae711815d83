using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>A count and that many data values, seen where they lie.</summary>
public readonly ref struct DataList
{
    private DataList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Values in the list.</summary>
    public int Count { get; }

    /// <summary>The values one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>Takes values that were written one after the other.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, int count, out DataList list)
    {
        list = default;
        var reader = new AxdrReader(encoded);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadData(out _)) return false;
        }

        list = new DataList(count, encoded);
        return reader.AtEnd;
    }

    /// <summary>Reads count and values.</summary>
    internal static bool TryRead(scoped ref AxdrReader reader, out DataList list)
    {
        list = default;
        if (!reader.TryReadLength(out int count) || count > reader.Remaining.Length) return false;
        ReadOnlySpan<byte> rest = reader.Remaining;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadData(out _)) return false;
        }

        list = new DataList(count, rest[..(rest.Length - reader.Remaining.Length)]);
        return true;
    }

    /// <summary>The values in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private AxdrReader _reader;
        private int _left;
        private DataView _current;

        internal Enumerator(DataList list)
        {
            _reader = new AxdrReader(list.Encoded);
            _left = list.Count;
        }

        /// <summary>The value reached.</summary>
        public readonly DataView Current => _current;

        /// <summary>Goes to the next value; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            return _reader.TryReadData(out _current);
        }
    }
}
