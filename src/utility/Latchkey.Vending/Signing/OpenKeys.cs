namespace Latchkey.Vending;

/// <summary>The keys of one batch of tokens: looked up and checked once each.</summary>
internal sealed class OpenKeys(ISignerStore store, IKeyCustody custody)
{
    private readonly Dictionary<string, (string? Refusal, SigningKeyRecord? Key)> _keys = new(StringComparer.Ordinal);

    /// <summary>Null and the key's record, or the code of why there is none.</summary>
    public string? Find(string keyId, out SigningKeyRecord? key)
    {
        if (!_keys.TryGetValue(keyId, out (string? Refusal, SigningKeyRecord? Key) known)) _keys.Add(keyId, known = Look(keyId));
        key = known.Key;
        return known.Refusal;
    }

    private (string? Refusal, SigningKeyRecord? Key) Look(string keyId)
    {
        if (store.FindKey(keyId) is not { } record) return (VendingCodes.KeyMissing, null);
        return SignerSeal.IsIntact(custody, record) ? (null, record) : (VendingCodes.KeyDamaged, null);
    }
}
