namespace Latchkey.Meter.Payment;

/// <summary>How a load limit is enforced: delays by the size of the excess, waits that double, trips until the customer must act.</summary>
/// <param name="SlightMs">Excess up to a tenth is tolerated so long.</param>
/// <param name="ClearMs">Excess above a tenth.</param>
/// <param name="GrossMs">Excess above a half.</param>
/// <param name="FirstWaitMs">From the first trip to the first automatic reclosing; doubles with every trip.</param>
/// <param name="MaxTrips">After so many trips the meter no longer recloses by itself.</param>
/// <param name="ForgetMs">Without a trip for so long, the count starts anew.</param>
public readonly record struct LimiterSettings(
    int SlightMs, int ClearMs, int GrossMs, int FirstWaitMs, int MaxTrips, int ForgetMs)
{
    public LimiterSettings()
        : this(30_000, 10_000, 1_000, 30_000, 5, 30 * 60_000)
    {
    }
}

/// <summary>The load limiter as a value: what it has seen, and whether it holds the supply off.</summary>
/// <param name="OverSinceMs">When the present excess began, or -1.</param>
/// <param name="IsTripped">True while the limiter holds the supply off.</param>
/// <param name="TrippedAtMs">When it last tripped.</param>
/// <param name="Trips">Trips that count.</param>
public readonly record struct LoadLimiter(long OverSinceMs, bool IsTripped, long TrippedAtMs, int Trips)
{
    private const int MostDoublings = 8;

    /// <summary>Nothing seen; also where the customer starts anew after a lock-out.</summary>
    public static LoadLimiter Idle { get; } = new(-1, false, 0, 0);

    /// <summary>True after too many trips: only the customer ends it.</summary>
    public bool IsLockedOut(LimiterSettings settings) => IsTripped && Trips >= settings.MaxTrips;

    /// <summary>After a second in which <paramref name="watts"/> flowed.</summary>
    public LoadLimiter After(long nowMs, long watts, int limitWatts, LimiterSettings settings)
    {
        if (limitWatts <= 0) return Idle;
        if (IsTripped) return Waited(nowMs, settings);
        LoadLimiter now = Trips > 0 && nowMs - TrippedAtMs >= settings.ForgetMs ? this with { Trips = 0 } : this;
        if (watts <= limitWatts) return now with { OverSinceMs = -1 };
        long since = now.OverSinceMs < 0 ? nowMs : now.OverSinceMs;
        return nowMs - since >= Tolerated(watts, limitWatts, settings)
            ? new LoadLimiter(-1, true, nowMs, now.Trips + 1)
            : now with { OverSinceMs = since };
    }

    private LoadLimiter Waited(long nowMs, LimiterSettings settings)
    {
        if (Trips >= settings.MaxTrips) return this;
        long wait = (long)settings.FirstWaitMs << Math.Clamp(Trips - 1, 0, MostDoublings);
        return nowMs - TrippedAtMs >= wait ? this with { IsTripped = false } : this;
    }

    private static int Tolerated(long watts, int limit, LimiterSettings settings) =>
        watts * 2 > limit * 3L ? settings.GrossMs : watts * 10 > limit * 11L ? settings.ClearMs : settings.SlightMs;
}
