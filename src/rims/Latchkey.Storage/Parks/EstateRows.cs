using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Quantities;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Parks;

/// <summary>Sites, people and occupancies to rows and back.</summary>
internal static class EstateRows
{
    public const string ParkColumns = "id, name, name_zh, time_zone, currency";
    public const string BuildingColumns = "id, park_id, name";
    public const string RoomColumns = "id, building_id, number, pan, price_plan";
    public const string TenantColumns = "id, name, open_id, phone, language";
    public const string OccupancyColumns = """
        id, room_id, tenant_id, moved_in_at, opening_import_mwh, opening_credit_mwh, moved_out_at,
        read_at, closing_import_mwh, bought_mwh, paid, currency, remaining_credit_mwh, remaining_value, open_top_ups
        """;

    // Updates and not REPLACE: other rows refer to these, and a replaced row is a deleted one for a moment.
    public static void Write(SqliteSession s, Park p) => s.Execute(
        $"""
        INSERT INTO parks_park ({ParkColumns}) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (id) DO UPDATE SET name = ?2, name_zh = ?3, time_zone = ?4, currency = ?5
        """,
        GuidBlob.Of(p.Id), p.Name, p.NameZh, p.TimeZoneId, p.Currency.Code);

    public static void Write(SqliteSession s, Building b) => s.Execute(
        $"INSERT INTO parks_building ({BuildingColumns}) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET park_id = ?2, name = ?3",
        GuidBlob.Of(b.Id), GuidBlob.Of(b.ParkId), b.Name);

    public static void Write(SqliteSession s, Room r) => s.Execute(
        $"""
        INSERT INTO parks_room ({RoomColumns}) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (id) DO UPDATE SET building_id = ?2, number = ?3, pan = ?4, price_plan = ?5
        """,
        GuidBlob.Of(r.Id), GuidBlob.Of(r.BuildingId), r.Number, r.Meter is { } pan ? Columns.Of(pan) : null, r.PricePlan);

    public static void Write(SqliteSession s, Tenant t) => s.Execute(
        $"""
        INSERT INTO parks_tenant ({TenantColumns}) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (id) DO UPDATE SET name = ?2, open_id = ?3, phone = ?4, language = ?5
        """,
        GuidBlob.Of(t.Id), t.Name, t.OpenId, t.Phone, (int)t.Language);

    public static void Write(SqliteSession s, Occupancy o) => s.Execute(
        $"""
        INSERT INTO parks_occupancy ({OccupancyColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (id) DO UPDATE SET moved_out_at = ?7, read_at = ?8, closing_import_mwh = ?9, bought_mwh = ?10, paid = ?11, currency = ?12,
            remaining_credit_mwh = ?13, remaining_value = ?14, open_top_ups = ?15
        """,
        GuidBlob.Of(o.Id), GuidBlob.Of(o.RoomId), GuidBlob.Of(o.TenantId), Columns.Of(o.MovedInAt), o.OpeningImport.MilliwattHours,
        o.OpeningCredit.MilliwattHours, Columns.Of(o.MovedOutAt), Columns.Of(o.Statement?.ReadAt), o.Statement?.ClosingImport.MilliwattHours,
        o.Statement?.Bought.MilliwattHours, o.Statement?.Paid.MinorUnits, o.Statement?.Paid.Currency.Code,
        o.Statement?.RemainingCredit.MilliwattHours, o.Statement?.RemainingValue.MinorUnits, o.Statement?.OpenTopUps);

    public static Park ReadPark(SqliteDataReader row) =>
        new(row.Id(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Currency(4));

    public static Building ReadBuilding(SqliteDataReader row) => new(row.Id(0), row.Id(1), row.GetString(2));

    public static Room ReadRoom(SqliteDataReader row) =>
        new(row.Id(0), row.Id(1), row.GetString(2), row.IsDBNull(3) ? null : row.Pan(3), row.GetString(4));

    public static Tenant ReadTenant(SqliteDataReader row) =>
        new(row.Id(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), (TenantLanguage)row.GetInt32(4));

    public static Occupancy ReadOccupancy(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        RoomId = row.Id(1),
        TenantId = row.Id(2),
        MovedInAt = row.Time(3),
        OpeningImport = Energy.FromMilliwattHours(row.GetInt64(4)),
        OpeningCredit = Energy.FromMilliwattHours(row.GetInt64(5)),
        MovedOutAt = row.TimeOrNull(6),
        Statement = row.IsDBNull(7) ? null : new FinalStatement(
            row.Time(7),
            Energy.FromMilliwattHours(row.GetInt64(4)),
            Energy.FromMilliwattHours(row.GetInt64(8)),
            Energy.FromMilliwattHours(row.GetInt64(5)),
            Energy.FromMilliwattHours(row.GetInt64(9)),
            new Money(row.GetInt64(10), row.Currency(11)),
            Energy.FromMilliwattHours(row.GetInt64(12)),
            new Money(row.GetInt64(13), row.Currency(11)),
            row.GetInt32(14)),
    };
}
