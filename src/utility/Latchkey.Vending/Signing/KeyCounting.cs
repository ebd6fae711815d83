namespace Latchkey.Vending;

/// <summary>The counters and limits of the keys while one batch of tokens is admitted: each record is checked once and sealed once.</summary>
internal sealed class KeyCounting(ISignerBooks books, IJournalMac mac, DateTimeOffset now)
{
    private readonly Dictionary<string, (string? Refusal, SigningKeyRecord? Key, bool Changed)> _keys = new(StringComparer.Ordinal);

    /// <summary>Null when the token is within what its key may sign, and counted; otherwise the code of why it is not.</summary>
    public string? Count(SignatureRecord wanted)
    {
        if (!_keys.TryGetValue(wanted.KeyId, out (string? Refusal, SigningKeyRecord? Key, bool Changed) so)) _keys.Add(wanted.KeyId, so = Look(wanted.KeyId));
        if (so.Refusal is { } refusal) return refusal;
        SigningKeyRecord key = so.Key!;
        if (wanted.MinorUnits > key.CreditLimit - key.Counters.MinorUnits) return VendingCodes.CreditLimit;

        KeyCounters counters = new(key.Counters.Tokens + 1, key.Counters.Tenths + wanted.Tenths, key.Counters.MinorUnits + wanted.MinorUnits);
        _keys[wanted.KeyId] = (null, key with { Counters = counters }, Changed: true);
        return null;
    }

    public void Save()
    {
        foreach ((string? _, SigningKeyRecord? key, bool changed) in _keys.Values)
        {
            if (changed) books.Save(SignerSeal.Seal(mac, key!));
        }
    }

    private (string? Refusal, SigningKeyRecord? Key, bool Changed) Look(string keyId)
    {
        if (books.FindKey(keyId) is not { } key) return (VendingCodes.KeyMissing, null, false);
        string? refusal = !SignerSeal.IsIntact(mac, key) ? VendingCodes.KeyDamaged
            : key.StoppedReason is not null ? VendingCodes.KeyStopped
            : now < key.Terms.ActiveFrom || now >= key.Terms.IssueUntil ? VendingCodes.KeyNotActive
            : null;
        return (refusal, key, false);
    }
}
