using Latchkey.Ledger;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Ledger;

/// <summary>Closed periods and their trial balances to rows and back.</summary>
internal static class PeriodRows
{
    private const string Columns = "number, sequence, through, open_from, closed_by, closed_at, root";

    public static IReadOnlyList<AccountingPeriod> All(SqliteSession session) => HasTable(session)
        ? session.Query($"SELECT {Columns} FROM ledger_period ORDER BY number", Read)
        : [];

    public static AccountingPeriod? Last(SqliteSession session, DateTimeOffset? notAfter = null) => HasTable(session)
        ? session.First(
            $"SELECT {Columns} FROM ledger_period WHERE through <= ?1 ORDER BY number DESC LIMIT 1", Read, (notAfter ?? DateTimeOffset.MaxValue).UtcTicks)
        : null;

    public static AccountingPeriod? Find(SqliteSession session, int number) => session.First(
        $"SELECT {Columns} FROM ledger_period WHERE number = ?1", Read, number);

    public static DateTimeOffset? ClosedThrough(SqliteSession session) => Last(session)?.Through;

    public static void Save(SqliteSession session, AccountingPeriod period, PeriodBalance balance)
    {
        session.Execute(
            $"INSERT INTO ledger_period ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            period.Number, period.Sequence, period.Through.UtcTicks, period.OpenFrom, period.ClosedBy, period.ClosedAt.UtcTicks, period.Root);
        foreach (PeriodLine line in balance.Lines)
        {
            session.Execute(
                """
                INSERT INTO ledger_period_line (period, account, debits_posted, credits_posted, debits_pending, credits_pending)
                SELECT ?1, no, ?3, ?4, ?5, ?6 FROM ledger_account WHERE id = ?2
                """,
                period.Number, line.Account.ToString(), (long)line.Totals.DebitsPosted, (long)line.Totals.CreditsPosted,
                (long)line.Totals.DebitsPending, (long)line.Totals.CreditsPending);
        }
    }

    /// <summary>False where there is no such period, or its root is kept already.</summary>
    public static bool SaveRoot(SqliteSession session, int number, string root) =>
        session.Execute("UPDATE ledger_period SET root = ?2 WHERE number = ?1 AND root IS NULL", number, root) == 1;

    public static PeriodBalance Balance(SqliteSession session, AccountingPeriod period)
    {
        var accounts = new Dictionary<AccountId, LedgerAccount>();
        var totals = new Dictionary<AccountId, BalanceChange>();
        session.ForEach(
            """
            SELECT a.id, a.unit, a.class, l.debits_posted, l.credits_posted, l.debits_pending, l.credits_pending
            FROM ledger_period_line l JOIN ledger_account a ON a.no = l.account WHERE l.period = ?1
            """,
            row =>
            {
                if (!AccountId.TryParse(row.GetString(0), out AccountId id) || !LedgerUnit.TryParse(row.GetString(1), out LedgerUnit unit))
                    throw new StorageException(StorageFailure.Damaged, $"A line of period {period.Number} cannot be read; run the audit.");
                accounts.Add(id, new LedgerAccount(id, unit, (AccountClass)row.GetInt32(2)));
                totals.Add(id, new BalanceChange(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)));
                return true;
            },
            period.Number);
        return PeriodBalance.Of(period.Through, totals, accounts.GetValueOrDefault);
    }

    private static AccountingPeriod Read(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), row.Time(2), row.GetInt64(3), row.GetString(4), row.Time(5), row.TextOrNull(6));

    /// <summary>An audit also reads books that were written before periods could be closed.</summary>
    private static bool HasTable(SqliteSession session) =>
        session.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'ledger_period'") != 0;
}
