namespace Latchkey.Dlms.Axdr;

/// <summary>Walks the elements of an array or a structure in order, allocating nothing.</summary>
public ref struct DataItems
{
    private AxdrReader _reader;
    private int _left;
    private DataView _current;

    internal DataItems(DataView container)
    {
        _left = 0;
        _reader = new AxdrReader(container.Encoded[1..]);
        if (container.Tag is DataTag.Array or DataTag.Structure) _ = _reader.TryReadLength(out _left);
    }

    /// <summary>The element that <see cref="MoveNext"/> reached.</summary>
    public readonly DataView Current => _current;

    /// <summary>Itself, so that <c>foreach</c> works.</summary>
    public readonly DataItems GetEnumerator() => this;

    /// <summary>Goes to the next element; false after the last.</summary>
    public bool MoveNext()
    {
        if (_left == 0) return false;
        _left--;
        return _reader.TryReadData(out _current);
    }

    /// <summary>Goes to the next element and hands it out; false after the last.</summary>
    public bool TryTake(out DataView value)
    {
        bool moved = MoveNext();
        value = moved ? _current : default;
        return moved;
    }

    /// <summary>Takes the next element as an integer of exactly this type.</summary>
    public bool TryTake(DataTag tag, out long value)
    {
        value = 0;
        return TryTake(out DataView item) && item.TryGetInteger(tag, out value);
    }
}
