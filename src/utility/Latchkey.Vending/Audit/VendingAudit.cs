using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>One thing that does not agree, and where.</summary>
/// <param name="Where">An order's id, a line of the signer's journal, or a key.</param>
/// <param name="KeyId">The key to stop; null where the difference is not a key's.</param>
public sealed record AuditDifference(string Where, string Problem, string? KeyId);

/// <summary>What an audit of selling says.</summary>
public sealed record VendingAuditReport(AuditReport Ledger, long Tokens, long Orders, IReadOnlyList<AuditDifference> Differences)
{
    /// <summary>Answers of makers' services on record.</summary>
    public long MakerTokens { get; init; }

    public bool IsIntact => Ledger.IsIntact && Differences.Count == 0;
}

/// <summary>Compares three sets of books that different hands keep: the ledger, the signer's journal, the orders. A token without a sale shows here.</summary>
public sealed class VendingAudit(ILedgerStore ledger, IVendingStore orders, ISignerStore signer, IKeyCustody? custody)
{
    /// <summary>Reads everything. Without custody (offline) the MACs of the signer's journal are not checked, all the rest is.</summary>
    /// <remarks>
    /// Safe beside running sales: each book is read in one state, and what must answer it is looked up in a later one: every signature has its entry
    /// and its order by then, every settlement and every sold order its signature.
    /// </remarks>
    public VendingAuditReport Verify() => Verify([]);

    /// <summary>As <see cref="Verify()"/>, and holds the books to roots that were published; their signatures are the caller's to check.</summary>
    public VendingAuditReport Verify(IReadOnlyList<PublishedRoot> roots)
    {
        var run = new AuditRun(ledger, orders, signer, custody, roots);
        signer.Read(books =>
        {
            run.SeeSigner(books);
            return true;
        });
        var approvals = new ApprovalAudit(ledger);
        AuditReport report = ledger.Audit(records => LedgerAudit.Verify(records, entry =>
        {
            run.SeeEntry(entry);
            approvals.SeeEntry(entry.Entry);
        }));
        orders.ForEach(run.SeeOrder);
        run.Finish(report.EntriesRead);
        foreach (Approval approval in orders.Read(books => books.Approvals(null, int.MaxValue))) approvals.SeeApproval(approval);
        approvals.Finish();
        return new VendingAuditReport(report, run.Tokens, run.Orders, [.. run.Differences, .. run.Makers.Differences, .. approvals.Differences]) { MakerTokens = run.Makers.Tokens };
    }

    /// <summary>The daily reconciliation: any difference stops the key it belongs to; one that belongs to no key, or a broken ledger, stops them all.</summary>
    public async Task<VendingAuditReport> ReconcileAsync(ITokenSigner stopper, CancellationToken cancellationToken)
    {
        VendingAuditReport report = Verify();
        bool all = !report.Ledger.IsIntact || report.Differences.Any(d => d.KeyId is null);
        IEnumerable<string> keys = all
            ? signer.Read(books => books.Keys.Select(k => k.KeyId).ToArray())
            : report.Differences.Select(d => d.KeyId!).Distinct(StringComparer.Ordinal);
        foreach (string key in keys) await stopper.StopAsync(key, "reconciliation", cancellationToken).ConfigureAwait(false);
        return report;
    }
}
