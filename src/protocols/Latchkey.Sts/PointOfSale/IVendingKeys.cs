namespace Latchkey.Sts;

/// <summary>Who holds vending keys: knows their revisions and derives meters' keys, and never hands a vending key out.</summary>
/// <remarks>Source: IEC 62055-41, security module of the point of sale.</remarks>
public interface IVendingKeys
{
    /// <summary>The revisions that are held.</summary>
    /// <remarks>Source: IEC 62055-41, security module of the point of sale.</remarks>
    IReadOnlyCollection<VendingKeyRevision> Revisions { get; }

    /// <summary>Derives a meter's key into a key object; false where no revision with these attributes is held.</summary>
    /// <remarks>Source: IEC 62055-41, decoder key generation.</remarks>
    bool TryDerive(in DecoderKeyAttributes attributes, DecoderKey destination);
}

/// <summary>Vending keys in this process's memory: for development, tests and the command line.</summary>
/// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
public sealed class SoftwareVendingKeys : IVendingKeys, IDisposable
{
    private readonly Dictionary<VendingKeyRevision, VendingKey> _keys = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<VendingKeyRevision> Revisions => _keys.Keys;

    /// <summary>Takes over a key; it is disposed with this object.</summary>
    /// <exception cref="ArgumentException">The revision is held already.</exception>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public void Add(VendingKeyRevision revision, VendingKey key) => _keys.Add(revision, key);

    /// <inheritdoc/>
    public bool TryDerive(in DecoderKeyAttributes attributes, DecoderKey destination)
    {
        foreach ((VendingKeyRevision revision, VendingKey key) in _keys)
        {
            if (!revision.IsBehind(attributes)) continue;
            DecoderKeyGeneration.DeriveInto(key, attributes, destination);
            return true;
        }

        return false;
    }

    /// <summary>Clears every key.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public void Dispose()
    {
        foreach (VendingKey key in _keys.Values) key.Dispose();
        _keys.Clear();
    }

    /// <summary>How many revisions are held; never the keys.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public override string ToString() => $"SoftwareVendingKeys({_keys.Count} revisions)";
}
