using Latchkey.Ledger;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Ledger;

/// <summary>Posts inside a transaction that somebody else holds, so that an order and its entry are one write.</summary>
internal static class LedgerWriter
{
    private const string AccountColumns =
        "no, id, unit, class, \"limit\", allowance, closed, debits_posted, credits_posted, debits_pending, credits_pending, last_movements";

    public static PostResult Post(SqliteSession session, JournalEntry entry)
    {
        LedgerCache cache = CacheOf(session) ?? throw new InvalidOperationException("Posting needs the writer's session.");
        JournalEntry? referred = entry.Refers is { } id ? FindEntry(session, id)?.Entry : null;
        Dictionary<AccountId, LedgerAccount> accounts = Accounts(session, entry, referred);
        PostingContext context = new(
            FindEntry(session, entry.Id)?.Entry, referred, entry.Refers is { } r && IsConcluded(session, r), accounts, cache.ClosedThrough);

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

    /// <summary>As <see cref="Post"/>; what belongs to a closed period is dated at the first moment of the open one.</summary>
    public static PostResult PostInOpenPeriod(SqliteSession session, JournalEntry entry) => Post(session, entry.InOpenPeriod(CacheOf(session)?.ClosedThrough));

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
        CacheOf(session)!.Change(found.Account with { IsClosed = true });
    }

    /// <summary>The account with its totals up to the newest entry.</summary>
    public static CachedAccount? FindAccount(SqliteSession session, AccountId id)
    {
        LedgerCache? cache = CacheOf(session);
        if (cache?.Find(id) is { } cached) return cached;
        CachedAccount? read = FindStored(session, id);
        if (read is null) return null;
        if (cache is null) return read with { Account = LedgerTail.Read(session).Over(read.Account) };

        // What the tail touches is in the cache already, so this row is up to date.
        cache.Remember(id, read);
        return read;
    }

    public static IReadOnlyList<LedgerAccount> AllAccounts(SqliteSession session)
    {
        LedgerTail tail = LedgerTail.Read(session);
        return session.Query($"SELECT {AccountColumns} FROM ledger_account ORDER BY id", row => tail.Over(ReadAccount(row).Account));
    }

    /// <summary>All accounts as their rows have them, without what the newest entries add.</summary>
    internal static IReadOnlyList<LedgerAccount> StoredAccounts(SqliteSession session) =>
        session.Query($"SELECT {AccountColumns} FROM ledger_account ORDER BY id", row => ReadAccount(row).Account);

    /// <summary>Each account with the number of its row and that of the newest row of its statement.</summary>
    internal static IReadOnlyList<(long No, AccountId Id, long? Newest)> Statements(SqliteSession session) => session.Query(
        $"SELECT {AccountColumns} FROM ledger_account", row =>
        {
            (long no, LedgerAccount account, long? newest) = ReadAccount(row);
            return (no, account.Id, newest);
        });

    /// <summary>The account as its row has it.</summary>
    internal static CachedAccount? FindStored(SqliteSession session, AccountId id) =>
        session.First($"SELECT {AccountColumns} FROM ledger_account WHERE id = ?1", ReadAccount, id.ToString());

    /// <summary>The writer's cache, made good after anything that emptied it; null on a reading session.</summary>
    private static LedgerCache? CacheOf(SqliteSession session)
    {
        LedgerCache? cache = session.Cache<LedgerCache>();
        if (cache is { IsLoaded: false }) cache.Load(session);
        return cache;
    }

    public static RecordedEntry? FindEntry(SqliteSession session, Guid id) => session.Cache<LedgerCache>()?.FindEntry(id) ?? FindStoredEntry(session, id);

    internal static RecordedEntry? FindStoredEntry(SqliteSession session, Guid id) =>
        One(session.Statement("SELECT sequence, canonical, hash FROM ledger_entry WHERE id = ?1").Bind(1, id));

    public static RecordedEntry? FindEntry(SqliteSession session, long sequence) =>
        One(session.Statement("SELECT sequence, canonical, hash FROM ledger_entry WHERE sequence = ?1").Bind(1, sequence));

    public static RecordedEntry? FindConclusion(SqliteSession session, Guid id) =>
        One(session.Statement("SELECT sequence, canonical, hash FROM ledger_entry WHERE refers = ?1").Bind(1, id));

