namespace Latchkey.Parks.Balance;

/// <summary>A stretch of time in which a condition holds: entered once, left only when the other bound is passed.</summary>
/// <param name="Start">The reading that entered it.</param>
/// <param name="End">The reading that left it; null while it lasts.</param>
public readonly record struct Episode(DateTimeOffset Start, DateTimeOffset? End)
{
    public bool Contains(DateTimeOffset at) => at >= Start && (End is null || at < End);
}

/// <summary>When a condition is entered and when it is left; in between nothing changes.</summary>
/// <param name="Enters">True for a point that begins an episode.</param>
/// <param name="Leaves">True for a point that ends one.</param>
public sealed record Hysteresis(Func<BalancePoint, bool> Enters, Func<BalancePoint, bool> Leaves)
{
    /// <summary>
    /// When the occupancy opened. What already held then is no crossing and is not worth telling; it ends as soon as it no longer holds,
    /// so that the first fall after it counts.
    /// </summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>Below the threshold, until the balance is at or above the re-arming level.</summary>
    public static Hysteresis Low(Func<BalancePoint, long> value, long thresholdMinor, long rearmMinor) =>
        new(point => value(point) < thresholdMinor, point => value(point) >= rearmMinor);

    /// <summary>The supply is off for want of credit, until it is on again.</summary>
    public static Hysteresis OffForLackOfCredit { get; } = new(point => !point.IsSupplied && point.CreditMilli <= 0, point => point.IsSupplied);

    /// <summary>Since when an episode lasts after one more point; null when none does.</summary>
    public DateTimeOffset? Next(DateTimeOffset? since, BalancePoint point)
    {
        if (since is null) return Enters(point) ? point.At : null;
        bool ends = since == OpenedAt ? !Enters(point) : Leaves(point);
        return ends ? null : since;
    }

    /// <summary>The episodes of points in rising order of time.</summary>
    public IReadOnlyList<Episode> Episodes(IEnumerable<BalancePoint> points)
    {
        var episodes = new List<Episode>();
        DateTimeOffset? since = null;
        foreach (BalancePoint point in points)
        {
            DateTimeOffset? next = Next(since, point);
            if (since is null && next is { } start) episodes.Add(new Episode(start, null));
            if (since is not null && next is null) episodes[^1] = episodes[^1] with { End = point.At };
            since = next;
        }

        return episodes;
    }
}
