using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Vending;

/// <summary>The meters of programmes: what is next, how far they have come, who goes dark when.</summary>
public sealed partial class SqliteKeyProgrammes
{
    private const string OfProgramme = "m.programme = (SELECT no FROM rollover_programme WHERE id = ?1)";

    public ProgrammeMeter? FindMeter(Guid programme, MeterPan pan) => database.Read(s => s.First(
        $"SELECT {ProgrammeRows.MeterColumns} FROM rollover_meter m WHERE {OfProgramme} AND m.pan = ?2", ProgrammeRows.ReadMeter, GuidBlob.Of(programme), (long)pan.Value));

    public IReadOnlyList<ProgrammeMeter> InState(Guid programme, int cohort, ProgrammeMeterState state, int limit) => database.Read(s => s.Query(
        $"SELECT {ProgrammeRows.MeterColumns} FROM rollover_meter m WHERE {OfProgramme} AND m.cohort = ?2 AND m.state = ?3 ORDER BY m.dark_at, m.pan LIMIT ?4",
        ProgrammeRows.ReadMeter, GuidBlob.Of(programme), cohort, (int)state, Math.Min(limit, IKeyProgrammeStore.MaxPage)));

    public IReadOnlyList<ProgrammeMeter> InState(Guid programme, ProgrammeMeterState state, MeterPan? after, int limit) => database.Read(s => s.Query(
        $"SELECT {ProgrammeRows.MeterColumns} FROM rollover_meter m WHERE {OfProgramme} AND m.state = ?2 AND m.pan > ?3 ORDER BY m.pan LIMIT ?4",
        ProgrammeRows.ReadMeter, GuidBlob.Of(programme), (int)state, after is { } pan ? (long)pan.Value : -1, Math.Min(limit, IKeyProgrammeStore.MaxPage)));

    public void ForEachOpen(Guid programme, Action<ProgrammeMeter, PurchaseHistory> meter) => database.Read(s =>
    {
        s.ForEach(
            $"SELECT {ProgrammeRows.MeterColumns}, {ProgrammeRows.HistoryColumns} FROM rollover_meter m WHERE {OfProgramme} AND m.state IN (1, 2, 6)",
            row =>
            {
                meter(ProgrammeRows.ReadMeter(row), ProgrammeRows.ReadHistory(row, 9, offset));
                return true;
            },
            GuidBlob.Of(programme));
        return true;
    });

    public void ForEachOpenKey(Guid programme, Action<DecoderKeyAttributes> key) => database.Read(s =>
    {
        s.ForEach(
            $"""
            SELECT MIN(v.pan), v.sgc, v.ti, v.krn, v.kt, v.ken, v.base_year, v.ea FROM rollover_meter m JOIN vend_meter v ON v.pan = m.pan
            WHERE {OfProgramme} AND m.state IN (1, 2, 6) GROUP BY v.sgc, v.kt, v.krn, v.base_year
            """,
            row =>
            {
                key(KeyColumns.ReadKey(row, KeyColumns.ReadPan(row, 0), 1));
                return true;
            },
            GuidBlob.Of(programme));
        return true;
    });

    public IReadOnlyList<DarkLine> Dark(Guid programme, DarkFilter filter, DarkPlace? after, int limit) => database.Read(s => s.Query(
        $"""
        SELECT {ProgrammeRows.MeterColumns}, {ProgrammeRows.HistoryColumns}, COALESCE(v.place, ''), COALESCE(v.customer, '')
        FROM rollover_meter m LEFT JOIN vend_meter v ON v.pan = m.pan
        WHERE {OfProgramme} AND m.state IN (1, 2, 3, 6)
          AND (?2 IS NULL OR m.cohort = ?2) AND (?3 IS NULL OR m.state = ?3) AND (?4 IS NULL OR m.dark_at < ?4)
          AND (m.dark_at, m.pan) > (?5, ?6)
        ORDER BY m.dark_at, m.pan LIMIT ?7
        """,
        row => new DarkLine(ProgrammeRows.ReadMeter(row), row.GetString(12), row.GetString(13), ProgrammeRows.ReadHistory(row, 9, offset)),
        GuidBlob.Of(programme), filter.Cohort, (int?)filter.State, KeyColumns.Milliseconds(filter.Before),
        after is { } place ? KeyColumns.Milliseconds(place.DarkAt) : long.MinValue, after is { } p ? (long)p.Pan.Value : -1, Math.Min(limit, IKeyProgrammeStore.MaxPage)));

