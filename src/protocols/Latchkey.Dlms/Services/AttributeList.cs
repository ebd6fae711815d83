using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>One attribute of a list, with the part of it that is meant.</summary>
public readonly ref struct AttributeReference
{
    /// <summary>Names an attribute and a part of it.</summary>
    public AttributeReference(AttributeDescriptor attribute, SelectiveAccess selection)
    {
        Attribute = attribute;
        Selection = selection;
    }

    /// <summary>The attribute.</summary>
    public AttributeDescriptor Attribute { get; }

    /// <summary>The part of it.</summary>
    public SelectiveAccess Selection { get; }
}

/// <summary>The attributes of a with-list request, seen where they lie.</summary>
public readonly ref struct AttributeList
{
    /// <summary>The most attributes a request may name here.</summary>
    public const int MaxCount = 64;

    private AttributeList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Attributes in the list.</summary>
    public int Count { get; }

    /// <summary>The references one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The references in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Takes references that <see cref="Write"/> wrote.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, int count, out AttributeList list)
    {
        var reader = new AxdrReader(encoded);
        return TryRead(ref reader, count, out list) && reader.AtEnd;
    }

    /// <summary>Appends one reference to a list that is being made.</summary>
    public static void Write(ref AxdrWriter writer, AttributeDescriptor attribute, SelectiveAccess selection = default)
    {
        attribute.Write(ref writer);
        selection.Write(ref writer);
    }

    internal static bool TryRead(scoped ref AxdrReader reader, int count, out AttributeList list)
    {
        list = default;
        ReadOnlySpan<byte> rest = reader.Remaining;
        if (count > rest.Length) return false;
        for (int i = 0; i < count; i++)
        {
            if (!AttributeDescriptor.TryRead(ref reader, out _) || !SelectiveAccess.TryRead(ref reader, out _)) return false;
        }

        list = new AttributeList(count, rest[..(rest.Length - reader.Remaining.Length)]);
        return true;
    }

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private AxdrReader _reader;
        private int _left;
        private AttributeReference _current;

        internal Enumerator(AttributeList list)
        {
            _reader = new AxdrReader(list.Encoded);
            _left = list.Count;
        }

        /// <summary>The reference reached.</summary>
        public readonly AttributeReference Current => _current;

        /// <summary>Goes to the next reference; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0 || !AttributeDescriptor.TryRead(ref _reader, out AttributeDescriptor attribute)) return false;
            if (!SelectiveAccess.TryRead(ref _reader, out SelectiveAccess selection)) return false;
            _left--;
            _current = new AttributeReference(attribute, selection);
            return true;
        }
    }
}
