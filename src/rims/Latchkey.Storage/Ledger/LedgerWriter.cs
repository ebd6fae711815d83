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
        JournalEntry? referred = entry.Refers is { } id ? FindEntry(session, id)?.Entry : null;
        var numbers = new Dictionary<AccountId, long>();
        PostingContext context = new(
            FindEntry(session, entry.Id)?.Entry, referred, entry.Refers is { } r && IsConcluded(session, r), Accounts(session, entry, referred, numbers));

        PostResult result = PostingRules.Evaluate(entry, context, out IReadOnlyList<LedgerAccount> changed);
        if (result != PostResult.Posted) return result;

        long sequence = Append(session, entry);
        foreach (LedgerAccount account in changed) SaveBalance(session, numbers[account.Id], account.Balance);
        if (entry.Kind != EntryKind.Hold) AppendMovements(session, entry, sequence, numbers);
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

    public static (long No, LedgerAccount Account)? FindAccount(SqliteSession session, AccountId id) => session.First<(long, LedgerAccount)?>(
        $"SELECT {AccountColumns} FROM ledger_account WHERE id = ?1", row => ReadAccount(row), id.ToString());

    public static IReadOnlyList<LedgerAccount> AllAccounts(SqliteSession session) =>
        session.Query($"SELECT {AccountColumns} FROM ledger_account ORDER BY id", row => ReadAccount(row).Account);

    public static RecordedEntry? FindEntry(SqliteSession session, Guid id) =>
        session.First("SELECT sequence, canonical, hash FROM ledger_entry WHERE id = ?1", ReadEntry, GuidBlob.Of(id));

    public static RecordedEntry? FindConclusion(SqliteSession session, Guid id) =>
        session.First("SELECT sequence, canonical, hash FROM ledger_entry WHERE refers = ?1", ReadEntry, GuidBlob.Of(id));

    private static RecordedEntry ReadEntry(SqliteDataReader row) =>
        EntryCodec.TryDecode((byte[])row.GetValue(1), out _, out JournalEntry? entry)
            ? new RecordedEntry(row.GetInt64(0), entry!, new ChainHash((byte[])row.GetValue(2)))
            : throw new StorageException(StorageFailure.Damaged, $"Ledger entry {row.GetInt64(0)} cannot be read; run the audit.");

    private static bool IsConcluded(SqliteSession session, Guid id) =>
        session.Scalar<long>("SELECT count(*) FROM ledger_entry WHERE refers = ?1", GuidBlob.Of(id)) != 0;

    private static Dictionary<AccountId, LedgerAccount> Accounts(
        SqliteSession session, JournalEntry entry, JournalEntry? referred, Dictionary<AccountId, long> numbers)
    {
        var accounts = new Dictionary<AccountId, LedgerAccount>();
        foreach (Posting posting in entry.Postings.Concat(referred?.Postings ?? []))
        {
            if (accounts.ContainsKey(posting.Account) || FindAccount(session, posting.Account) is not { } found) continue;
            accounts.Add(posting.Account, found.Account);
            numbers.Add(posting.Account, found.No);
        }

        return accounts;
    }

    private static long Append(SqliteSession session, JournalEntry entry)
    {
        (long last, ChainHash head) = session.First<(long, ChainHash)>(
            "SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1",
            row => (row.GetInt64(0), new ChainHash((byte[])row.GetValue(1))));
        long sequence = last + 1;
        byte[] canonical = EntryCodec.Encode(sequence, entry);
        session.Execute(
            "INSERT INTO ledger_entry (sequence, id, refers, canonical, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            sequence, GuidBlob.Of(entry.Id), entry.Refers is { } refers ? GuidBlob.Of(refers) : null, canonical, head.Next(canonical).ToArray());
        return sequence;
    }

    private static void SaveBalance(SqliteSession session, long account, AccountBalance b) => session.Execute(
        "UPDATE ledger_account SET debits_posted = ?2, credits_posted = ?3, debits_pending = ?4, credits_pending = ?5 WHERE no = ?1",
        account, b.DebitsPosted, b.CreditsPosted, b.DebitsPending, b.CreditsPending);

    private static void AppendMovements(SqliteSession session, JournalEntry entry, long sequence, Dictionary<AccountId, long> numbers)
    {
        for (int leg = 0; leg < entry.Postings.Count; leg++)
        {
            session.Execute(
                "INSERT INTO ledger_movement (account, sequence, leg, amount) VALUES (?1, ?2, ?3, ?4)",
                numbers[entry.Postings[leg].Account], sequence, leg, entry.Postings[leg].Amount);
        }
    }

    private static (long No, LedgerAccount Account) ReadAccount(SqliteDataReader row)
    {
        if (!AccountId.TryParse(row.GetString(1), out AccountId id) || !LedgerUnit.TryParse(row.GetString(2), out LedgerUnit unit))
            throw new StorageException(StorageFailure.Damaged, $"Ledger account {row.GetInt64(0)} cannot be read; run the audit.");
        var balance = new AccountBalance(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10));
        return (row.GetInt64(0), new LedgerAccount(
            id, unit, (AccountClass)row.GetInt32(3), (AccountLimit)row.GetInt32(4), row.GetInt64(5), row.GetInt64(6) != 0, balance));
    }
}
