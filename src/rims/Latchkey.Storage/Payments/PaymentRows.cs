using System.Globalization;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.Store;
using Latchkey.Quantities;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Payments;

/// <summary>Rows to values. Times are UTC texts of fixed width, to the tick, so that they sort and can be read by people.</summary>
internal static class PaymentRows
{
    public const string PaymentColumns =
        "out_trade_no, provider, amount_minor, currency, method, payer, description, expires_at, state, created_at, "
        + "provider_reference, transaction_id, paid_at, failure_code, queries_done, next_query_at, refunded_minor, version";

    public const string RefundColumns =
        "out_refund_no, out_trade_no, provider, amount_minor, currency, reason, state, requested_at, "
        + "refund_id, succeeded_at, queries_done, next_query_at, version";

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    public static string? Text(DateTimeOffset? time) => time is { } known ? Text(known) : null;

    public static Payment ReadPayment(SqliteDataReader row) => new()
    {
        Intent = new PaymentIntent(
            Number(row, 0),
            Amount(row, 2, 3),
            (PaymentMethod)row.GetInt32(4),
            TextOrNull(row, 5),
            row.GetString(6),
            Time(row.GetString(7))),
        Provider = row.GetString(1),
        State = (PaymentState)row.GetInt32(8),
        CreatedAt = Time(row.GetString(9)),
        ProviderReference = TextOrNull(row, 10),
        TransactionId = TextOrNull(row, 11),
        PaidAt = TimeOrNull(row, 12),
        FailureCode = TextOrNull(row, 13),
        QueriesDone = row.GetInt32(14),
        NextQueryAt = TimeOrNull(row, 15),
        RefundedMinorUnits = row.GetInt64(16),
        Version = row.GetInt32(17),
    };

    public static Refund ReadRefund(SqliteDataReader row) => new()
    {
        Request = new RefundRequest(Number(row, 1), Number(row, 0), Amount(row, 3, 4), row.GetString(5)),
        Provider = row.GetString(2),
        State = (RefundState)row.GetInt32(6),
        RequestedAt = Time(row.GetString(7)),
        RefundId = TextOrNull(row, 8),
        SucceededAt = TimeOrNull(row, 9),
        QueriesDone = row.GetInt32(10),
        NextQueryAt = TimeOrNull(row, 11),
        Version = row.GetInt32(12),
    };

    public static UnmatchedPayment ReadUnmatched(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        TextOrNull(row, 4),
        row.GetString(5),
        Time(row.GetString(6)));

    private static OutTradeNo Number(SqliteDataReader row, int column) =>
        OutTradeNo.TryParse(row.GetString(column), out OutTradeNo number) ? number : throw Damaged("payment number");

    private static Money Amount(SqliteDataReader row, int amount, int currency) =>
        Currency.TryParse(row.GetString(currency), out Currency known) ? new Money(row.GetInt64(amount), known) : throw Damaged("currency");

    private static string? TextOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? TimeOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetString(column));

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static StorageException Damaged(string what) => new(StorageFailure.Damaged, $"A stored {what} cannot be read.");
}
