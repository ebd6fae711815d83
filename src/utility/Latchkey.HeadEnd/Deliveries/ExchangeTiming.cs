using Latchkey.HeadEnd.Meters;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>How one exchange with a meter is timed, by how well it is heard.</summary>
/// <param name="AckTimeout">Wait for the first answer; doubles with each datagram.</param>
/// <param name="MaxRetransmit">Datagrams after the first in one exchange.</param>
/// <param name="FirstGap">Pause after the first exchange that failed; doubles with each.</param>
/// <remarks>The shape is that of CoAP (RFC 7252, 4.8); the figures follow what NB-IoT links take in the field.</remarks>
public sealed record ExchangeTiming(TimeSpan AckTimeout, int MaxRetransmit, TimeSpan FirstGap)
{
    private static readonly ExchangeTiming Normal = new(TimeSpan.FromSeconds(4), 4, TimeSpan.FromSeconds(60));
    private static readonly ExchangeTiming Extended = new(TimeSpan.FromSeconds(10), 4, TimeSpan.FromSeconds(120));
    private static readonly ExchangeTiming Extreme = new(TimeSpan.FromSeconds(30), 2, TimeSpan.FromSeconds(300));

    /// <summary>The timing for a class; an unknown class waits as long as this meter's answers have taught.</summary>
    public static ExchangeTiming For(CoverageClass coverage, RoundTripEstimate roundTrip) => coverage switch
    {
        CoverageClass.Normal => Normal,
        CoverageClass.Extended => Extended,
        CoverageClass.Extreme => Extreme,
        _ => Extended with { AckTimeout = roundTrip.Timeout },
    };
}
