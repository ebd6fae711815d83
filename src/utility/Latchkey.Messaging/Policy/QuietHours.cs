namespace Latchkey.Messaging.Policy;

/// <summary>When people are not disturbed by what can wait, in the park's own time. From equals to: never quiet.</summary>
/// <param name="From">The first quiet minute of the evening.</param>
/// <param name="To">The first minute of the morning that is not quiet.</param>
/// <param name="Offset">The park's offset from UTC.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly To, TimeSpan Offset)
{
    /// <summary>22:00 to 8:00 in China.</summary>
    public static QuietHours China { get; } = new(new TimeOnly(22, 0), new TimeOnly(8, 0), TimeSpan.FromHours(8));

    public static QuietHours None { get; } = new(TimeOnly.MinValue, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The end of the quiet time that <paramref name="time"/> lies in, or null when it is not quiet.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset time)
    {
        if (From == To) return null;
        DateTimeOffset local = time.ToOffset(Offset);
        if (!TimeOnly.FromTimeSpan(local.TimeOfDay).IsBetween(From, To)) return null;

        DateTimeOffset end = new(local.Date + To.ToTimeSpan(), Offset);
        return end > local ? end : end.AddDays(1);
    }

    /// <summary>The next midnight of the park: when the platform's daily quotas begin anew.</summary>
    public static DateTimeOffset NextMidnight(DateTimeOffset time, TimeSpan offset) =>
        new(time.ToOffset(offset).Date.AddDays(1), offset);
}
