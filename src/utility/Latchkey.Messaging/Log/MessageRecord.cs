using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Log;

/// <summary>Where a message stands. The numbers are stored.</summary>
public enum MessageState
{
    /// <summary>To be sent, now or at a time.</summary>
    Queued = 1,

    /// <summary>Handed to a channel; found like this after a crash, its outcome is unknown.</summary>
    Sending = 2,

    /// <summary>A provider took it.</summary>
    Sent = 3,

    /// <summary>The provider says that it reached the reader.</summary>
    Confirmed = 4,

    /// <summary>No channel could carry it.</summary>
    Undeliverable = 5,

    /// <summary>Its time had passed before it could be sent.</summary>
    Expired = 6,
}

/// <summary>One message as it is stored. A new value for every change; the version guards against two senders.</summary>
public sealed record MessageRecord
{
    public required Notice Notice { get; init; }

    public required MessageState State { get; init; }

    /// <summary>The channel in use or used last.</summary>
    public ChannelKind? Channel { get; init; }

    /// <summary>Channels that are ruled out for this message, as bits by number.</summary>
    public int RuledOut { get; init; }

    /// <summary>Sendings on the channel in use.</summary>
    public int AttemptsOnChannel { get; init; }

    /// <summary>All sendings.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is looked at next; null once it has ended.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>What the reader sees, as it was sent.</summary>
    public string? Shown { get; init; }

    public string? ProviderMessageId { get; init; }

    /// <summary>The stable code of what happened last.</summary>
    public string? LastCode { get; init; }

    public int Version { get; init; } = 1;

    public bool IsRuledOut(ChannelKind channel) => (RuledOut & (1 << (int)channel)) != 0;

    public MessageRecord WithRuledOut(ChannelKind channel) => this with { RuledOut = RuledOut | (1 << (int)channel), AttemptsOnChannel = 0 };
}

/// <summary>One sending of a message.</summary>
public sealed record MessageAttempt(
    string NoticeId, int Number, ChannelKind Channel, DateTimeOffset At, SendVerdict Verdict, string Code, string? Detail);
