using Latchkey.Ledger;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Settlements;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Holds every set of books against the one beside it, and keeps what does not agree until somebody owns and explains it or it is gone.</summary>
/// <param name="signer">Here or in a process of its own.</param>
/// <param name="audit">Over the signer's journal; null where that is elsewhere and the signer compares it itself.</param>
public sealed class ReconciliationDesk(
    IReconciliationStore store, ILedgerStore ledger, IVendingStore orders, IOutsideSigner signer, IVendorStore vendors, ISettlementStore settlements, VendingAudit? audit,
    ReconciliationOptions options, TimeProvider time)
{
    private const int MostOfAKind = 10_000;

    /// <summary>Runs everything, an audit included where the signer's journal is here. Safe beside running sales; reads the whole of the books.</summary>
    public Task<ReconciliationRun> RunAsync(CancellationToken cancellationToken)
    {
        if (audit is null) return RunAsync([], isAudited: false, cancellationToken);
        VendingAuditReport report = audit.Verify();
        return RunAsync(FindingsOf(report.Ledger.Problem, report.Differences, time.GetUtcNow()), isAudited: true, cancellationToken);
    }

    /// <summary>As above, with the signer's own comparison, which was just made.</summary>
    public Task<ReconciliationRun> RunAsync(DailyReconciliation report, CancellationToken cancellationToken) => RunAsync(
        FindingsOf(report.LedgerProblem, report.Differences, time.GetUtcNow()),
        isAudited: report.NotDone is null && report.DifferenceCount == report.Differences.Count,
        cancellationToken);

    /// <param name="isAudited">Whether <paramref name="ofAudit"/> is all that an audit finds: otherwise what an earlier one found stands.</param>
    private async Task<ReconciliationRun> RunAsync(IEnumerable<Finding> ofAudit, bool isAudited, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<Finding> findings = [];
        var counts = new Dictionary<ReconciliationKind, int>();
        void Add(Finding finding)
        {
            int count = counts[finding.Kind] = counts.GetValueOrDefault(finding.Kind) + 1;
            if (count <= MostOfAKind) findings.Add(finding);
        }

        foreach (Finding finding in ofAudit) Add(finding);
        var settled = new SettlementBooksCheck(settlements, now, Add);
        new FloatCheck(store, vendors, orders, ledger, settled, options, now, Add).Run();
        await new OrderCheck(store, orders, ledger, signer, options, now, Add).RunAsync(cancellationToken).ConfigureAwait(false);
        new ResidueCheck(store, orders, Add).Run();
        new SettlementCheck(store, orders, settlements, Add).Run();
        settled.Run();
        new PayerCheck(store, orders, options, now, Add).Run();
        new StatementCheck(store, orders, Add).Run();
        new MeterCheck(store, ledger, Add).Run();

        // Of a kind with more findings than are kept, one that is not among them may stand all the same: none of that kind is cleared.
        HashSet<ReconciliationKind> whole = [.. Enum.GetValues<ReconciliationKind>().Where(k => counts.GetValueOrDefault(k) <= MostOfAKind)];
        if (!isAudited) whole.ExceptWith([ReconciliationKind.OrdersLedger, ReconciliationKind.TokensSigner]);
        return await store.KeepAsync(whole, findings, options.OwnerOf, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makers' statements against the journal, now; nothing is kept. The next run finds the same.</summary>
    public IReadOnlyList<Finding> CompareStatements()
    {
        List<Finding> findings = [];
        new StatementCheck(store, orders, finding =>
        {
            if (findings.Count < MostOfAKind) findings.Add(finding);
        }).Run();
        return findings;
    }

    public IReadOnlyList<ReconciliationItem> List(ReconciliationKind? kind, bool withCleared, int limit) => store.List(kind, withCleared, limit);

    /// <summary>Gives a finding to somebody; what is wrong, or null.</summary>
    public async Task<string?> AssignAsync(int number, string owner, CancellationToken cancellationToken)
    {
        if (!IsText(owner, ReconciliationItem.MaxOwnerLength)) return $"an owner has 1 to {ReconciliationItem.MaxOwnerLength} characters";
        return await store.AssignAsync(number, owner, cancellationToken).ConfigureAwait(false) ? null : $"there is no finding {number}";
    }

    /// <summary>Says why a finding is there. It stays in the list, as explained, until the books agree; what is wrong, or null.</summary>
    public async Task<string?> ExplainAsync(int number, string explanation, string by, CancellationToken cancellationToken)
    {
        if (!IsText(explanation, ReconciliationItem.MaxExplanationLength) || !IsText(by, ReconciliationItem.MaxOwnerLength))
            return $"an explanation has 1 to {ReconciliationItem.MaxExplanationLength} characters and says by whom";
        return await store.ExplainAsync(number, explanation, by, cancellationToken).ConfigureAwait(false) ? null : $"there is no open finding {number}";
    }

    private static IEnumerable<Finding> FindingsOf(string? ledgerProblem, IReadOnlyList<AuditDifference> differences, DateTimeOffset now)
    {
        if (ledgerProblem is { } problem) yield return new Finding(ReconciliationKind.OrdersLedger, FindingCodes.LedgerBroken, "ledger", problem, now);
        foreach (AuditDifference difference in differences)
        {
            ReconciliationKind kind = difference.KeyId is null ? ReconciliationKind.OrdersLedger : ReconciliationKind.TokensSigner;
            yield return new Finding(kind, FindingCodes.AuditDifference, $"{difference.Where}: {difference.Problem}", difference.Problem, now);
        }
    }

    private static bool IsText(string text, int most) => text.Length > 0 && text.Length <= most && !text.Any(char.IsControl);
}
