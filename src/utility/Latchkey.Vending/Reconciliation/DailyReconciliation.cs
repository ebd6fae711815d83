namespace Latchkey.Vending.Reconciliation;

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
