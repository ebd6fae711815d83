using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>Adds up the entries that are dated no later than a moment, beginning at the last closed period before it.</summary>
internal sealed class PeriodScan
{
    private readonly DateTimeOffset? _after;
    private readonly Dictionary<AccountId, BalanceChange> _totals;
    private long? _openFrom;

    private PeriodScan(DateTimeOffset through, DateTimeOffset? after, IReadOnlyDictionary<AccountId, BalanceChange> totals) =>
        (Through, _after, _totals) = (through, after, new Dictionary<AccountId, BalanceChange>(totals));

    public DateTimeOffset Through { get; }

    public IReadOnlyDictionary<AccountId, BalanceChange> Totals => _totals;

    /// <summary>The last entry that was looked at.</summary>
    public long UpTo { get; private set; }

    /// <summary>The first entry dated later; the one after the last where there is none.</summary>
    public long OpenFrom => _openFrom ?? (UpTo + 1);

    public static PeriodScan Read(SqliteSession session, DateTimeOffset through)
    {
        AccountingPeriod? before = PeriodRows.Last(session, through);
        var scan = new PeriodScan(through, before?.Through, new Dictionary<AccountId, BalanceChange>());
        if (before is not null)
        {
            foreach (PeriodLine line in PeriodRows.Balance(session, before).Lines) scan._totals[line.Account] = line.Totals;
            RecordedEntry closing = LedgerWriter.FindEntry(session, before.Sequence)
                ?? throw new StorageException(StorageFailure.Damaged, $"Ledger entry {before.Sequence} is missing; run the audit.");
            scan.Add(session, closing.Entry);
        }

        scan.Read(session, before?.OpenFrom ?? 1);
        return scan;
    }

    /// <summary>With what has been written since: a copy, because the writer's work may be run twice. Reads anew where a period was closed meanwhile.</summary>
    public PeriodScan Continued(SqliteSession session)
    {
        if (PeriodRows.Last(session, Through)?.Through != _after) return Read(session, Through);
        var copy = new PeriodScan(Through, _after, _totals) { _openFrom = _openFrom };
        copy.Read(session, UpTo + 1);
        return copy;
    }

    public PeriodBalance Balance(SqliteSession session) => PeriodBalance.Of(Through, _totals, id => LedgerWriter.FindAccount(session, id)?.Account);

    private void Read(SqliteSession session, long from)
    {
        UpTo = Math.Max(UpTo, from - 1);
        SqliteStatement rows = session.Statement("SELECT sequence, canonical FROM ledger_entry WHERE sequence >= ?1 ORDER BY sequence").Bind(1, from);
        try
        {
            while (rows.Step()) See(session, rows.Integer(0), LedgerWriter.Decode(rows.Integer(0), rows.Blob(1)));
        }
        finally
        {
            rows.Reset();
        }
    }

    private void See(SqliteSession session, long sequence, JournalEntry entry)
    {
        UpTo = sequence;
        if (entry.At > Through) _openFrom ??= sequence;
        else if (_after is null || entry.At > _after) Add(session, entry);
    }

    private void Add(SqliteSession session, JournalEntry entry)
    {
        bool frees = entry.Kind is EntryKind.Settle or EntryKind.Void or EntryKind.Expire;
        JournalEntry? referred = frees && entry.Refers is { } id ? LedgerWriter.FindStoredEntry(session, id)?.Entry : null;
        foreach ((AccountId account, BalanceChange change) in BalanceChange.Of(entry, referred))
            _totals[account] = _totals.GetValueOrDefault(account).And(change);
    }
}
