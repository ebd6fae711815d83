using System.Globalization;
using Latchkey.Sts;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Identities of STS in columns and back.</summary>
internal static class KeyColumns
{
    public static MeterPan ReadPan(SqliteDataReader row, int column) =>
        MeterPan.Parse(row.GetInt64(column).ToString("D18", CultureInfo.InvariantCulture));

    /// <summary>From sgc, ti, krn, kt, ken, base_year, ea, beginning at <paramref name="first"/>.</summary>
    public static DecoderKeyAttributes ReadKey(SqliteDataReader row, MeterPan pan, int first) => new(
        pan,
        SupplyGroupCode.Parse(row.GetString(first)),
        TariffIndex.Parse(row.GetString(first + 1)),
        KeyRevisionNumber.FromValue(row.GetInt32(first + 2)),
        (KeyType)row.GetInt32(first + 3),
        new KeyExpiryNumber(checked((byte)row.GetInt32(first + 4))),
        ReadBaseDate(row.GetInt32(first + 5)),
        (EncryptionAlgorithm)row.GetInt32(first + 6));

    public static BaseDate ReadBaseDate(int year) => BaseDate.TryFromYear(year, out BaseDate date)
        ? date
        : throw new StorageException(StorageFailure.Damaged, $"{year} is no base date.");

    public static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static object? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    public static DateTimeOffset ReadTime(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? ReadOptionalTime(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : ReadTime(row, column);

    public static string? ReadText(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
