using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Debts in rows and back. What is left of one is its account's balance, holds included.</summary>
internal static class DebtRows
{
    public static RoomSchema Room { get; } = new("debts", new Migration(1, "debts", """
        CREATE TABLE vend_debt (
            pan INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
            fixed_minor INTEGER, share TEXT, cap_minor INTEGER, place INTEGER NOT NULL, tax_share TEXT NOT NULL, paused INTEGER NOT NULL,
            PRIMARY KEY (pan, id)
        ) WITHOUT ROWID, STRICT
        """));

    public static IReadOnlyList<OwedDebt> Of(SqliteSession session, MeterPan pan) =>
    [
        .. session.Query(
                "SELECT id, name, fixed_minor, share, cap_minor, place, tax_share, paused FROM vend_debt WHERE pan = ?1 ORDER BY place, id",
                row => Read(pan, row), (long)pan.Value)
            .Select(debt => new OwedDebt(debt, Left(session, debt))),
    ];

    public static void Save(SqliteSession session, DebtRecord debt) => session.Execute(
        """
        INSERT INTO vend_debt (pan, id, name, fixed_minor, share, cap_minor, place, tax_share, paused) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (pan, id) DO UPDATE SET name = ?3, fixed_minor = ?4, share = ?5, cap_minor = ?6, place = ?7, tax_share = ?8, paused = ?9
        """,
        (long)debt.Pan.Value, debt.Id, debt.Name, debt.Rule.FixedMinorUnits, debt.Rule.Share?.ToString(), debt.Rule.CapMinorUnits, debt.Order,
        debt.TaxShare.ToString(), debt.IsPaused ? 1 : 0);

    private static long Left(SqliteSession session, DebtRecord debt) =>
        LedgerWriter.FindAccount(session, debt.Account)?.Account.Available is { } left ? checked((long)left) : 0;

    private static DebtRecord Read(MeterPan pan, SqliteDataReader row) => new(
        pan,
        row.GetString(0),
        row.GetString(1),
        new DebtRule(
            row.IsDBNull(2) ? null : row.GetInt64(2),
            row.IsDBNull(3) ? null : Rational.Require(row.GetString(3)),
            row.IsDBNull(4) ? null : row.GetInt64(4)),
        row.GetInt32(5),
        Rational.Require(row.GetString(6)),
        row.GetInt64(7) != 0);
}
