using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;

namespace Latchkey.Storage.Messaging;

/// <summary>Messages, their sendings, and readers' consents on SQLite.</summary>
public sealed class SqliteMessageLog(SqliteDatabase database) : IMessageLog, IConsentStore
{
    public Task<bool> AddAsync(MessageRecord message, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            Notice notice = message.Notice;
            return s.Execute(
                $"INSERT INTO msg_message ({MessageRows.Columns}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22) ON CONFLICT (notice_id) DO NOTHING",
                notice.NoticeId, (int)notice.Kind, notice.To.Id, (int)notice.To.Language, notice.To.MiniProgramOpenId, notice.To.ServiceOpenId,
                notice.To.PhoneNumber, notice.Text.Chinese, notice.Text.English, MessageRows.Text(notice.Values), MessageRows.Text(notice.CreatedAt),
                (int)message.State, (int?)message.Channel, message.RuledOut, message.AttemptsOnChannel, message.Attempts, MessageRows.Text(message.NextAt),
                MessageRows.Text(message.SentAt), message.Shown, message.ProviderMessageId, message.LastCode, message.Version) == 1;
        },
        cancellationToken);

    public Task<MessageRecord?> FindAsync(string noticeId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.First(
            $"SELECT {MessageRows.Columns} FROM msg_message WHERE notice_id = ?1", MessageRows.ReadMessage, noticeId)));
    }

    public Task<bool> SaveAsync(MessageRecord message, MessageAttempt? attempt, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            int changed = s.Execute(
                "UPDATE msg_message SET state = ?3, channel = ?4, ruled_out = ?5, attempts_on_channel = ?6, attempts = ?7, next_at = ?8, sent_at = ?9, "
                + "shown = ?10, provider_message_id = ?11, last_code = ?12, version = version + 1 WHERE notice_id = ?1 AND version = ?2",
                message.Notice.NoticeId, message.Version, (int)message.State, (int?)message.Channel, message.RuledOut, message.AttemptsOnChannel,
                message.Attempts, MessageRows.Text(message.NextAt), MessageRows.Text(message.SentAt), message.Shown, message.ProviderMessageId, message.LastCode);
            if (changed == 1 && attempt is not null)
            {
                s.Execute(
                    "INSERT INTO msg_attempt (notice_id, number, channel, at, verdict, code, detail) VALUES (?1,?2,?3,?4,?5,?6,?7)",
                    attempt.NoticeId, attempt.Number, (int)attempt.Channel, MessageRows.Text(attempt.At), (int)attempt.Verdict, attempt.Code, attempt.Detail);
            }

            return changed == 1;
        },
        cancellationToken);

    public Task<IReadOnlyList<MessageRecord>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            $"SELECT {MessageRows.Columns} FROM msg_message WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2",
            MessageRows.ReadMessage, MessageRows.Text(now), limit)));
    }

    public Task<IReadOnlyList<MessageRecord>> ListAsync(string? recipientId, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => recipientId is null
            ? s.Query($"SELECT {MessageRows.Columns} FROM msg_message ORDER BY created_at DESC, notice_id LIMIT ?1", MessageRows.ReadMessage, limit)
            : s.Query(
                $"SELECT {MessageRows.Columns} FROM msg_message WHERE recipient_id = ?1 ORDER BY created_at DESC, notice_id LIMIT ?2",
                MessageRows.ReadMessage, recipientId, limit)));
    }

    public Task<IReadOnlyList<MessageAttempt>> AttemptsOfAsync(string noticeId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            "SELECT notice_id, number, channel, at, verdict, code, detail FROM msg_attempt WHERE notice_id = ?1 ORDER BY number",
            MessageRows.ReadAttempt, noticeId)));
    }

    public Task<int> CountSentAsync(ChannelKind? channel, string? recipientId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => (int)s.Scalar<long>(
            "SELECT count(*) FROM msg_message WHERE sent_at >= ?1 AND (?2 IS NULL OR channel = ?2) AND (?3 IS NULL OR recipient_id = ?3)",
            MessageRows.Text(since), (int?)channel, recipientId)));
    }

    public Task<MessageRecord?> FindByProviderIdAsync(ChannelKind channel, string providerMessageId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.First(
            $"SELECT {MessageRows.Columns} FROM msg_message WHERE channel = ?1 AND provider_message_id = ?2",
            MessageRows.ReadMessage, (int)channel, providerMessageId)));
    }

    public Task<bool> AddAsync(string openId, string templateId, string eventKey, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            bool isNew = s.Execute(
                "INSERT INTO msg_consent_event (template_id, event_key) VALUES (?1, ?2) ON CONFLICT DO NOTHING", templateId, eventKey) == 1;
            if (isNew)
            {
                s.Execute(
                    "INSERT INTO msg_consent (open_id, template_id, remaining) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET remaining = remaining + 1",
                    openId, templateId);
            }

            return isNew;
        },
        cancellationToken);

    public Task<bool> TakeAsync(string openId, string templateId, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute("UPDATE msg_consent SET remaining = remaining - 1 WHERE open_id = ?1 AND template_id = ?2 AND remaining > 0", openId, templateId) == 1,
        cancellationToken);

    public Task ClearAsync(string openId, string templateId, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute("DELETE FROM msg_consent WHERE open_id = ?1 AND template_id = ?2", openId, templateId), cancellationToken);

    public Task<int> CountAsync(string openId, string templateId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => (int)s.First(
            "SELECT remaining FROM msg_consent WHERE open_id = ?1 AND template_id = ?2", row => row.GetInt64(0), openId, templateId)));
    }
}
