using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Channels;

/// <summary>The ways to tell somebody something. The numbers are stored.</summary>
public enum ChannelKind
{
    /// <summary>WeChat mini program, subscription message.</summary>
    MiniProgram = 1,

    /// <summary>WeChat service account, subscription notice (bizsend).</summary>
    ServiceNotice = 2,

    /// <summary>WeChat service account, template message.</summary>
    ServiceTemplate = 3,

    Sms = 4,
    Email = 5,
    Webhook = 6,
}

/// <summary>What a sending came to. The numbers are stored.</summary>
public enum SendVerdict
{
    /// <summary>The provider took it.</summary>
    Accepted = 1,

    /// <summary>Not now: the same message on the same channel a little later.</summary>
    TryLater = 2,

    /// <summary>The channel is closed until a time; this message goes on to the next channel.</summary>
    ChannelClosed = 3,

    /// <summary>This message cannot go this way, now or later; the next channel.</summary>
    FallBack = 4,

    /// <summary>Our settings are wrong: an operator must act; the next channel meanwhile.</summary>
    Misconfigured = 5,

    /// <summary>It may or may not have been sent.</summary>
    Unknown = 6,
}

/// <summary>The result of one sending.</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Shown">What the reader sees, or null when nothing was sent.</param>
/// <param name="ProviderMessageId">The provider's number of the message, where it gives one.</param>
/// <param name="Detail">What the provider says of a failure (its trace number, the field's name); no personal data.</param>
/// <param name="OpensAt">When a closed channel opens again.</param>
public sealed record ChannelResult(
    SendVerdict Verdict, string Code, string? Shown = null, string? ProviderMessageId = null, string? Detail = null, DateTimeOffset? OpensAt = null);

/// <summary>One way to tell somebody something.</summary>
public interface IMessageChannel
{
    ChannelKind Kind { get; }

    /// <summary>True when the provider drops a second sending of the same message id within <paramref name="sinceFirst"/>.</summary>
    bool DropsRepeats(TimeSpan sinceFirst);

    /// <summary>True when this notice could go this way at all (an address is known, a template is set).</summary>
    bool CanCarry(Notice notice);

    /// <summary>Sends once. A world that fails comes back as a verdict.</summary>
    Task<ChannelResult> SendAsync(Notice notice, CancellationToken cancellationToken);
}
