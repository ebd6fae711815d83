using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Apart;

/// <summary>A signer with a process, a store and keys of its own. It looks into the ledger itself, and it holds its own journal against it.</summary>
public interface IOutsideSigner : ITokenSigner, IKeyChangeSigner
{
    /// <summary>What stands between it and its last asker, and what to do about it; null while it answers, or before it was asked.</summary>
    string? Ailment { get; }

    /// <summary>The keys it holds, with terms, counters and limits; null where it does not answer.</summary>
    Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken);

    /// <summary>Which of these orders have a token by its journal; null where it does not answer.</summary>
    Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken);

    /// <summary>Compares journal, ledger and orders; any difference stops the key it belongs to, and one that belongs to none stops them all.</summary>
    Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken);
}

/// <summary>A vending key as anybody may see it: never its bytes, wrapped or not.</summary>
public sealed record SignerKey(
    string KeyId, string CheckValue, DateTimeOffset ActiveFrom, DateTimeOffset? IssueUntil, long CreditLimit, KeyCounters Counters, string? StoppedReason)
{
    public static SignerKey Of(SigningKeyRecord key) =>
        new(key.KeyId, key.CheckValue, key.Terms.ActiveFrom, key.Terms.IssueUntil, key.CreditLimit, key.Counters, key.StoppedReason);
}
