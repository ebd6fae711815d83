using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Where a meter stands: its last identifier per base date and its purchases per period.</summary>
internal static class StandingRows
{
    public static TokenIdentifier? ReadTid(SqliteSession session, MeterPan pan, int baseYear)
    {
        SqliteStatement query = session.Statement("SELECT last FROM vend_tid WHERE meter_base = ?1");
        TokenIdentifier? last = query.Bind(1, KeyOf(pan, baseYear)).Step() ? TokenIdentifier.FromMinutes((uint)query.Integer(0)) : null;
        query.Reset();
        return last;
    }

    public static void SaveTid(SqliteSession session, MeterPan pan, int baseYear, TokenIdentifier last) => session
        .Statement("INSERT INTO vend_tid (meter_base, last) VALUES (?1, ?2) ON CONFLICT (meter_base) DO UPDATE SET last = ?2")
        .Bind(1, KeyOf(pan, baseYear)).Bind(2, last.Minutes).Run();

    public static PeriodTotals ReadTotals(SqliteSession session, MeterPan pan, string period)
    {
        SqliteStatement query = session.Statement("SELECT tenths, fixed_minor FROM vend_period WHERE pan = ?1 AND period = ?2");
        PeriodTotals totals = query.Bind(1, (long)pan.Value).Bind(2, period).Step() ? new PeriodTotals(query.Integer(0), query.Integer(1)) : default;
        query.Reset();
        return totals;
    }

    public static void SaveTotals(SqliteSession session, MeterPan pan, string period, PeriodTotals totals) => session
        .Statement(
            """
            INSERT INTO vend_period (pan, period, tenths, fixed_minor) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (pan, period) DO UPDATE SET tenths = ?3, fixed_minor = ?4
            """)
        .Bind(1, (long)pan.Value).Bind(2, period).Bind(3, totals.Tenths).Bind(4, totals.FixedMinorUnits).Run();

    private static long KeyOf(MeterPan pan, int baseYear) => ((long)pan.Value / 10 * 10) + ((baseYear - BaseDate.Year1993.Year) / (BaseDate.Year2014.Year - BaseDate.Year1993.Year));
}
