using Latchkey.Quantities;
using Latchkey.Sts;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>How values that SQLite does not know are kept, in one place.</summary>
internal static class Columns
{
    public static long Of(DateTimeOffset at) => at.UtcTicks;

    public static object? Of(DateTimeOffset? at) => at?.UtcTicks;

    public static long Of(MeterPan pan) => (long)pan.Value;

    public static MeterPan Pan(this SqliteDataReader row, int column)
    {
        string digits = row.GetInt64(column).ToString("D18", System.Globalization.CultureInfo.InvariantCulture);
        return MeterPan.TryParse(digits, out MeterPan pan)
            ? pan
            : throw new StorageException(StorageFailure.Damaged, "A stored meter number has a wrong check digit.");
    }

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static long? IntegerOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Currency Currency(this SqliteDataReader row, int column) => Latchkey.Quantities.Currency.TryParse(row.GetString(column), out Currency currency)
        ? currency
        : throw new StorageException(StorageFailure.Damaged, "A stored currency is not known to this program.");

    public static Guid Id(this SqliteDataReader row, int column) => GuidBlob.Read((byte[])row.GetValue(column));
}