    public static (RecordedEntry? Entry, EntryKind? End) FindWithEnd(SqliteSession session, Guid id)
    {
        SqliteStatement query = session.Statement(
            """
            SELECT e.sequence, e.canonical, e.hash, (SELECT c.canonical FROM ledger_entry c WHERE c.refers = e.id) FROM ledger_entry e WHERE e.id = ?1
            """);
        if (!query.Bind(1, id).Step()) return default;
        RecordedEntry entry = ReadEntry(query);
        EntryKind? end = query.IsNull(3) ? null : ReadKind(query.Blob(3));
        query.Reset();
        return (entry, end);
    }

    private static RecordedEntry? One(SqliteStatement query)
    {
        if (!query.Step()) return null;
        RecordedEntry entry = ReadEntry(query);
        query.Reset();
        return entry;
    }

    private static EntryKind ReadKind(ReadOnlySpan<byte> canonical) => EntryCodec.TryDecode(canonical, out _, out JournalEntry? entry)
        ? entry!.Kind
        : throw new StorageException(StorageFailure.Damaged, "A ledger entry cannot be read; run the audit.");

    private static RecordedEntry ReadEntry(SqliteStatement row) =>
        new(row.Integer(0), Decode(row.Integer(0), row.Blob(1)), new ChainHash(row.Blob(2)));

    internal static JournalEntry Decode(long sequence, ReadOnlySpan<byte> canonical) => EntryCodec.TryDecode(canonical, out _, out JournalEntry? entry)
        ? entry!
        : throw new StorageException(StorageFailure.Damaged, $"Ledger entry {sequence} cannot be read; run the audit.");

    private static bool IsConcluded(SqliteSession session, Guid id)
    {
        SqliteStatement query = session.Statement("SELECT 1 FROM ledger_entry WHERE refers = ?1");
        bool found = query.Bind(1, id).Step();
        query.Reset();
        return found;
    }

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
        Span<byte> hashBytes = stackalloc byte[ChainHash.Size];
        recorded.Hash.WriteTo(hashBytes);
        session.Statement("INSERT INTO ledger_entry (sequence, id, refers, canonical, hash) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, recorded.Sequence).Bind(2, entry.Id).Bind(3, entry.Refers).Bind(4, canonical.AsSpan()).Bind(5, hashBytes).Run();
        cache.Append(recorded);
        return recorded;
    }

    internal static void SaveTotals(SqliteSession session, CachedAccount account)
    {
        AccountBalance b = account.Account.Balance;
        session
            .Statement("UPDATE ledger_account SET debits_posted = ?2, credits_posted = ?3, debits_pending = ?4, credits_pending = ?5, last_movements = ?6 WHERE no = ?1")
            .Bind(1, account.No).Bind(2, b.DebitsPosted).Bind(3, b.CreditsPosted).Bind(4, b.DebitsPending).Bind(5, b.CreditsPending)
            .Bind(6, account.LastMovements).Run();
    }

    internal static void SaveMovements(SqliteSession session, long no, CachedAccount account, IReadOnlyList<Movement> movements) => session
        .Statement("INSERT INTO ledger_movements (no, account, previous, last_sequence, movements, balance) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .Bind(1, no).Bind(2, account.No).Bind(3, account.LastMovements).Bind(4, movements[^1].Sequence).Bind(5, Movement.Pack(movements).AsSpan())
        .Bind(6, (long)account.Account.Balance.Net).Run();

    private static CachedAccount ReadAccount(SqliteDataReader row)
    {
        if (!AccountId.TryParse(row.GetString(1), out AccountId id) || !LedgerUnit.TryParse(row.GetString(2), out LedgerUnit unit))
            throw new StorageException(StorageFailure.Damaged, $"Ledger account {row.GetInt64(0)} cannot be read; run the audit.");
        var balance = new AccountBalance(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10));
        var account = new LedgerAccount(
            id, unit, (AccountClass)row.GetInt32(3), (AccountLimit)row.GetInt32(4), row.GetInt64(5), row.GetInt64(6) != 0, balance);
        return new CachedAccount(row.GetInt64(0), account, row.IsDBNull(11) ? null : row.GetInt64(11));
    }
}
