using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>Statements of accounts, each read in one consistent state.</summary>
public sealed class SqliteStatements(SqliteDatabase database)
{
    /// <summary>The statement of an account by the time of the business; null where there is no such account.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The first moment after the last.</param>
    public AccountStatement? Of(AccountId account, DateTimeOffset from, DateTimeOffset to) => database.Read(s =>
    {
        if (LedgerWriter.FindAccount(s, account) is not { } found) return null;
        AccountingPeriod? before = PeriodRows.Last(s, from - AccountingPeriod.Step);
        Int128 opening = before is null ? 0 : After(s, before, account);
        List<AccountMovement> lines = [];
        bool isCut = false;
        LedgerLines.ForEach(s, found, (before?.OpenFrom ?? 1) - 1, (movement, _) =>
        {
            if (movement.Sequence < before?.OpenFrom) return true;
            RecordedEntry entry = Entry(s, movement.Sequence);
            if (entry.Entry.At >= to || entry.Entry.At <= before?.Through) return true;
            if (entry.Entry.At < from) opening += movement.Amount;
            else if (isCut = lines.Count == AccountStatement.MaxLines) return false;
            else lines.Add(Line(entry, account, movement.Amount));
            return true;
        });
        return new AccountStatement(found.Account, from, to, opening, Balanced(opening, lines), isCut);
    });

    /// <summary>The balance with which the period after a closed one begins.</summary>
    private static Int128 After(SqliteSession session, AccountingPeriod period, AccountId account)
    {
        Int128 net = PeriodRows.Balance(session, period).Lines.FirstOrDefault(l => l.Account == account)?.Net ?? 0;
        return Entry(session, period.Sequence).Entry.Postings.Where(p => p.Account == account).Aggregate(net, (sum, p) => sum + p.Amount);
    }

    private static RecordedEntry Entry(SqliteSession session, long sequence) => LedgerWriter.FindEntry(session, sequence)
        ?? throw new StorageException(StorageFailure.Damaged, $"Ledger entry {sequence} is missing; run the audit.");

    private static AccountMovement Line(RecordedEntry recorded, AccountId account, long amount)
    {
        JournalEntry entry = recorded.Entry;
        LedgerUnit unit = entry.Postings.First(p => p.Account == account).Unit;
        AccountId[] against = [.. entry.Postings.Where(p => p.Account != account && p.Unit == unit).Select(p => p.Account).Distinct()];
        return new AccountMovement(recorded.Sequence, entry.Id, recorded.Hash, entry.At, entry.Kind, entry.Memo, entry.Refers, against, amount, 0);
    }

    private static List<AccountMovement> Balanced(Int128 opening, List<AccountMovement> lines)
    {
        Int128 balance = opening;
        for (int i = 0; i < lines.Count; i++) lines[i] = lines[i] with { Balance = balance += lines[i].Amount };
        return lines;
    }
}
