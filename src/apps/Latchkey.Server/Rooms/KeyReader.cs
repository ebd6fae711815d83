using Latchkey.Server.Portal.Keys;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>The signer's keys over their administration.</summary>
internal sealed class KeyReader(KeyAdministration keys) : IKeyView
{
    public IReadOnlyList<KeyLine> List() => [.. keys.Keys.Select(k => new KeyLine(
        k.KeyId, k.Terms.SupplyGroup.ToString(), k.Terms.KeyRevision.Value, k.Terms.KeyType.ToString(), k.Terms.BaseDate.Year, k.CheckValue.ToUpperInvariant(), k.Counters.Tokens, k.Counters.Tenths,
        k.Counters.MinorUnits, k.CreditLimit, k.Terms.ActiveFrom, k.Terms.IssueUntil, k.StoppedReason))];

    public Task<string?> RaiseAsync(string keyId, long minorUnits, string first, string second, CancellationToken cancellationToken) =>
        keys.RaiseLimitAsync(keyId, minorUnits, new TwoPeople(first, second), cancellationToken);

    public Task<string?> StopAsync(string keyId, string reason, CancellationToken cancellationToken) => keys.StopAsync(keyId, reason, cancellationToken);

    public Task<string?> ResumeAsync(string keyId, string first, string second, CancellationToken cancellationToken) => keys.ResumeAsync(keyId, new TwoPeople(first, second), cancellationToken);
}
