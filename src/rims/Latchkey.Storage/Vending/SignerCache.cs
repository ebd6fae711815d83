using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The keys' counters and the journal's last line, as the writer's open transaction has them.</summary>
internal sealed class SignerCache : ISessionCache
{
    private readonly Dictionary<string, SigningKeyRecord> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SigningKeyRecord> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private SignatureRecord? _keptLast;

    public SignatureRecord? Last { get; set; }

    public SigningKeyRecord? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    public void Remember(SigningKeyRecord key) => _keys[key.KeyId] = key;

    public void Change(SigningKeyRecord key)
    {
        _keys[key.KeyId] = key;
        _dirty.Add(key.KeyId);
    }

    public void KeepRequest()
    {
        foreach (string id in _dirty) _kept[id] = _keys[id];
        _keptLast = Last;
    }

    public void UndoRequest()
    {
        // What earlier requests of the group changed is still to be written; everything else is in the file.
        _keys.Clear();
        foreach ((string id, SigningKeyRecord key) in _kept) _keys[id] = key;
        _dirty.IntersectWith(_kept.Keys);
        Last = _keptLast;
    }

    public void Flush(SqliteSession session)
    {
        foreach (string id in _dirty) SqliteSignerBooks.Write(session, _keys[id]);
        _dirty.Clear();
        _kept.Clear();
    }

    public void Discard()
    {
        _keys.Clear();
        _kept.Clear();
        _dirty.Clear();
        Last = _keptLast = null;
    }
}
