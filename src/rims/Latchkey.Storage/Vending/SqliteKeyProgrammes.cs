using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Vending;

/// <summary>Key-change programmes on SQLite, beside the meters, the orders and the changes of keys.</summary>
/// <param name="offset">The seller's clock: days are the seller's.</param>
public sealed partial class SqliteKeyProgrammes(SqliteDatabase database, TimeSpan offset) : IKeyProgrammeStore
{
    private const string Columns = "no, document, state, at, counted_after, counted_through, counted_at";

    public ProgrammeRecord? Find(Guid id) => database.Read(s => s.First(
        $"SELECT {Columns} FROM rollover_programme WHERE id = ?1", row => ProgrammeRows.Read(s, row), GuidBlob.Of(id)));

    public IReadOnlyList<ProgrammeRecord> List() => database.Read(s => s.Query(
        $"SELECT {Columns} FROM rollover_programme ORDER BY no DESC", row => ProgrammeRows.Read(s, row)));

    public Task<bool> AddAsync(ProgrammeRecord programme, CancellationToken cancellationToken)
    {
        KeyProgramme p = programme.Programme;
        string document = KeyProgrammeJson.Write(p);
        return database.WriteAsync(
            s =>
            {
                if (s.First("SELECT document FROM rollover_programme WHERE id = ?1", row => row.GetString(0), GuidBlob.Of(p.Id)) is { } known) return known == document;
                if (s.Scalar<long>("SELECT COUNT(*) FROM rollover_programme") >= IKeyProgrammeStore.MaxProgrammes) return false;
                s.Execute(
                    """
                    INSERT INTO rollover_programme (id, document, state, at, to_krn, to_ken, to_base_year, counted_after, counted_through, counted_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                    """,
                    GuidBlob.Of(p.Id), document, (int)programme.State, KeyColumns.Milliseconds(programme.At), p.To.Revision.Value, (int)p.To.Expiry.Value, p.To.BaseDate.Year,
                    (long)programme.Counting.After, programme.Counting.IsThrough ? 1 : 0, KeyColumns.Milliseconds(programme.Counting.At));
                return true;
            },
            cancellationToken);
    }

    public Task<bool> MoveAsync(Guid id, ProgrammeState expected, ProgrammeState next, ProgrammeEvent act, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (s.Execute("UPDATE rollover_programme SET state = ?3 WHERE id = ?1 AND state = ?2", GuidBlob.Of(id), (int)expected, (int)next) == 0) return false;
            long no = NumberOf(s, id);
            s.Execute(
                """
                INSERT INTO rollover_event (programme, no, at, act, first, second, reason)
                SELECT ?1, 1 + COUNT(*), ?2, ?3, ?4, ?5, ?6 FROM rollover_event WHERE programme = ?1
                """,
                no, KeyColumns.Milliseconds(act.At), (int)act.Act, act.First, act.Second, act.Reason);

            // Whoever starts it again has seen to what stood against it.
            if (next == ProgrammeState.Running) s.Execute("UPDATE rollover_meter SET state = 1, code = NULL WHERE programme = ?1 AND state = 6", no);
            return true;
        },
        cancellationToken);

    public Task CountAsync(Guid id, IReadOnlyList<ProgrammeMeter> meters, CountingPlace? place, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            long no = NumberOf(s, id);
            foreach (ProgrammeMeter m in meters)
            {
                s.Execute(
                    """
                    INSERT INTO rollover_meter (pan, programme, cohort, state, dark_at, dark_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                    ON CONFLICT (pan, programme) DO NOTHING
                    """,
                    (long)m.Pan.Value, no, m.Cohort, (int)m.State, KeyColumns.Milliseconds(m.DarkAt), (int)m.DarkReason);
            }

            if (place is { } p)
            {
                s.Execute(
                    "UPDATE rollover_programme SET counted_after = ?2, counted_through = ?3, counted_at = ?4 WHERE no = ?1",
                    no, (long)p.After, p.IsThrough ? 1 : 0, KeyColumns.Milliseconds(p.At));
            }
        },
        cancellationToken);

    public Task SetForecastAsync(Guid id, IReadOnlyList<ForecastDay> forecast, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            long no = NumberOf(s, id);
            s.Execute("DELETE FROM rollover_forecast WHERE programme = ?1", no);
            foreach (ForecastDay day in forecast) s.Execute("INSERT INTO rollover_forecast (programme, day, changed) VALUES (?1, ?2, ?3)", no, day.Day.DayNumber, day.Changed);
        },
        cancellationToken);

    public Task<bool> MarkAsync(Guid id, MeterPan pan, ProgrammeMeterState state, string? code, DateOnly today, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute(
            """
            UPDATE rollover_meter SET state = ?3, code = ?4,
                planned_on = CASE WHEN ?3 IN (2, 3, 4) THEN COALESCE(planned_on, ?5) ELSE planned_on END,
                issued_on = CASE WHEN ?3 IN (3, 4) THEN COALESCE(issued_on, ?5) ELSE issued_on END,
                proven_on = CASE WHEN ?3 = 4 THEN COALESCE(proven_on, ?5) ELSE proven_on END
            WHERE pan = ?1 AND programme = ?2 AND state NOT IN (3, 4)
            """,
            (long)pan.Value, NumberOf(s, id), (int)state, code, today.DayNumber) == 1,
        cancellationToken);

    private static long NumberOf(SqliteSession session, Guid id) => session.Scalar<long>("SELECT no FROM rollover_programme WHERE id = ?1", GuidBlob.Of(id));
}
