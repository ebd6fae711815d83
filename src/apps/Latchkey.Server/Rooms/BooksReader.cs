using Latchkey.Server.Portal.Books;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Replays the books and keeps the answer: whoever asks while one runs waits for that one. It stops no key; the daily reconciliation does.</summary>
internal sealed class BooksReader(VendingAudit audit, TimeProvider time, TimeProvider real) : IBooksView
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
                (_check, _checkedAt) = (Task.Run(Check, CancellationToken.None), real.GetTimestamp());
            return _check.WaitAsync(cancellationToken);
        }
    }

    private BooksCheck Check()
    {
        VendingAuditReport report = audit.Verify();
        return new BooksCheck(
            time.GetUtcNow(), report.IsIntact, report.Ledger.EntriesRead, report.Ledger.Head.ToString(), report.Tokens, report.Orders, report.Ledger.Problem, report.Differences);
    }
}
