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

    private Dictionary<AccountId, Int128> ReadIndexedNet()
    {
        var net = new Dictionary<AccountId, Int128>();
        session.ForEach(
            "SELECT a.id, m.movements FROM ledger_movements m JOIN ledger_account a ON a.no = m.account",
            row =>
            {
                AccountId account = AccountId.Require(row.GetString(0));
                net[account] = Movement.Unpack((byte[])row.GetValue(1)).Aggregate(net.GetValueOrDefault(account), (sum, m) => sum + m.Amount);
                return true;
            });
        foreach ((AccountId account, Movement movement) in LedgerTail.Read(session).Movements)
            net[account] = net.GetValueOrDefault(account) + movement.Amount;
        return net;
    }

    private static LedgerRecord Read(SqliteStatement row) => new(row.Integer(0), row.Id(1), row.Blob(2).ToArray(), row.Blob(3).ToArray());
}
