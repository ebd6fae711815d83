using Latchkey.Server.Portal.Keys;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Rooms;

/// <summary>The signer's keys over their administration.</summary>
internal sealed class KeyReader(KeyAdministration keys, PortalActs acts) : IKeyView
{
    private const string RaiseReason = "limit raised at the portal", ResumeReason = "key started again at the portal";

    public IReadOnlyList<KeyLine> List() => [.. keys.Keys.Select(k => new KeyLine(
        k.KeyId, k.Terms.SupplyGroup.ToString(), k.Terms.KeyRevision.Value, k.Terms.KeyType.ToString(), k.Terms.BaseDate.Year, k.CheckValue.ToUpperInvariant(), k.Counters.Tokens, k.Counters.Tenths,
        k.Counters.MinorUnits, k.CreditLimit, k.Terms.ActiveFrom, k.Terms.IssueUntil, k.StoppedReason))];

    public async Task<string?> RaiseAsync(string keyId, long minorUnits, string first, string second, CancellationToken cancellationToken) =>
        Find(keyId) is { } key
            ? ActEffects.KeyLimit(key, minorUnits, out _) is { } effect ? await acts.DoAsync(effect, RaiseReason, first, second, cancellationToken) : VendingCodes.AmountZero
            : VendingCodes.KeyMissing;

    public Task<string?> StopAsync(string keyId, string reason, CancellationToken cancellationToken) => keys.StopAsync(keyId, reason, cancellationToken);

    public async Task<string?> ResumeAsync(string keyId, string first, string second, CancellationToken cancellationToken)
    {
        if (Find(keyId) is not { } key) return VendingCodes.KeyMissing;
        return ActEffects.KeyResume(key, out _) is { } effect ? await acts.DoAsync(effect, ResumeReason, first, second, cancellationToken) : null;
    }

    private SignerKey? Find(string keyId) => keys.Keys.FirstOrDefault(k => k.KeyId == keyId) is { } key ? SignerKey.Of(key) : null;
}
