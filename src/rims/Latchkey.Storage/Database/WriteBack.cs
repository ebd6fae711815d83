using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Storage;

/// <summary>Rows of one table as the writer's open transaction has them: read once, written once per group however often they change in it.</summary>
internal sealed class WriteBack<TKey, TValue>(int limit)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly HashSet<TKey> _dirty = [];
    private readonly List<(TKey Key, bool Known, TValue? Before, bool WasDirty)> _undo = [];

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>As read from the file: nothing to write.</summary>
    public void Remember(TKey key, TValue value)
    {
        _undo.Add((key, Known: false, default, WasDirty: false));
        _values[key] = value;
    }

    /// <summary>As it is from now on; the file has it after the flush.</summary>
    public void Change(TKey key, TValue value)
    {
        bool known = _values.TryGetValue(key, out TValue? before);
        _undo.Add((key, known, before, !_dirty.Add(key)));
        _values[key] = value;
    }

    public void Keep() => _undo.Clear();

    public void Undo()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
        {
            (TKey key, bool known, TValue? before, bool wasDirty) = _undo[i];
            if (known) _values[key] = before!;
            else _values.Remove(key);
            if (!wasDirty) _dirty.Remove(key);
        }

        _undo.Clear();
    }

    public void Flush(Action<TKey, TValue> write)
    {
        foreach (TKey key in _dirty) write(key, _values[key]);
        _dirty.Clear();
        Trim();
    }

    /// <summary>Forgets all when there are too many; between groups, and where nothing waits to be written.</summary>
    public void Trim()
    {
        if (_values.Count > limit) _values.Clear();
    }

    public void Discard()
    {
        _values.Clear();
        _dirty.Clear();
        _undo.Clear();
    }
}
