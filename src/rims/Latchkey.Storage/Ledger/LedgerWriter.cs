using Latchkey.Ledger;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Ledger;

/// <summary>Posts inside a transaction that somebody else holds, so that an order and its entry are one write.</summary>
internal static class LedgerWriter
{
    private const string AccountColumns =
        "no, id, unit, class, \"limit\", allowance, closed, debits_posted, credits_posted, debits_pending, credits_pending";

    public static PostResult Post(SqliteSession session, JournalEntry entry)
    {
        LedgerCache cache = session.Cache<LedgerCache>() ?? throw new InvalidOperationException("Posting needs the writer's session.");
        JournalEntry? referred = entry.Refers is { } id ? FindEntry(session, id)?.Entry : null;
        Dictionary<AccountId, LedgerAccount> accounts = Accounts(session, entry, referred);
        PostingContext context = new(
            FindEntry(session, entry.Id)?.Entry, referred, entry.Refers is { } r && IsConcluded(session, r), accounts);

        PostResult result = PostingRules.Evaluate(entry, context, out IReadOnlyList<LedgerAccount> changed);
        if (result != PostResult.Posted) return result;

        RecordedEntry recorded = Append(session, cache, entry);
        foreach (LedgerAccount account in changed) cache.Change(account);
        if (entry.Kind != EntryKind.Hold)
        {
            foreach (Posting posting in entry.Postings) cache.Move(posting.Account, new Movement(recorded.Sequence, posting.Amount));
        }

        return PostResult.Posted;
    }

