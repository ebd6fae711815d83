using Latchkey.Ledger;
using Latchkey.Vending.Reconciling;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Findings to rows and back, and what a run does to them.</summary>
internal static class FindingRows
{
    public const string Columns =
        "number, kind, code, subject, problem, since, amount, unit, first_seen, last_seen, owner, explanation, explained_by, cleared_at";

    public static ReconciliationItem Read(SqliteDataReader row) => new(
        row.GetInt32(0),
        new Finding((ReconciliationKind)row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.IntegerOrNull(6), Unit(row.GetString(7))),
        row.Time(8), row.Time(9), row.GetString(10), row.TextOrNull(11), row.TextOrNull(12), row.TimeOrNull(13));

    public static ReconciliationRun Keep(
        SqliteSession s, IReadOnlySet<ReconciliationKind> kinds, IReadOnlyList<Finding> findings, Func<ReconciliationKind, string> ownerOf, DateTimeOffset at)
    {
        long run = s.Scalar<long>("SELECT coalesce(max(number), 0) + 1 FROM recon_run");
        int added = findings.Count(f => Save(s, f, ownerOf(f.Kind), run, at));
        int cleared = 0;
        foreach (ReconciliationKind kind in kinds)
            cleared += s.Execute("UPDATE recon_item SET cleared_at = ?3 WHERE kind = ?1 AND run < ?2 AND cleared_at IS NULL", (int)kind, run, at.UtcTicks);
        int open = (int)s.Scalar<long>("SELECT count(*) FROM recon_item WHERE cleared_at IS NULL AND explanation IS NULL");
        s.Execute("INSERT INTO recon_run (number, at, found, new, cleared, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", run, at.UtcTicks, findings.Count, added, cleared, open);
        return new ReconciliationRun((int)run, at, findings.Count, added, cleared, open);
    }

    /// <summary>True where it was not standing before. One that comes back after it was cleared is new: its explanation was for the last time.</summary>
    private static bool Save(SqliteSession s, Finding f, string owner, long run, DateTimeOffset at)
    {
        bool stood = s.Execute(
            "UPDATE recon_item SET problem = ?4, amount = ?5, unit = ?6, last_seen = ?7, run = ?8 WHERE kind = ?1 AND code = ?2 AND subject = ?3 AND cleared_at IS NULL",
            (int)f.Kind, f.Code, f.Subject, f.Problem, f.Amount, f.Unit.ToString(), at.UtcTicks, run) == 1;
        if (stood) return false;
        s.Execute(
            """
            INSERT INTO recon_item (kind, code, subject, problem, since, amount, unit, first_seen, last_seen, run, owner)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)
            ON CONFLICT (kind, code, subject) DO UPDATE SET problem = ?4, since = ?5, amount = ?6, unit = ?7, last_seen = ?8, run = ?9,
                explanation = NULL, explained_by = NULL, cleared_at = NULL
            """,
            (int)f.Kind, f.Code, f.Subject, f.Problem, f.Since.UtcTicks, f.Amount, f.Unit.ToString(), at.UtcTicks, run, owner);
        return true;
    }

    private static LedgerUnit Unit(string text) => LedgerUnit.TryParse(text, out LedgerUnit unit) ? unit : default;
}
