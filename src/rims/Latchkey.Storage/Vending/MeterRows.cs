using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Meters in rows and back.</summary>
internal static class MeterRows
{
    /// <summary>How many <see cref="Columns"/> there are.</summary>
    public const int ColumnCount = 14;

    public const string Columns = "pan, sgc, ti, krn, kt, ken, base_year, ea, tariff, customer, place, blocked, anniversary, customer_name";

    public static MeterRecord? Find(SqliteSession session, MeterPan pan) =>
        session.First($"SELECT {Columns} FROM vend_meter WHERE pan = ?1", Read, (long)pan.Value);

    public static IReadOnlyList<MeterRecord> List(SqliteSession session, MeterPan? after, int limit) => session.Query(
        $"SELECT {Columns} FROM vend_meter WHERE pan > ?1 ORDER BY pan LIMIT ?2", Read, after is { } pan ? (long)pan.Value : -1, limit);

    public static void Save(SqliteSession session, MeterRecord meter) => session.Execute(
        $"""
        INSERT INTO vend_meter ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (pan) DO UPDATE SET sgc = ?2, ti = ?3, krn = ?4, kt = ?5, ken = ?6, base_year = ?7, ea = ?8, tariff = ?9, customer = ?10,
            place = ?11, blocked = ?12, anniversary = ?13, customer_name = ?14
        """,
        (long)meter.Pan.Value, meter.Key.SupplyGroup.ToString(), meter.Key.TariffIndex.ToString(), meter.Key.KeyRevision.Value, (int)meter.Key.KeyType,
        (int)meter.Key.KeyExpiry.Value, meter.Key.BaseDate.Year, (int)meter.Key.Algorithm, meter.TariffId, meter.CustomerAccount, meter.Place,
        meter.IsBlocked ? 1 : 0, meter.Anniversary?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), meter.CustomerName);

    public static MeterRecord Read(SqliteDataReader row)
    {
        MeterPan pan = KeyColumns.ReadPan(row, 0);
        DateOnly? anniversary = row.IsDBNull(12) ? null : DateOnly.ParseExact(row.GetString(12), "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new MeterRecord(KeyColumns.ReadKey(row, pan, 1), row.GetString(8), row.GetString(9), row.GetString(10), row.GetInt64(11) != 0, anniversary, KeyColumns.ReadText(row, 13));
    }
}