    public static bool Open(SqliteSession session, LedgerAccount account)
    {
        if (FindAccount(session, account.Id) is { } there) return there.Account.HasSameTermsAs(account);
        session.Execute(
            "INSERT INTO ledger_account (id, unit, class, \"limit\", allowance, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            account.Id.ToString(), account.Unit.ToString(), (int)account.Class, (int)account.Limit, account.Allowance, account.IsClosed ? 1 : 0);
        return true;
    }

    public static void Close(SqliteSession session, AccountId account)
    {
        CachedAccount found = FindAccount(session, account) ?? throw new ArgumentException($"There is no account {account}.", nameof(account));
        session.Execute("UPDATE ledger_account SET closed = 1 WHERE no = ?1", found.No);
        session.Cache<LedgerCache>()!.Change(found.Account with { IsClosed = true });
    }

    public static CachedAccount? FindAccount(SqliteSession session, AccountId id)
    {
        LedgerCache? cache = session.Cache<LedgerCache>();
        if (cache?.Find(id) is { } cached) return cached;
        CachedAccount? read = session.First($"SELECT {AccountColumns} FROM ledger_account WHERE id = ?1", ReadAccount, id.ToString());
        if (read is not null) cache?.Remember(id, read);
        return read;
    }

    public static IReadOnlyList<LedgerAccount> AllAccounts(SqliteSession session) =>
        session.Query($"SELECT {AccountColumns} FROM ledger_account ORDER BY id", row => ReadAccount(row).Account);

    public static RecordedEntry? FindEntry(SqliteSession session, Guid id) => session.Cache<LedgerCache>()?.FindEntry(id)
        ?? session.First("SELECT sequence, canonical, hash FROM ledger_entry WHERE id = ?1", ReadEntry, GuidBlob.Of(id));

    public static RecordedEntry? FindEntry(SqliteSession session, long sequence) =>
        session.First("SELECT sequence, canonical, hash FROM ledger_entry WHERE sequence = ?1", ReadEntry, sequence);

    public static RecordedEntry? FindConclusion(SqliteSession session, Guid id) =>
        session.First("SELECT sequence, canonical, hash FROM ledger_entry WHERE refers = ?1", ReadEntry, GuidBlob.Of(id));

    public static (RecordedEntry? Entry, EntryKind? End) FindWithEnd(SqliteSession session, Guid id) =>
        session.First<(RecordedEntry?, EntryKind?)>(
            """
            SELECT e.sequence, e.canonical, e.hash, (SELECT c.canonical FROM ledger_entry c WHERE c.refers = e.id) FROM ledger_entry e WHERE e.id = ?1
            """,
            row => (ReadEntry(row), row.IsDBNull(3) ? null : ReadKind((byte[])row.GetValue(3))),
            GuidBlob.Of(id));

    private static EntryKind ReadKind(byte[] canonical) => EntryCodec.TryDecode(canonical, out _, out JournalEntry? entry)
        ? entry!.Kind
        : throw new StorageException(StorageFailure.Damaged, "A ledger entry cannot be read; run the audit.");

    private static RecordedEntry ReadEntry(SqliteDataReader row) =>
        EntryCodec.TryDecode((byte[])row.GetValue(1), out _, out JournalEntry? entry)
            ? new RecordedEntry(row.GetInt64(0), entry!, new ChainHash((byte[])row.GetValue(2)))
            : throw new StorageException(StorageFailure.Damaged, $"Ledger entry {row.GetInt64(0)} cannot be read; run the audit.");

    private static bool IsConcluded(SqliteSession session, Guid id) =>
        session.Scalar<long>("SELECT count(*) FROM ledger_entry WHERE refers = ?1", GuidBlob.Of(id)) != 0;

    private static Dictionary<AccountId, LedgerAccount> Accounts(SqliteSession session, JournalEntry entry, JournalEntry? referred)
    {
        var accounts = new Dictionary<AccountId, LedgerAccount>();
        foreach (Posting posting in entry.Postings.Concat(referred?.Postings ?? []))
        {
            if (!accounts.ContainsKey(posting.Account) && FindAccount(session, posting.Account) is { } found) accounts.Add(posting.Account, found.Account);
        }

        return accounts;
    }

    private static RecordedEntry Append(SqliteSession session, LedgerCache cache, JournalEntry entry)
    {
        if (cache.Head is null)
        {
            (long Sequence, ChainHash Hash) last = session.First(
                "SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1",
                row => (row.GetInt64(0), new ChainHash((byte[])row.GetValue(1))));
            cache.RememberHead(last.Sequence, last.Hash);
        }

        (long head, ChainHash hash) = cache.Head!.Value;
        byte[] canonical = EntryCodec.Encode(head + 1, entry);
        var recorded = new RecordedEntry(head + 1, entry, hash.Next(canonical));
        session.Execute(
            "INSERT INTO ledger_entry (sequence, id, refers, canonical, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            recorded.Sequence, GuidBlob.Of(entry.Id), entry.Refers is { } refers ? GuidBlob.Of(refers) : null, canonical, recorded.Hash.ToArray());
        cache.Append(recorded);
        return recorded;
    }

    internal static void SaveBalance(SqliteSession session, long account, AccountBalance b) => session.Execute(
        "UPDATE ledger_account SET debits_posted = ?2, credits_posted = ?3, debits_pending = ?4, credits_pending = ?5 WHERE no = ?1",
        account, b.DebitsPosted, b.CreditsPosted, b.DebitsPending, b.CreditsPending);

    internal static void SaveMovements(SqliteSession session, CachedAccount account, IReadOnlyList<Movement> movements) => session.Execute(
        "INSERT INTO ledger_movements (account, last_sequence, movements, balance) VALUES (?1, ?2, ?3, ?4)",
        account.No, movements[^1].Sequence, Movement.Pack(movements), (long)account.Account.Balance.Net);

    private static CachedAccount ReadAccount(SqliteDataReader row)
    {
        if (!AccountId.TryParse(row.GetString(1), out AccountId id) || !LedgerUnit.TryParse(row.GetString(2), out LedgerUnit unit))
            throw new StorageException(StorageFailure.Damaged, $"Ledger account {row.GetInt64(0)} cannot be read; run the audit.");
        var balance = new AccountBalance(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10));
        return new CachedAccount(row.GetInt64(0), new LedgerAccount(
            id, unit, (AccountClass)row.GetInt32(3), (AccountLimit)row.GetInt32(4), row.GetInt64(5), row.GetInt64(6) != 0, balance));
    }
}
