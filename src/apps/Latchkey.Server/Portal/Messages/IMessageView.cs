namespace Latchkey.Server.Portal.Messages;

/// <summary>What became of a message.</summary>
public enum MessageFate { Waiting = 0, Sent = 1, Failed = 2, Held = 3 }

/// <summary>One message to a tenant, in both languages, and what became of it.</summary>
/// <param name="Kind">Stable code of the occasion, for example <c>balance-low</c>.</param>
/// <param name="Token">The digits that the message carries; null for none.</param>
/// <param name="Channel">Stable code of the way, for example <c>wechat</c>, <c>sms</c>.</param>
public sealed record MessageLine(
    string Id, DateTimeOffset At, string TenantId, string Recipient, string Kind, string Channel, string TextChinese, string TextEnglish, string? Token, MessageFate Fate, string? FailureCode);

/// <summary>Reads the messages that were sent.</summary>
public interface IMessageView
{
    /// <summary>The newest first, at most <paramref name="limit"/>; of one tenant, or of all when null.</summary>
    ValueTask<IReadOnlyList<MessageLine>> ListAsync(string? tenantId, int limit, CancellationToken cancellationToken);
}
