namespace Latchkey.Meter.Tamper;

/// <summary>Holds the time of day against the meter's own running time. Metering, credit and tokens do not ask what it finds.</summary>
internal sealed class ClockWatch
{
    private const long AllowedSeconds = 60;
    private long? _offset;

    /// <summary>By how many seconds the clock jumped at the last look that found a jump.</summary>
    public long LastStepSeconds { get; private set; }

    /// <summary>At a start the clock may have gone on for any time, but not back.</summary>
    public bool JumpedAtStart(MeterTime now, long savedClockSeconds)
    {
        bool wentBack = now.ClockSeconds > 0 && savedClockSeconds - now.ClockSeconds > AllowedSeconds;
        if (wentBack) LastStepSeconds = now.ClockSeconds - savedClockSeconds;
        _offset = OffsetOf(now);
        return wentBack;
    }

    public bool Jumped(MeterTime now)
    {
        long? offset = OffsetOf(now);
        long? before = _offset;
        _offset = offset ?? _offset;
        if (offset is null || before is null || Math.Abs(offset.Value - before.Value) <= AllowedSeconds) return false;
        LastStepSeconds = offset.Value - before.Value;
        return true;
    }

    private static long? OffsetOf(MeterTime now) => now.ClockSeconds > 0 ? now.ClockSeconds - (now.MonotonicMs / 1_000) : null;
}
