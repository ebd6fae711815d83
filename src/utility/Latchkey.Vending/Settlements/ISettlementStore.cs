using Latchkey.Ledger;

namespace Latchkey.Vending.Settlements;

/// <summary>Settlement files and their lines, beside the ledger in one transaction: a line and its entry are one write.</summary>
public interface ISettlementBooks
{
    SettlementRecord? FindPaper(string channel, string id);

    /// <summary>Keeps a file with those of its lines that are new.</summary>
    void Keep(SettlementPaper paper, string fingerprint, IReadOnlyList<PaperLine> fresh, DateTimeOffset at);

    SettlementRow? FindLine(string channel, string lineId);

    /// <summary>Lines of a file that do not stand in the ledger, in the order of their names.</summary>
    IReadOnlyList<SettlementRow> Unposted(string channel, string paper, int limit);

    void MarkPosted(string channel, string lineId, SettlementMoves moves);

    /// <summary>Every line that is marked as booked, one at a time.</summary>
    void ForEachPosted(Action<SettlementRow> row);

    /// <summary>What is in suspense of one payment; see <see cref="SettlementMoves.Suspense"/>.</summary>
    long SuspenseOf(string channel, string reference, LedgerUnit unit);

    /// <summary>What two people took out of suspense; once for an approval.</summary>
    void AddAct(Guid approval, string channel, string reference, LedgerUnit unit, long suspense, DateTimeOffset at);

    /// <summary>Payments with money in suspense, the oldest first.</summary>
    IReadOnlyList<SettlementDifference> Differences(int limit);

    /// <summary>By channel and unit.</summary>
    IReadOnlyList<SettlementTotals> Totals();

    /// <summary>Files with lines that do not stand in the ledger.</summary>
    IReadOnlyList<SettlementRecord> Unfinished(int limit);

    /// <summary>The newest first.</summary>
    IReadOnlyList<SettlementRecord> Papers(int limit);
}

/// <summary>Where settlement files are kept.</summary>
public interface ISettlementStore
{
    /// <summary>Runs a step whole or not at all; durable when it answers.</summary>
    Task<T> UpdateAsync<T>(Func<IVendingBooks, ISettlementBooks, T> step, CancellationToken cancellationToken);

    /// <summary>Looks at both in one state, without changing.</summary>
    T Read<T>(Func<IVendingBooks, ISettlementBooks, T> step);
}
