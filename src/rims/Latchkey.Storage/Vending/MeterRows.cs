using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Meters in rows and back.</summary>
internal static class MeterRows
{
    /// <summary>How many <see cref="Columns"/> there are.</summary>
    public const int ColumnCount = 19;

    public const string Columns = "pan, sgc, ti, krn, kt, ken, base_year, ea, tariff, customer, place, blocked, anniversary, customer_name, money, demand_w, demand_from, demand_until, make";

    public static MeterRecord? Find(SqliteSession session, MeterPan pan) =>
        session.First($"SELECT {Columns} FROM vend_meter WHERE pan = ?1", Read, (long)pan.Value);

    public static IReadOnlyList<MeterRecord> List(SqliteSession session, MeterPan? after, int limit) => session.Query(
        $"SELECT {Columns} FROM vend_meter WHERE pan > ?1 ORDER BY pan LIMIT ?2", Read, after is { } pan ? (long)pan.Value : -1, limit);

    public static void Save(SqliteSession session, MeterRecord meter) => session.Execute(
        $"""
        INSERT INTO vend_meter ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT (pan) DO UPDATE SET sgc = ?2, ti = ?3, krn = ?4, kt = ?5, ken = ?6, base_year = ?7, ea = ?8, tariff = ?9, customer = ?10,
            place = ?11, blocked = ?12, anniversary = ?13, customer_name = ?14,
            money = ?15, demand_w = ?16, demand_from = ?17, demand_until = ?18, make = ?19
        """,
        (long)meter.Pan.Value, meter.Key.SupplyGroup.ToString(), meter.Key.TariffIndex.ToString(), meter.Key.KeyRevision.Value, (int)meter.Key.KeyType,
        (int)meter.Key.KeyExpiry.Value, meter.Key.BaseDate.Year, (int)meter.Key.Algorithm, meter.TariffId, meter.CustomerAccount, meter.Place,
        meter.IsBlocked ? 1 : 0, meter.Anniversary?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), meter.CustomerName,
        meter.CreditsMoney ? 1 : 0, meter.Demand?.Watts, meter.Demand?.From.DayNumber, meter.Demand?.Until?.DayNumber,
        meter.Make);

    public static MeterRecord Read(SqliteDataReader row)
    {
        MeterPan pan = KeyColumns.ReadPan(row, 0);
        DateOnly? anniversary = row.IsDBNull(12) ? null : DateOnly.ParseExact(row.GetString(12), "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new MeterRecord(KeyColumns.ReadKey(row, pan, 1), row.GetString(8), row.GetString(9), row.GetString(10), row.GetInt64(11) != 0, anniversary, KeyColumns.ReadText(row, 13), row.GetInt64(14) != 0, ReadDemand(row),
            KeyColumns.ReadText(row, 18));
    }

    private static SubscribedDemand? ReadDemand(SqliteDataReader row) => row.IsDBNull(15)
        ? null
        : new SubscribedDemand(row.GetInt64(15), DateOnly.FromDayNumber(row.GetInt32(16)), row.IsDBNull(17) ? null : DateOnly.FromDayNumber(row.GetInt32(17)));

    /// <summary>A room of its own that widens the meters' table: it comes after selling's.</summary>
    internal static RoomSchema Room { get; } = new("meters' modes", new Migration(1, "meters in money, subscribed demand", """
        ALTER TABLE vend_meter ADD COLUMN money INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE vend_meter ADD COLUMN demand_w INTEGER;
        ALTER TABLE vend_meter ADD COLUMN demand_from INTEGER;
        ALTER TABLE vend_meter ADD COLUMN demand_until INTEGER;
        """));
}
