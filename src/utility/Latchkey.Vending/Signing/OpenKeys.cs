using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The keys of one batch of tokens: looked up, checked and opened once each.</summary>
internal sealed class OpenKeys(ISignerStore store, IKeyCustody custody)
{
    private readonly Dictionary<string, (string? Refusal, VendingKey? Key)> _keys = new(StringComparer.Ordinal);

    /// <summary>Null and the key, or the code of why there is none.</summary>
    public string? Find(string keyId, out VendingKey? key)
    {
        if (!_keys.TryGetValue(keyId, out (string? Refusal, VendingKey? Key) known)) _keys.Add(keyId, known = Open(keyId));
        key = known.Key;
        return known.Refusal;
    }

    private (string? Refusal, VendingKey? Key) Open(string keyId)
    {
        if (store.FindKey(keyId) is not { } record) return (VendingCodes.KeyMissing, null);
        return SignerSeal.IsIntact(custody, record) && custody.Open(record) is { } key ? (null, key) : (VendingCodes.KeyDamaged, null);
    }
}
