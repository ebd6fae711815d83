using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

internal sealed class SqliteLedgerRecords(SqliteSession session) : ILedgerRecords
{
    private IReadOnlyDictionary<AccountId, Int128>? _indexedNet;

    public IReadOnlyList<LedgerAccount> Accounts { get; } = LedgerWriter.AllAccounts(session);

    public long? NewestSequence { get; } = session.Scalar<long>("SELECT newest FROM ledger_mark");

    public IReadOnlyDictionary<AccountId, Int128> IndexedNet => _indexedNet ??= ReadIndexedNet();

    public void ForEach(Func<LedgerRecord, bool> record) => session.ForEach(
        "SELECT sequence, id, canonical, hash FROM ledger_entry ORDER BY sequence", row => record(Read(row)));

    // Its own statement: the one of ForEach is in use while this is asked.
    public LedgerRecord? Find(Guid id) => session.First<LedgerRecord?>(
        "SELECT sequence, id, canonical, hash FROM ledger_entry WHERE id = ?1", row => Read(row), GuidBlob.Of(id));

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

    private static LedgerRecord Read(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetInt64(0), new Guid((byte[])row.GetValue(1), bigEndian: true), (byte[])row.GetValue(2), (byte[])row.GetValue(3));
}
