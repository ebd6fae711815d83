using Latchkey.Ledger;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Reconciling;

/// <summary>Holds every set of books against the one beside it, and keeps what does not agree until somebody owns and explains it or it is gone.</summary>
public sealed class ReconciliationDesk(
    IReconciliationStore store, ILedgerStore ledger, IVendingStore orders, ISignerStore? signer, IVendorStore vendors, VendingAudit? audit,
    ReconciliationOptions options, TimeProvider time)
{
    private const int MostOfAKind = 10_000;

    /// <summary>Runs everything, an audit included. Safe beside running sales; reads the whole of the books.</summary>
    public Task<ReconciliationRun> RunAsync(CancellationToken cancellationToken) => RunAsync(audit?.Verify(), cancellationToken);

    /// <summary>As above, with an audit that was just made; null where the signer is a process of its own and has its own.</summary>
    public Task<ReconciliationRun> RunAsync(VendingAuditReport? report, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<Finding> findings = [];
        var counts = new Dictionary<ReconciliationKind, int>();
        void Add(Finding finding)
        {
            int count = counts[finding.Kind] = counts.GetValueOrDefault(finding.Kind) + 1;
            if (count <= MostOfAKind) findings.Add(finding);
        }

        if (report is not null) AddAudit(report, now, Add);
        new FloatCheck(store, vendors, orders, ledger, options, now, Add).Run();
        new OrderCheck(store, orders, ledger, signer, options, now, Add).Run();
        new SettlementCheck(store, orders, Add).Run();
        new MeterCheck(store, ledger, Add).Run();

        // Of a kind with more findings than are kept, one that is not among them may stand all the same: none of that kind is cleared.
        HashSet<ReconciliationKind> whole = [.. Enum.GetValues<ReconciliationKind>().Where(k => counts.GetValueOrDefault(k) <= MostOfAKind && (report is not null || !IsAudited(k)))];
        return store.KeepAsync(whole, findings, options.OwnerOf, now, cancellationToken);
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

    private static bool IsAudited(ReconciliationKind kind) => kind is ReconciliationKind.TokensSigner or ReconciliationKind.OrdersLedger;

    private static void AddAudit(VendingAuditReport report, DateTimeOffset now, Action<Finding> add)
    {
        if (report.Ledger.Problem is { } problem)
            add(new Finding(ReconciliationKind.OrdersLedger, FindingCodes.LedgerBroken, report.Ledger.FirstBadSequence is { } bad ? $"entry {bad}" : "totals", problem, now));
        foreach (AuditDifference difference in report.Differences)
        {
            ReconciliationKind kind = difference.KeyId is null ? ReconciliationKind.OrdersLedger : ReconciliationKind.TokensSigner;
            add(new Finding(kind, FindingCodes.AuditDifference, $"{difference.Where}: {difference.Problem}", difference.Problem, now));
        }
    }

    private static bool IsText(string text, int most) => text.Length > 0 && text.Length <= most && !text.Any(char.IsControl);
}
