using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

internal sealed class SqliteLedgerRecords(SqliteSession session) : ILedgerRecords
{
    private IReadOnlyDictionary<AccountId, Int128>? _indexedNet;

    public IReadOnlyList<LedgerAccount> Accounts { get; } = ReadAccounts(session);

    public long? NewestSequence { get; } = session.Scalar<long>("SELECT newest FROM ledger_mark");

    public IReadOnlyList<AccountingPeriod> Periods { get; } = PeriodRows.All(session);

    public bool IsForeign { get; } = session.Companion<LedgerSeal>() is { } seal && !seal.IsIntact(session);

    public IReadOnlyDictionary<AccountId, Int128> IndexedNet => _indexedNet ??= ReadIndexedNet();

    public void ForEach(Func<LedgerRecord, bool> record)
    {
        SqliteStatement rows = session.Statement("SELECT sequence, id, canonical, hash FROM ledger_entry ORDER BY sequence");
        try
        {
            while (rows.Step() && record(Read(rows)))
            {
            }
        }
        finally
        {
            rows.Reset();
        }
    }

    // Its own statement: the one of ForEach is in use while this is asked.
    public LedgerRecord? Find(Guid id)
    {
        SqliteStatement query = session.Statement("SELECT sequence, id, canonical, hash FROM ledger_entry WHERE id = ?1");
        LedgerRecord? found = query.Bind(1, id).Step() ? Read(query) : null;
        query.Reset();
        return found;
    }

    // The index alone answers: it ends in the row's number.
    public long? Locate(Guid id)
    {
        SqliteStatement query = session.Statement("SELECT sequence FROM ledger_entry WHERE id = ?1");
        long? found = query.Bind(1, id).Step() ? query.Integer(0) : null;
        query.Reset();
        return found;
    }

    public long? FindConclusion(Guid id)
    {
        SqliteStatement query = session.Statement("SELECT sequence FROM ledger_entry WHERE refers = ?1");
        long? found = query.Bind(1, id).Step() ? query.Integer(0) : null;
        query.Reset();
        return found;
    }

    /// <summary>Where one of the newest entries is spoiled, their sums cannot be had: the replay comes to that entry before any total is compared, and names it.</summary>
    private static IReadOnlyList<LedgerAccount> ReadAccounts(SqliteSession session)
    {
        try
        {
            return LedgerWriter.AllAccounts(session);
        }
        catch (StorageException e) when (e.Failure == StorageFailure.Damaged)
        {
            return LedgerWriter.StoredAccounts(session);
        }
    }

    /// <summary>In one pass over the rows: each must name the one before it of its account, and the account its last.</summary>
    private Dictionary<AccountId, Int128> ReadIndexedNet()
    {
        var chains = new Dictionary<long, (long? Last, Int128 Net)>();
        session.ForEach(
            "SELECT no, account, previous, movements FROM ledger_movements ORDER BY no",
            row =>
            {
                (long? last, Int128 net) = chains.GetValueOrDefault(row.GetInt64(1));
                bool follows = last == (row.IsDBNull(2) ? null : row.GetInt64(2));
                net = Movement.Unpack((byte[])row.GetValue(3)).Aggregate(net, (sum, m) => sum + m.Amount);
                chains[row.GetInt64(1)] = (follows ? row.GetInt64(0) : -1, net);
                return true;
            });

        var whole = new Dictionary<AccountId, Int128>();
        foreach ((long no, AccountId id, long? newest) in LedgerWriter.Statements(session))
        {
            (long? last, Int128 net) = chains.GetValueOrDefault(no);
            if (last == newest) whole[id] = net;
        }

        foreach ((AccountId account, Movement movement) in LedgerTail.Read(session).Movements)
        {
            if (whole.TryGetValue(account, out Int128 net)) whole[account] = net + movement.Amount;
        }

        return whole;
    }

    private static LedgerRecord Read(SqliteStatement row) => new(row.Integer(0), row.Id(1), row.Blob(2).ToArray(), row.Blob(3).ToArray());
}
