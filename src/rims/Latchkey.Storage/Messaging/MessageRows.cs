using System.Globalization;
using System.Text.Json;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Messaging;

/// <summary>Rows to values. Times are UTC texts of fixed width, to the tick, so that they sort and can be read by people.</summary>
internal static class MessageRows
{
    public const string Columns =
        "notice_id, kind, recipient_id, language, mini_program_open_id, service_open_id, phone_number, text_zh, text_en, field_values, created_at, "
        + "state, channel, ruled_out, attempts_on_channel, attempts, next_at, sent_at, shown, provider_message_id, last_code, version";

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    public static string? Text(DateTimeOffset? time) => time is { } known ? Text(known) : null;

    public static string Text(IReadOnlyDictionary<string, string> values) => JsonSerializer.Serialize(values);

    public static MessageRecord ReadMessage(SqliteDataReader row) => new()
    {
        Notice = new Notice(
            row.GetString(0),
            (NoticeKind)row.GetInt32(1),
            new Recipient(row.GetString(2), (NoticeLanguage)row.GetInt32(3), TextOrNull(row, 4), TextOrNull(row, 5), TextOrNull(row, 6)),
            new NoticeText(row.GetString(7), row.GetString(8)),
            Values(row.GetString(9)),
            Time(row.GetString(10))),
        State = (MessageState)row.GetInt32(11),
        Channel = row.IsDBNull(12) ? null : (ChannelKind)row.GetInt32(12),
        RuledOut = row.GetInt32(13),
        AttemptsOnChannel = row.GetInt32(14),
        Attempts = row.GetInt32(15),
        NextAt = TimeOrNull(row, 16),
        SentAt = TimeOrNull(row, 17),
        Shown = TextOrNull(row, 18),
        ProviderMessageId = TextOrNull(row, 19),
        LastCode = TextOrNull(row, 20),
        Version = row.GetInt32(21),
    };

    public static MessageAttempt ReadAttempt(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt32(1),
        (ChannelKind)row.GetInt32(2),
        Time(row.GetString(3)),
        (SendVerdict)row.GetInt32(4),
        row.GetString(5),
        TextOrNull(row, 6));

    private static Dictionary<string, string> Values(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)
        ?? throw new StorageException(StorageFailure.Damaged, "The values of a stored message cannot be read.");

    private static string? TextOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? TimeOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetString(column));

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
