namespace Latchkey.Payments.Desk;

/// <summary>When the provider is asked because no notification came. Notifications are not guaranteed; these questions are.</summary>
public static class QuerySchedule
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6),
    ];

    /// <summary>The next question after <paramref name="queriesDone"/> earlier ones; the last wait repeats for as long as the payment is open.</summary>
    public static DateTimeOffset Next(DateTimeOffset now, int queriesDone) =>
        now + Waits[Math.Clamp(queriesDone, 0, Waits.Length - 1)];
}
