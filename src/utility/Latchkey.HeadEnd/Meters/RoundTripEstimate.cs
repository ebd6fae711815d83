namespace Latchkey.HeadEnd.Meters;

/// <summary>Smoothed round-trip time of one meter and its deviation, in milliseconds; 0 and 0 before the first answer.</summary>
/// <remarks>Source: RFC 6298, 2, with alpha 1/8 and beta 1/4; the time-out is bounded to 2 to 60 s as CoCoA does for CoAP.</remarks>
public readonly record struct RoundTripEstimate(int SmoothedMs, int DeviationMs)
{
    private const int InitialTimeoutMs = 10_000;
    private const int MinTimeoutMs = 2_000;
    private const int MaxTimeoutMs = 60_000;

    /// <summary>How long to wait for the first answer.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(
        SmoothedMs == 0 ? InitialTimeoutMs : Math.Clamp(SmoothedMs + (4 * DeviationMs), MinTimeoutMs, MaxTimeoutMs));

    /// <summary>The estimate after one more unambiguous answer, one that came before anything was sent twice.</summary>
    public RoundTripEstimate After(TimeSpan roundTrip)
    {
        int sample = (int)Math.Clamp(roundTrip.TotalMilliseconds, 1, MaxTimeoutMs);
        if (SmoothedMs == 0) return new RoundTripEstimate(sample, sample / 2);
        int deviation = ((3 * DeviationMs) + Math.Abs(SmoothedMs - sample)) / 4;
        return new RoundTripEstimate(((7 * SmoothedMs) + sample) / 8, deviation);
    }
}
