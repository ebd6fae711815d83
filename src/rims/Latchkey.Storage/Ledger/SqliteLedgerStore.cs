using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>The books on SQLite.</summary>
public sealed class SqliteLedgerStore(SqliteDatabase database) : ILedgerStore
{
    private const int StatementLimit = 1_000;

    public Task<bool> OpenAccountAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        database.WriteAsync(s => LedgerWriter.Open(s, account), cancellationToken);

    public Task CloseAccountAsync(AccountId account, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (s.Execute("UPDATE ledger_account SET closed = 1 WHERE id = ?1", account.ToString()) == 0)
                throw new ArgumentException($"There is no account {account}.", nameof(account));
        },
        cancellationToken);

    public Task<PostResult> PostAsync(JournalEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(s => LedgerWriter.Post(s, entry), cancellationToken);

    public LedgerAccount? FindAccount(AccountId account) => database.Read(s => LedgerWriter.FindAccount(s, account)?.Account);

    public RecordedEntry? FindEntry(Guid id) => database.Read(s => LedgerWriter.FindEntry(s, id));

    public RecordedEntry? FindConclusion(Guid id) => database.Read(s => LedgerWriter.FindConclusion(s, id));

    public TrialBalance TrialBalance() => database.Read(s => Latchkey.Ledger.TrialBalance.Of(LedgerWriter.AllAccounts(s)));

    public IReadOnlyList<StatementLine> Statement(AccountId account, long afterSequence, int limit) => database.Read(s =>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit is > 0 and <= StatementLimit, true);
        if (LedgerWriter.FindAccount(s, account) is not { } found) return [];
        Int128 balance = NetUntil(s, found.No, afterSequence);
        return s.Query(
            """
            SELECT m.sequence, e.canonical, m.amount FROM ledger_movement m JOIN ledger_entry e ON e.sequence = m.sequence
            WHERE m.account = ?1 AND m.sequence > ?2 ORDER BY m.sequence, m.leg LIMIT ?3
            """,
            row =>
            {
                if (!EntryCodec.TryDecode((byte[])row.GetValue(1), out _, out JournalEntry? entry))
                    throw new StorageException(StorageFailure.Damaged, $"Ledger entry {row.GetInt64(0)} cannot be read; run the audit.");
                balance += row.GetInt64(2);
                return new StatementLine(row.GetInt64(0), entry!.Id, entry.At, entry.Memo, row.GetInt64(2), balance);
            },
            found.No, afterSequence, limit);
    });

    public T Audit<T>(Func<ILedgerRecords, T> work) => database.Read(s => work(new SqliteLedgerRecords(s)));

    /// <summary>Summed in halves, because a sum of many amounts may pass 64 bits though every balance fits.</summary>
    private static Int128 NetUntil(SqliteSession session, long account, long sequence) => session.First(
        """
        SELECT coalesce(sum(amount >> 32), 0), coalesce(sum(amount & 4294967295), 0) FROM ledger_movement
        WHERE account = ?1 AND sequence <= ?2
        """,
        row => ((Int128)row.GetInt64(0) << 32) + row.GetInt64(1), account, sequence);
}
