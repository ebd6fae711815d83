using Latchkey.Messaging.Channels;

namespace Latchkey.Messaging.Log;

/// <summary>Every message with its sendings. Each call is one transaction, durable when it returns.</summary>
public interface IMessageLog
{
    /// <summary>False when a message with this notice id is there already; it stays as it is.</summary>
    Task<bool> AddAsync(MessageRecord message, CancellationToken cancellationToken);

    Task<MessageRecord?> FindAsync(string noticeId, CancellationToken cancellationToken);

    /// <summary>Replaces the stored message if its version is still <c>message.Version</c>, and keeps the attempt with it. False when somebody else was first.</summary>
    Task<bool> SaveAsync(MessageRecord message, MessageAttempt? attempt, CancellationToken cancellationToken);

    /// <summary>Messages to be looked at now, the longest waiting first.</summary>
    Task<IReadOnlyList<MessageRecord>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The newest first; of one reader, or of all when null.</summary>
    Task<IReadOnlyList<MessageRecord>> ListAsync(string? recipientId, int limit, CancellationToken cancellationToken);

    Task<IReadOnlyList<MessageAttempt>> AttemptsOfAsync(string noticeId, CancellationToken cancellationToken);

    /// <summary>How many messages were sent since a time, on a channel and to a reader (null: any).</summary>
    Task<int> CountSentAsync(ChannelKind? channel, string? recipientId, DateTimeOffset since, CancellationToken cancellationToken);

    Task<MessageRecord?> FindByProviderIdAsync(ChannelKind channel, string providerMessageId, CancellationToken cancellationToken);
}

/// <summary>How many messages a reader has agreed to, by openid and template.</summary>
public interface IConsentStore
{
    /// <summary>Adds one consent; the event key makes a repeated callback count once. False when it was counted before.</summary>
    Task<bool> AddAsync(string openId, string templateId, string eventKey, CancellationToken cancellationToken);

    /// <summary>Uses one consent; false when none is left.</summary>
    Task<bool> TakeAsync(string openId, string templateId, CancellationToken cancellationToken);

    /// <summary>Forgets all consents: the platform says that none is left.</summary>
    Task ClearAsync(string openId, string templateId, CancellationToken cancellationToken);

    Task<int> CountAsync(string openId, string templateId, CancellationToken cancellationToken);
}
