namespace Latchkey.Meter;

/// <summary>Whether the time of day may be believed for what happens once at a date: prices, calendars, freezes.</summary>
/// <remarks>
/// A clock that jumps is not believed until it has gone evenly for an hour of running, so that a fault, or a hand at the clock, brings nothing
/// forward and undoes nothing. Metering, credit and tokens never ask.
/// </remarks>
public sealed class ClockGuard
{
    private const long AllowedDriftSeconds = 120;
    private const long ProbationMs = 3_600_000;
    private const long LongestOutageSeconds = 400L * 86_400;
    private long _offset;
    private long _believedFromMs = long.MaxValue;

    /// <summary>Seconds since 1970-01-01 UTC, or 0 while they are not to be believed.</summary>
    public long Trusted { get; private set; }

    /// <summary>True when the clock has jumped since the last look.</summary>
    public bool Jumped { get; private set; }

    /// <summary>At a start: a clock that went on from where it was is believed at once.</summary>
    public void Start(MeterTime now, long savedClockSeconds)
    {
        bool wentOn = now.ClockSeconds >= savedClockSeconds && now.ClockSeconds - savedClockSeconds <= LongestOutageSeconds;
        bool isNew = savedClockSeconds == 0;
        _offset = now.ClockSeconds - (now.MonotonicMs / 1_000);
        _believedFromMs = now.ClockSeconds > 0 && (wentOn || isNew) ? now.MonotonicMs : now.MonotonicMs + ProbationMs;
        Follow(now);
    }

    public void Follow(MeterTime now)
    {
        long offset = now.ClockSeconds - (now.MonotonicMs / 1_000);
        Jumped = Math.Abs(offset - _offset) > AllowedDriftSeconds;
        if (Jumped) _believedFromMs = now.MonotonicMs + ProbationMs;
        _offset = offset;
        Trusted = now.ClockSeconds > 0 && now.MonotonicMs >= _believedFromMs ? now.ClockSeconds : 0;
    }
}
