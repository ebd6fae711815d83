using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Books;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;

namespace Latchkey.Server.Rooms;

/// <summary>Replays the books and keeps the answer: whoever asks while one runs waits for that one.</summary>
/// <remarks>It stops no key; the daily reconciliation does. A signer in its own process holds its journal to the books itself, and stops what differs at once.</remarks>
internal sealed class BooksReader(VendingHouse vending, TimeProvider time, TimeProvider real) : IBooksView
{
    private const int MostRoots = 24, MostFindings = 200, MostPapers = 200;

    // A replay reads everything: not oftener, however many press.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private Task<BooksCheck>? _check;
    private bool _wasAskedFor;
    private long _checkedAt;

    public Task<BooksCheck> CheckAsync(bool again, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!IsGoodFor(again)) (_check, _wasAskedFor, _checkedAt) = (RunAfterAsync(_check, withMoney: again), again, real.GetTimestamp());
            return _check!.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A visit takes what is there. A press takes what another press began a moment ago, and never what a visit looked at: money was not compared then.</summary>
    private bool IsGoodFor(bool again)
    {
        if (_check is null or { IsFaulted: true }) return false;
        TimeSpan age = real.GetElapsedTime(_checkedAt);
        return again ? _wasAskedFor && age < Pause : age < Fresh;
    }

    /// <summary>One replay at a time: a press while a visit's is running comes after it.</summary>
    private Task<BooksCheck> RunAfterAsync(Task<BooksCheck>? running, bool withMoney) => Task.Run(
        async () =>
        {
            if (running is not null) await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await RunAsync(withMoney);
        },
        CancellationToken.None);

    public BooksPapers Papers()
    {
        DateTimeOffset now = time.GetUtcNow();
        return new BooksPapers(
            [.. vending.Periods.List().Reverse().Take(MostRoots).Select(RootOf)],
            [.. vending.Papers.List(null, withCleared: false, MostFindings).Select(item => FindingOf(item, now))],
            [.. Settled()]);
    }

    private IEnumerable<SettledLine> Settled()
    {
        IReadOnlyList<SettlementRecord> papers = vending.Settlements.Papers(MostPapers);
        foreach (SettlementTotals total in vending.Settlements.Totals())
        {
            // A channel of which nothing was read lately still has its money.
            SettlementRecord? newest = papers.FirstOrDefault(p => p.Channel == total.Channel);
            yield return new SettledLine(
                total.Channel, newest?.Id ?? "—", newest?.IsPosted != false, MoneyOf(total.Moves.Bank, total.Unit), MoneyOf(total.Moves.Fee, total.Unit), MoneyOf(total.Moves.Suspense, total.Unit));
        }
    }

    /// <summary>A visit looks; a press compares the money, too, and keeps what differs.</summary>
    private async Task<BooksCheck> RunAsync(bool withMoney)
    {
        if (!vending.HasSigner) return await RunApartAsync(withMoney);
        VendingAuditReport report = vending.Audit.Verify();
        if (withMoney) await vending.Reconciliation.RunAsync(DailyReconciliation.Of(report), CancellationToken.None);
        return new BooksCheck(
            time.GetUtcNow(), report.IsIntact, report.Ledger.EntriesRead, report.Ledger.Head.ToString(), report.Tokens, report.Orders, report.Ledger.Problem, report.Differences);
    }

    private async Task<BooksCheck> RunApartAsync(bool withMoney)
    {
        AuditReport ledger = vending.AuditLedger();
        DailyReconciliation report = await vending.ReconcileAsync(CancellationToken.None);
        if (withMoney) await vending.Reconciliation.RunAsync(report, CancellationToken.None);
        string? problem = report.LedgerProblem ?? (ledger.IsIntact ? null : ledger.Problem ?? "not intact");
        return new BooksCheck(
            time.GetUtcNow(), report.IsIntact && ledger.IsIntact, ledger.EntriesRead, ledger.Head.ToString(), report.Tokens, report.Orders, problem, report.Differences, report.NotDone);
    }

    private RootLine RootOf(AccountingPeriod period)
    {
        if (!PublishedRoot.TryParse(period.Root, out PublishedRoot? root)) return new RootLine(period.Number, period.Through, period.Sequence, null, null, null, Holds: false);
        return new RootLine(period.Number, period.Through, root!.Sequence, root.Head.ToString(), root.Keeper, root.At, Holds(root, period));
    }

    /// <summary>The page is there to show books that are damaged, too: an entry that cannot be read holds nothing.</summary>
    private bool Holds(PublishedRoot root, AccountingPeriod period)
    {
        if (root.Sequence != period.Sequence) return false;
        try
        {
            return vending.Ledger.Entries(root.Sequence - 1, root.Sequence) is [var entry] && entry.Hash == root.Head;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private static FindingLine FindingOf(ReconciliationItem item, DateTimeOffset now) => new(
        item.Number, item.AgeDays(now), item.Finding.Code, item.Finding.Subject, item.Finding.Problem, AmountOf(item.Finding), item.Owner, item.Explanation);

    private static string AmountOf(Finding finding)
    {
        if (finding.Amount is not { } amount) return string.Empty;
        return finding.Unit == LedgerUnit.TenthsOfKilowattHour ? Energy.FromTenthsOfKilowattHour(amount).ToString() : MoneyOf(amount, finding.Unit);
    }

    private static string MoneyOf(long amount, LedgerUnit unit) => Currency.TryParse(unit.ToString(), out Currency currency)
        ? new Money(amount, currency).ToString()
        : amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
