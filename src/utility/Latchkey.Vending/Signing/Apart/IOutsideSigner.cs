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

/// <summary>What a daily reconciliation says.</summary>
/// <param name="NotDone">The code of why it could not be done, <c>signer-unavailable</c>; null when it was.</param>
/// <param name="LedgerProblem">What is wrong with the ledger itself; null where nothing is.</param>
/// <param name="DifferenceCount">How many there are in all.</param>
/// <param name="Differences">The first of them.</param>
public sealed record DailyReconciliation(
    string? NotDone, string? LedgerProblem, long Tokens, long Orders, long DifferenceCount, IReadOnlyList<AuditDifference> Differences)
{
    public const int MaxListed = 100;

    public bool IsIntact => NotDone is null && LedgerProblem is null && DifferenceCount == 0;

    public static DailyReconciliation Missed(string code) => new(code, null, 0, 0, 0, []);

    public static DailyReconciliation Of(VendingAuditReport report) => new(
        null, report.Ledger.IsIntact ? null : report.Ledger.Problem ?? "not intact", report.Tokens, report.Orders,
        report.Differences.Count, [.. report.Differences.Take(MaxListed)]);
}
