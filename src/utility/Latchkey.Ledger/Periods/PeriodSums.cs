namespace Latchkey.Ledger;

/// <summary>Adds up a replay by closed periods: entries are written in one order and dated in another, so some belong to a later period already.</summary>
/// <remarks>Grows with the accounts and the open periods, never with the entries: what lies beyond the last closing is not kept at all.</remarks>
internal sealed class PeriodSums(IReadOnlyList<AccountingPeriod> periods)
{
    private readonly Dictionary<AccountId, BalanceChange> _closed = [];
    private readonly Dictionary<int, Dictionary<AccountId, BalanceChange>> _open = [];
    private int _next;

    public bool IsEmpty => _next >= periods.Count;

    public void Add(JournalEntry entry, JournalEntry? referred)
    {
        int period = _next;
        while (period < periods.Count && entry.At > periods[period].Through) period++;
        if (period == periods.Count) return;
        if (!_open.TryGetValue(period, out Dictionary<AccountId, BalanceChange>? sums)) _open.Add(period, sums = []);
        Add(sums, BalanceChange.Of(entry, referred));
    }

    /// <summary>Sees a closing entry go by; returns what is wrong with it, or null.</summary>
    public string? Close(long sequence, JournalEntry closing, Func<AccountId, LedgerAccount?> account)
    {
        if (IsEmpty || periods[_next].Sequence != sequence || periods[_next].Through != closing.At) return "it closes a period that the books do not list";
        if (_open.Remove(_next, out Dictionary<AccountId, BalanceChange>? sums)) Add(_closed, sums);
        _next++;
        string? fault = PeriodClosing.FaultOf(closing, PeriodBalance.Of(closing.At, _closed, account));
        Add(_closed, BalanceChange.Of(closing, null));
        return fault;
    }

    private static void Add(Dictionary<AccountId, BalanceChange> sums, IReadOnlyDictionary<AccountId, BalanceChange> more)
    {
        foreach ((AccountId account, BalanceChange change) in more) sums[account] = sums.GetValueOrDefault(account).And(change);
    }
}
