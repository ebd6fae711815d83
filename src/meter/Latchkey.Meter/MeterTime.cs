namespace Latchkey.Meter;

/// <summary>The two clocks of a meter. Metering, credit and tokens need only the first.</summary>
/// <param name="MonotonicMs">Milliseconds since this start of the meter; never goes back.</param>
/// <param name="ClockSeconds">The time of day, seconds since 1970-01-01 UTC; 0 when it is not set.</param>
public readonly record struct MeterTime(long MonotonicMs, long ClockSeconds);
