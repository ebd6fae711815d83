using Latchkey.Ledger;
using Latchkey.Server.Portal.Books;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Rooms;

/// <summary>Replays the books and keeps the answer: whoever asks while one runs waits for that one.</summary>
/// <remarks>It stops no key; the daily reconciliation does. A signer in its own process holds its journal to the books itself, and stops what differs at once.</remarks>
internal sealed class BooksReader(VendingHouse house, TimeProvider time, TimeProvider real) : IBooksView
{
    // A replay reads everything: not oftener, however many press.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private Task<BooksCheck>? _check;
    private long _checkedAt;

    public Task<BooksCheck> CheckAsync(bool again, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_check is null or { IsFaulted: true } || real.GetElapsedTime(_checkedAt) >= (again ? Pause : Fresh))
                (_check, _checkedAt) = (Task.Run(CheckAsync, CancellationToken.None), real.GetTimestamp());
            return _check.WaitAsync(cancellationToken);
        }
    }

    private async Task<BooksCheck> CheckAsync()
    {
        if (!house.HasSigner) return await CheckApartAsync();
        VendingAuditReport report = house.Audit.Verify();
        return new BooksCheck(
            time.GetUtcNow(), report.IsIntact, report.Ledger.EntriesRead, report.Ledger.Head.ToString(), report.Tokens, report.Orders, report.Ledger.Problem, report.Differences);
    }

    private async Task<BooksCheck> CheckApartAsync()
    {
        AuditReport ledger = house.AuditLedger();
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None);
        string? problem = report.LedgerProblem ?? (ledger.IsIntact ? null : ledger.Problem ?? "not intact");
        return new BooksCheck(
            time.GetUtcNow(), report.IsIntact && ledger.IsIntact, ledger.EntriesRead, ledger.Head.ToString(), report.Tokens, report.Orders, problem, report.Differences, report.NotDone);
    }
}
