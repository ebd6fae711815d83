using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>
/// The newest entries, whose totals and statement lines are not in their tables yet. Those tables follow from the entries, so they are brought up
/// to date once for many commits; the mark says up to which entry they are. Whoever reads them adds the tail, in the same state of the file.
/// </summary>
internal sealed class LedgerTail
{
    private readonly Dictionary<AccountId, BalanceChange> _changes = [];
    private readonly List<(AccountId Account, Movement Movement)> _movements = [];

    private LedgerTail()
    {
    }

    public IReadOnlyDictionary<AccountId, BalanceChange> Changes => _changes;

    /// <summary>In the order of the entries.</summary>
    public IReadOnlyList<(AccountId Account, Movement Movement)> Movements => _movements;

    /// <summary>Reads it inside a transaction.</summary>
    public static LedgerTail Read(SqliteSession session)
    {
        var tail = new LedgerTail();
        SqliteStatement rows = session.Statement(
            "SELECT sequence, canonical FROM ledger_entry WHERE sequence > (SELECT sequence FROM ledger_mark) ORDER BY sequence");
        try
        {
            while (rows.Step()) tail.Add(session, rows.Integer(0), LedgerWriter.Decode(rows.Integer(0), rows.Blob(1)));
        }
        finally
        {
            rows.Reset();
        }

        return tail;
    }

    /// <summary>The account as its row has it, and what the tail adds.</summary>
    public LedgerAccount Over(LedgerAccount stored) => _changes.TryGetValue(stored.Id, out BalanceChange change)
        ? stored with { Balance = change.ApplyTo(stored.Balance) ?? throw Damaged(stored.Id) }
        : stored;

    /// <summary>Says up to which entry the tables have everything, and which entry is the newest.</summary>
    public static void Mark(SqliteSession session, long sequence, long newest) =>
        session.Statement("UPDATE ledger_mark SET sequence = ?1, newest = ?2").Bind(1, sequence).Bind(2, newest).Run();

    private static StorageException Damaged(AccountId account) =>
        new(StorageFailure.Damaged, $"The totals of account {account} do not fit its entries; run the audit.");

    private void Add(SqliteSession session, long sequence, JournalEntry entry)
    {
        JournalEntry? referred = entry.Refers is { } id ? LedgerWriter.FindStoredEntry(session, id)?.Entry : null;
        foreach ((AccountId account, BalanceChange change) in BalanceChange.Of(entry, referred))
            _changes[account] = _changes.GetValueOrDefault(account).And(change);
        if (entry.Kind == EntryKind.Hold) return;
        foreach (Posting posting in entry.Postings) _movements.Add((posting.Account, new Movement(sequence, posting.Amount)));
    }
}
