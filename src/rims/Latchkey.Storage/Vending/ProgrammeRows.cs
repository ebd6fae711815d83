using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Programmes and their meters in rows and back.</summary>
internal static class ProgrammeRows
{
    public const string MeterColumns = "m.pan, m.cohort, m.state, m.dark_at, m.dark_reason, m.planned_on, m.issued_on, m.proven_on, m.code";

    /// <summary>Purchases that were made: posted, delivered, credited. The index of identifiers finds a meter's orders.</summary>
    public const string HistoryColumns = """
        (SELECT COUNT(*) FROM vend_order o WHERE o.pan = m.pan AND o.state IN (4, 5, 6)),
        (SELECT MIN(o.received_at) FROM vend_order o WHERE o.pan = m.pan AND o.state IN (4, 5, 6)),
        (SELECT MAX(o.received_at) FROM vend_order o WHERE o.pan = m.pan AND o.state IN (4, 5, 6))
        """;

    public static ProgrammeMeter ReadMeter(SqliteDataReader row) => new(
        KeyColumns.ReadPan(row, 0), row.GetInt32(1), (ProgrammeMeterState)row.GetInt32(2), KeyColumns.ReadTime(row, 3), (DarkReason)row.GetInt32(4),
        Day(row, 5), Day(row, 6), Day(row, 7), KeyColumns.ReadText(row, 8));

    /// <param name="first">The column of the count; the first and the last purchase follow.</param>
    /// <param name="offset">The seller's clock: days are the seller's.</param>
    public static PurchaseHistory ReadHistory(SqliteDataReader row, int first, TimeSpan offset) =>
        new(row.GetInt32(first), DayOf(row, first + 1, offset), DayOf(row, first + 2, offset));

    public static ProgrammeRecord Read(SqliteSession session, SqliteDataReader row)
    {
        if (KeyProgrammeJson.Read(row.GetString(1), out KeyProgramme? programme) is { } fault)
            throw new StorageException(StorageFailure.Damaged, $"A stored programme cannot be read: {fault}.");
        long no = row.GetInt64(0);
        return new ProgrammeRecord(
            programme!, (ProgrammeState)row.GetInt32(2), KeyColumns.ReadTime(row, 3),
            session.Query("SELECT at, act, first, second, reason FROM rollover_event WHERE programme = ?1 ORDER BY no", ReadEvent, no),
            new CountingPlace((ulong)row.GetInt64(4), row.GetInt64(5) != 0, KeyColumns.ReadTime(row, 6)),
            session.Query(
                "SELECT day, changed FROM rollover_forecast WHERE programme = ?1 ORDER BY day",
                r => new ForecastDay(DateOnly.FromDayNumber(r.GetInt32(0)), r.GetInt32(1)), no));
    }

    /// <summary>The meter's place in a programme goes with its change of keys: both are one write.</summary>
    /// <remarks>Only forward: a meter that was left out stays so, one that is proven is not planned again.</remarks>
    public static void Follow(SqliteSession session, KeyChange change, DateOnly today)
    {
        int state = change.State switch
        {
            KeyChangeState.Planned => (int)ProgrammeMeterState.Planned,
            KeyChangeState.Issued => (int)ProgrammeMeterState.Issued,
            _ => (int)ProgrammeMeterState.Proven,
        };
        session.Execute(
            """
            UPDATE rollover_meter SET state = ?2, code = NULL,
                planned_on = COALESCE(planned_on, ?3),
                issued_on = CASE WHEN ?2 >= 3 THEN COALESCE(issued_on, ?3) END,
                proven_on = CASE WHEN ?2 = 4 THEN COALESCE(proven_on, ?3) END
            WHERE pan = ?1 AND state <> 5 AND (state < ?2 OR state = 6)
              AND programme IN (SELECT no FROM rollover_programme WHERE to_krn = ?4 AND to_ken = ?5 AND to_base_year = ?6)
            """,
            (long)change.Pan.Value, state, today.DayNumber, change.To.KeyRevision.Value, (int)change.To.KeyExpiry.Value, change.To.BaseDate.Year);
    }

    private static ProgrammeEvent ReadEvent(SqliteDataReader row) => new(
        KeyColumns.ReadTime(row, 0), (ProgrammeAct)row.GetInt32(1), row.GetString(2), KeyColumns.ReadText(row, 3), KeyColumns.ReadText(row, 4));

    private static DateOnly? Day(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateOnly.FromDayNumber(row.GetInt32(column));

    private static DateOnly? DayOf(SqliteDataReader row, int column, TimeSpan offset) =>
        KeyColumns.ReadOptionalTime(row, column) is { } at ? DateOnly.FromDateTime(at.ToOffset(offset).DateTime) : null;
}