    public IReadOnlyList<CohortProgress> Progress(Guid programme, DateTimeOffset now)
    {
        var counts = database.Read(s => s.Query(
            $"SELECT m.cohort, m.state, COUNT(*), COUNT(*) FILTER (WHERE m.dark_at <= ?2) FROM rollover_meter m WHERE {OfProgramme} GROUP BY m.cohort, m.state",
            row => (Cohort: row.GetInt32(0), State: (ProgrammeMeterState)row.GetInt32(1), Count: row.GetInt32(2), Past: row.GetInt32(3)),
            GuidBlob.Of(programme), KeyColumns.Milliseconds(now)));
        int cohorts = Find(programme)?.Programme.Cohorts.Count ?? 0;
        return [.. Enumerable.Range(0, cohorts).Select(i => Sum(i, [.. counts.Where(c => c.Cohort == i).Select(c => (c.State, c.Count, c.Past))]))];
    }

    public IReadOnlyList<DayProgress> Days(Guid programme) => database.Read(s => s.Query(
        $"""
        SELECT day, cohort, SUM(planned), SUM(issued), SUM(proven) FROM (
            SELECT m.planned_on AS day, m.cohort AS cohort, 1 AS planned, 0 AS issued, 0 AS proven FROM rollover_meter m WHERE {OfProgramme} AND m.planned_on IS NOT NULL
            UNION ALL SELECT m.issued_on, m.cohort, 0, 1, 0 FROM rollover_meter m WHERE {OfProgramme} AND m.issued_on IS NOT NULL
            UNION ALL SELECT m.proven_on, m.cohort, 0, 0, 1 FROM rollover_meter m WHERE {OfProgramme} AND m.proven_on IS NOT NULL)
        GROUP BY day, cohort ORDER BY day, cohort
        """,
        row => new DayProgress(DateOnly.FromDayNumber(row.GetInt32(0)), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)), GuidBlob.Of(programme)));

    public int BegunOn(Guid programme, int cohort, DateOnly day) => (int)database.Read(s => s.Scalar<long>(
        $"SELECT COUNT(*) FROM rollover_meter m WHERE {OfProgramme} AND m.cohort = ?2 AND m.planned_on = ?3 AND m.planned_on IS NOT NULL",
        GuidBlob.Of(programme), cohort, day.DayNumber));

    public IReadOnlyList<(MeterRecord Meter, PurchaseHistory Purchases)> Meters(ulong after, int limit) => database.Read(s => s.Query(
        $"SELECT {MeterRows.Columns}, {ProgrammeRows.HistoryColumns} FROM vend_meter m WHERE m.pan > ?1 ORDER BY m.pan LIMIT ?2",
        row => (MeterRows.Read(row), ProgrammeRows.ReadHistory(row, MeterRows.ColumnCount, offset)), (long)after, Math.Min(limit, IKeyProgrammeStore.MaxPage)));

    public PurchaseHistory PurchasesOf(MeterPan pan) => database.Read(s => s.First(
        $"SELECT {ProgrammeRows.HistoryColumns} FROM (SELECT ?1 AS pan) m", row => ProgrammeRows.ReadHistory(row, 0, offset), (long)pan.Value));

    private static CohortProgress Sum(int cohort, (ProgrammeMeterState State, int Count, int Past)[] counts)
    {
        int Of(ProgrammeMeterState state) => counts.Where(c => c.State == state).Sum(c => c.Count);
        int dark = counts.Where(c => c.State is ProgrammeMeterState.Waiting or ProgrammeMeterState.Planned or ProgrammeMeterState.Failed).Sum(c => c.Past);
        return new CohortProgress(
            cohort, Of(ProgrammeMeterState.Waiting), Of(ProgrammeMeterState.Planned), Of(ProgrammeMeterState.Issued), Of(ProgrammeMeterState.Proven),
            Of(ProgrammeMeterState.Exempt), Of(ProgrammeMeterState.Failed), dark);
    }
}
