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

    /// <summary>The entries after one number up to another, in order.</summary>
    public IReadOnlyList<RecordedEntry> Entries(long after, long upTo) => database.Read<IReadOnlyList<RecordedEntry>>(s =>
    {
        List<RecordedEntry> entries = [];
        for (long sequence = after + 1; sequence <= upTo; sequence++)
        {
            entries.Add(LedgerWriter.FindEntry(s, sequence)
                ?? throw new StorageException(StorageFailure.Damaged, $"Ledger entry {sequence} is missing; run the audit."));
        }

        return entries;
    });

    public RecordedEntry? FindConclusion(Guid id) => database.ReadOne(s => LedgerWriter.FindConclusion(s, id));

    public (RecordedEntry? Entry, EntryKind? End) FindWithEnd(Guid id) => FindWithEnd([id])[0];

    public IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> FindWithEnd(IReadOnlyList<Guid> ids) =>
        database.Read<IReadOnlyList<(RecordedEntry?, EntryKind?)>>(s =>
        {
            // A token rests on what this finds: an entry that somebody slipped into the file is no ground for one.
            s.Companion<LedgerSeal>()?.Require(s);
            return [.. ids.Select(id => LedgerWriter.FindWithEnd(s, id))];
        });

    public IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> LookUp(IReadOnlyList<Guid> ids) =>
        database.Read<IReadOnlyList<(RecordedEntry?, EntryKind?)>>(s => [.. ids.Select(id => Readable(s, id))]);

    /// <summary>An entry whose bytes are spoiled counts as not there; the ledger's audit names it.</summary>
    private static (RecordedEntry? Entry, EntryKind? End) Readable(SqliteSession session, Guid id)
    {
        try
        {
            return LedgerWriter.FindWithEnd(session, id);
        }
        catch (StorageException e) when (e.Failure == StorageFailure.Damaged)
        {
            return default;
        }
    }

    public DateTimeOffset? ClosedThrough => database.ReadOne(PeriodRows.ClosedThrough);

    public TrialBalance TrialBalance() => database.Read(s => Latchkey.Ledger.TrialBalance.Of(LedgerWriter.AllAccounts(s)));

    public IReadOnlyList<StatementLine> Statement(AccountId account, long afterSequence, int limit) => database.Read(s =>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit is > 0 and <= StatementLimit, true);
        if (LedgerWriter.FindAccount(s, account) is not { } found) return [];
        List<StatementLine> lines = [];
        LedgerLines.ForEach(s, found, afterSequence, (movement, balance) =>
        {
            if (movement.Sequence > afterSequence) lines.Add(Line(s, movement, balance));
            return lines.Count < limit;
        });
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
