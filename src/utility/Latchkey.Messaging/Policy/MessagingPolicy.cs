namespace Latchkey.Messaging.Policy;

/// <summary>The limits a messenger keeps to.</summary>
public sealed record MessagingPolicy
{
    public QuietHours QuietHours { get; init; } = QuietHours.China;

    /// <summary>One reader gets at most so many messages that are not urgent in 24 hours.</summary>
    public int MaxPerReaderPerDay { get; init; } = 5;

    /// <summary>All readers together get at most so many messages in 24 hours on one channel; a runaway loop ends here.</summary>
    public int MaxPerChannelPerDay { get; init; } = 100_000;

    /// <summary>Waits before the same message is tried again on the same channel; when they are used up, the next channel.</summary>
    public IReadOnlyList<TimeSpan> RetryWaits { get; init; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>A sending that has not come back after this counts as one whose outcome is unknown (the process died).</summary>
    public TimeSpan SendingLease { get; init; } = TimeSpan.FromMinutes(2);
}
