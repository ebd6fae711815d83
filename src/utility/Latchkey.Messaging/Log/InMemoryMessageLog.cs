using Latchkey.Messaging.Channels;

namespace Latchkey.Messaging.Log;

/// <summary>A log without a disk, for trials and tests. It passes the same contract tests as the SQLite log.</summary>
public sealed class InMemoryMessageLog : IMessageLog, IConsentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MessageRecord> _messages = new(StringComparer.Ordinal);
    private readonly List<MessageAttempt> _attempts = [];
    private readonly Dictionary<(string, string), int> _consents = [];
    private readonly HashSet<(string, string)> _consentEvents = [];

    public Task<bool> AddAsync(MessageRecord message, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_messages.TryAdd(message.Notice.NoticeId, message));
    }

    public Task<MessageRecord?> FindAsync(string noticeId, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_messages.GetValueOrDefault(noticeId));
    }

    public Task<bool> SaveAsync(MessageRecord message, MessageAttempt? attempt, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool current = _messages.TryGetValue(message.Notice.NoticeId, out MessageRecord? stored) && stored.Version == message.Version;
            if (!current) return Task.FromResult(false);
            _messages[message.Notice.NoticeId] = message with { Version = message.Version + 1 };
            if (attempt is not null) _attempts.Add(attempt);
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<MessageRecord>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<MessageRecord> due = [.. _messages.Values.Where(m => m.NextAt <= now).OrderBy(m => m.NextAt).Take(limit)];
            return Task.FromResult(due);
        }
    }

    public Task<IReadOnlyList<MessageRecord>> ListAsync(string? recipientId, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<MessageRecord> newest = [.. _messages.Values.Where(m => recipientId is null || m.Notice.To.Id == recipientId)
                .OrderByDescending(m => m.Notice.CreatedAt).Take(limit)];
            return Task.FromResult(newest);
        }
    }

    public Task<IReadOnlyList<MessageAttempt>> AttemptsOfAsync(string noticeId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<MessageAttempt> attempts = [.. _attempts.Where(a => a.NoticeId == noticeId).OrderBy(a => a.Number)];
            return Task.FromResult(attempts);
        }
    }

    public Task<int> CountSentAsync(ChannelKind? channel, string? recipientId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_messages.Values.Count(m => m.SentAt >= since && (channel is null || m.Channel == channel)
                && (recipientId is null || m.Notice.To.Id == recipientId)));
        }
    }

    public Task<MessageRecord?> FindByProviderIdAsync(ChannelKind channel, string providerMessageId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_messages.Values.FirstOrDefault(m => m.Channel == channel && m.ProviderMessageId == providerMessageId));
        }
    }

    public Task<bool> AddAsync(string openId, string templateId, string eventKey, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_consentEvents.Add((templateId, eventKey))) return Task.FromResult(false);
            _consents[(openId, templateId)] = _consents.GetValueOrDefault((openId, templateId)) + 1;
            return Task.FromResult(true);
        }
    }

    public Task<bool> TakeAsync(string openId, string templateId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            int left = _consents.GetValueOrDefault((openId, templateId));
            if (left > 0) _consents[(openId, templateId)] = left - 1;
            return Task.FromResult(left > 0);
        }
    }

    public Task ClearAsync(string openId, string templateId, CancellationToken cancellationToken)
    {
        lock (_gate) _consents.Remove((openId, templateId));
        return Task.CompletedTask;
    }

    public Task<int> CountAsync(string openId, string templateId, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_consents.GetValueOrDefault((openId, templateId)));
    }
}
