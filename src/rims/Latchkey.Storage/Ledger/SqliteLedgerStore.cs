using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>The books on SQLite.</summary>
public sealed class SqliteLedgerStore(SqliteDatabase database) : ILedgerStore
{
    private const int StatementLimit = 1_000;

    public Task<bool> OpenAccountAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        database.WriteAsync(s => LedgerWriter.Open(s, account), cancellationToken);

    public Task CloseAccountAsync(AccountId account, CancellationToken cancellationToken) =>
        database.WriteAsync(s => LedgerWriter.Close(s, account), cancellationToken);

    public Task<PostResult> PostAsync(JournalEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(s => LedgerWriter.Post(s, entry), cancellationToken);

    public LedgerAccount? FindAccount(AccountId account) => database.Read(s => LedgerWriter.FindAccount(s, account)?.Account);

    public RecordedEntry? FindEntry(Guid id) => database.ReadOne(s => LedgerWriter.FindEntry(s, id));

    public RecordedEntry? FindConclusion(Guid id) => database.ReadOne(s => LedgerWriter.FindConclusion(s, id));

    public (RecordedEntry? Entry, EntryKind? End) FindWithEnd(Guid id) => database.ReadOne(s => LedgerWriter.FindWithEnd(s, id));

    public IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> FindWithEnd(IReadOnlyList<Guid> ids) =>
        database.Read<IReadOnlyList<(RecordedEntry?, EntryKind?)>>(s => [.. ids.Select(id => LedgerWriter.FindWithEnd(s, id))]);

    public TrialBalance TrialBalance() => database.Read(s => Latchkey.Ledger.TrialBalance.Of(LedgerWriter.AllAccounts(s)));

    public IReadOnlyList<StatementLine> Statement(AccountId account, long afterSequence, int limit) => database.Read(s =>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit is > 0 and <= StatementLimit, true);
        if (LedgerWriter.FindAccount(s, account) is not { } found) return [];
        long balance = s.First(
            "SELECT balance FROM ledger_movements WHERE account = ?1 AND last_sequence <= ?2 ORDER BY last_sequence DESC LIMIT 1",
            row => row.GetInt64(0), found.No, afterSequence);
        List<StatementLine> lines = [];
        s.ForEach(
            "SELECT movements FROM ledger_movements WHERE account = ?1 AND last_sequence > ?2 ORDER BY last_sequence",
            row =>
            {
                foreach (Movement movement in Movement.Unpack((byte[])row.GetValue(0)).TakeWhile(_ => lines.Count < limit))
                {
                    balance += movement.Amount;
                    if (movement.Sequence > afterSequence) lines.Add(Line(s, movement, balance));
                }

                return lines.Count < limit;
            },
            found.No, afterSequence);
        foreach ((_, Movement movement) in LedgerTail.Read(s).Movements.Where(m => m.Account == account).TakeWhile(_ => lines.Count < limit))
        {
            balance += movement.Amount;
            if (movement.Sequence > afterSequence) lines.Add(Line(s, movement, balance));
        }

        return (IReadOnlyList<StatementLine>)lines;
    });

    public T Audit<T>(Func<ILedgerRecords, T> work) => database.Read(s => work(new SqliteLedgerRecords(s)));

    private static StatementLine Line(SqliteSession session, Movement movement, long balance)
    {
        RecordedEntry entry = LedgerWriter.FindEntry(session, movement.Sequence)
            ?? throw new StorageException(StorageFailure.Damaged, $"Ledger entry {movement.Sequence} is missing; run the audit.");
        return new StatementLine(movement.Sequence, entry.Entry.Id, entry.Entry.At, entry.Entry.Memo, movement.Amount, balance);
    }
}
