using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Vendors, batches, slips and bank lines to rows and back.</summary>
internal static class VendorRows
{
    public const string VendorColumns = "code, name, currency, minimum, maximum, blocked, schemes, remainder, month, month_sales, slips, version, coin";
    public const string BatchColumns = "vendor, kind, number, opened_by, opened_at, after_entry, closed_at, up_to_entry, totals, commission, booked, opening_cash, closed_by, counted_cash, till";
    public const string SlipColumns = "reference, vendor, minor_units, currency, written_at, banking";
    public const string LineColumns = "id, value_date, reference, minor_units, currency, vendor, first_approver, second_approver, version";

    public static bool Save(SqliteSession s, Vendor v) => s.Execute(
        $"""
        INSERT INTO vendors_vendor ({VendorColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (code) DO UPDATE SET name = ?2, minimum = ?4, maximum = ?5, blocked = ?6, schemes = ?7, remainder = ?8, month = ?9, month_sales = ?10,
            slips = ?11, coin = ?13, version = version + 1 WHERE version = ?12
        """,
        v.Code, v.Name, v.Currency.ToString(), v.MinimumSale, v.MaximumSale, v.IsBlocked ? 1 : 0,
        JsonSerializer.Serialize(v.Schemes, VendorJson.Default.IReadOnlyListCommissionScheme), v.Remainder, v.Month.DayNumber, v.MonthSales, v.Slips, v.Version, v.Coin) == 1;

    public static Vendor ReadVendor(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Currency(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5) != 0,
        JsonSerializer.Deserialize(row.GetString(6), VendorJson.Default.IReadOnlyListCommissionScheme)!, row.GetInt64(7), DateOnly.FromDayNumber(row.GetInt32(8)),
        row.GetInt64(9), row.GetInt32(10), row.GetInt32(11), row.GetInt64(12));

    public static bool Save(SqliteSession s, VendorBatch b) => s.Execute(
        $"""
        INSERT INTO vendors_batch ({BatchColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (vendor, kind, number) DO UPDATE SET closed_at = ?7, up_to_entry = ?8, totals = ?9, commission = ?10, booked = ?11, closed_by = ?13, counted_cash = ?14
            WHERE closed_at IS NULL OR booked = 0
        """,
        b.Vendor, (int)b.Kind, b.Number, b.OpenedBy, Columns.Of(b.OpenedAt), b.AfterEntry, Columns.Of(b.ClosedAt), b.UpToEntry,
        b.Totals is { } totals ? JsonSerializer.Serialize(totals, VendorJson.Default.BatchTotals) : null, b.Commission, b.IsBooked ? 1 : 0,
        b.OpeningCash, b.ClosedBy, b.CountedCash, b.Till) == 1;

    public static VendorBatch ReadBatch(SqliteDataReader row) => new(
        row.GetString(0), (BatchKind)row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.Time(4), row.GetInt64(5), row.TimeOrNull(6), row.IntegerOrNull(7),
        row.TextOrNull(8) is { } totals ? JsonSerializer.Deserialize(totals, VendorJson.Default.BatchTotals) : null, row.GetInt64(9), row.GetInt32(10) != 0,
        row.IntegerOrNull(11), row.TextOrNull(12), row.IntegerOrNull(13), row.TextOrNull(14));

    public static bool Save(SqliteSession s, DepositSlip d) => s.Execute(
        $"INSERT INTO vendors_slip ({SlipColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (reference) DO NOTHING",
        d.Reference, d.Vendor, d.Amount.MinorUnits, d.Amount.Currency.ToString(), Columns.Of(d.WrittenAt), d.BankingBatch) == 1;

    public static DepositSlip ReadSlip(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), new Money(row.GetInt64(2), row.Currency(3)), row.Time(4), (int?)row.IntegerOrNull(5));

    public static bool Save(SqliteSession s, BankLineRecord l) => s.Execute(
        """
        INSERT INTO vendors_bank_line (id, value_date, reference, minor_units, currency, vendor, first_approver, second_approver, booked, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)
        ON CONFLICT (id) DO UPDATE SET vendor = ?6, first_approver = ?7, second_approver = ?8, booked = 0, version = version + 1
            WHERE version = ?9 AND vendor IS NULL AND ?6 IS NOT NULL
        """,
        l.Line.Id, l.Line.ValueDate.DayNumber, l.Line.Reference, l.Line.Amount.MinorUnits, l.Line.Amount.Currency.ToString(), l.Vendor,
        l.ApprovedBy?.First, l.ApprovedBy?.Second, l.Version) == 1;

    /// <summary>Only the state that was booked is marked: a line that was assigned meanwhile stays to be booked.</summary>
    public static void MarkBooked(SqliteSession s, BankLineRecord l) =>
        s.Execute("UPDATE vendors_bank_line SET booked = 1 WHERE id = ?1 AND version = ?2", l.Line.Id, l.Version);

    public static BankLineRecord ReadLine(SqliteDataReader row) => new(
        new BankLine(row.GetString(0), DateOnly.FromDayNumber(row.GetInt32(1)), row.GetString(2), new Money(row.GetInt64(3), row.Currency(4))),
        row.TextOrNull(5), row.TextOrNull(6) is { } first ? new TwoPeople(first, row.GetString(7)) : null, row.GetInt32(8));
}

[JsonSerializable(typeof(IReadOnlyList<CommissionScheme>))]
[JsonSerializable(typeof(BatchTotals))]
internal sealed partial class VendorJson : JsonSerializerContext;
