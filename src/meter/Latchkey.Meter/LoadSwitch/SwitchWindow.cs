namespace Latchkey.Meter.LoadSwitch;

/// <summary>
/// One cycle in which the relays of all phases operate, each at its own zero. The first that plans fixes it, late enough for the slowest relay.
/// </summary>
public sealed class SwitchWindow
{
    private double? _startUs;
    private double _slowestUs;

    /// <summary>A new request: the next plan opens a new window.</summary>
    /// <param name="slowestUs">The longest operate time among the relays.</param>
    public void Renew(double slowestUs) => (_startUs, _slowestUs) = (null, slowestUs);

    /// <summary>The earliest contact instant of one relay; its own where it comes too late for the window.</summary>
    /// <param name="ownUs">The earliest instant at which this relay could operate.</param>
    /// <param name="soonestUs">The earliest instant at which any pulse could start now.</param>
    public double Join(double ownUs, double soonestUs)
    {
        _startUs ??= soonestUs + _slowestUs;
        return Math.Max(ownUs, _startUs.Value);
    }
}
