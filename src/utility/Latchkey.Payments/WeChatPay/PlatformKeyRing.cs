using System.Collections.Immutable;

namespace Latchkey.Payments.WeChatPay;

/// <summary>The platform keys we believe. Public keys are put in by the operator; certificates come and go by download. Thread-safe.</summary>
public sealed class PlatformKeyRing
{
    private ImmutableDictionary<string, PlatformKey> _keys;

    public PlatformKeyRing(IEnumerable<PlatformKey> keys) => _keys = keys.ToImmutableDictionary(k => k.Id, StringComparer.Ordinal);

    /// <summary>The public key that answers should be signed with; null means: by platform certificate.</summary>
    public string? PreferredPublicKeyId => _keys.Values.FirstOrDefault(k => k.IsPublicKey)?.Id;

    public int Count => _keys.Count;

    public PlatformKey? Find(string id, DateTimeOffset now) =>
        _keys.TryGetValue(id, out PlatformKey? key) && key.IsValidAt(now) ? key : null;

    /// <summary>Adds downloaded certificates; drops those that have run out.</summary>
    public void Add(IEnumerable<PlatformKey> downloaded, DateTimeOffset now)
    {
        PlatformKey[] fresh = [.. downloaded];
        ImmutableInterlocked.Update(ref _keys, (keys, arg) =>
        {
            IEnumerable<KeyValuePair<string, PlatformKey>> kept = keys.Where(k => !(k.Value.NotAfter < arg.now));
            return kept.ToImmutableDictionary(StringComparer.Ordinal).SetItems(arg.fresh.Select(k => KeyValuePair.Create(k.Id, k)));
        }, (fresh, now));
    }
}
