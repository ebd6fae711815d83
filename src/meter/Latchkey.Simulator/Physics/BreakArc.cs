namespace Latchkey.Simulator.Physics;

/// <summary>The arc of one opening, advanced in steps of a few microseconds until a current zero puts it out.</summary>
public sealed class BreakArc
{
    private readonly ArcParameters _arc;
    private readonly double _startSeconds;
    private readonly double _immediateVolts;
    private readonly double _overshoot;
    private double _lastAmps;
    private bool _restsAtZero;

    public BreakArc(ArcParameters arc, double startSeconds, double amps, LoadModel load)
    {
        _arc = arc;
        _startSeconds = startSeconds;
        _lastAmps = amps;
        _immediateVolts = Math.Max(arc.ImmediateLowestVolts, arc.ImmediateVolts - (arc.ImmediateVoltsPerAmp * load.RmsAmps));
        _overshoot = 1 + (arc.Overshoot * load.SinPhi);
    }

    /// <summary>Energy turned over in the arc so far.</summary>
    public double Joules { get; private set; }

    /// <summary>Charge carried so far.</summary>
    public double Coulombs { get; private set; }

    /// <summary>Charge with sign.</summary>
    public double SignedCoulombs { get; private set; }

    /// <summary>Current zeros at which the arc lit again.</summary>
    public int Reignitions { get; private set; }

    /// <summary>Whether separating contacts draw an arc at all.</summary>
    public static bool Ignites(ArcParameters arc, double amps, double volts) =>
        Math.Abs(amps) > arc.IgniteAmps && Math.Abs(volts) > arc.IgniteVolts;

    /// <summary>Voltage across the gap at an instant.</summary>
    public double VoltsAt(double seconds) =>
        Math.Min(_arc.FallVolts + (_arc.ColumnVoltsPerMm * GapMm(seconds)), _arc.HighestVolts);

    /// <summary>Advances by a step; false when the arc went out in it.</summary>
    public bool Step(double seconds, double step, double amps, double volts)
    {
        double mean = (_lastAmps + amps) / 2;
        bool zero = amps == 0 || Math.Sign(amps) != Math.Sign(_lastAmps);
        double charge = Math.Abs(zero ? mean / 2 : mean) * step;
        Joules += charge * VoltsAt(seconds);
        Coulombs += charge;
        SignedCoulombs += charge * Math.Sign(zero ? _lastAmps : mean);
        _lastAmps = amps == 0 ? _lastAmps : amps;
        if (!zero)
        {
            _restsAtZero = false;
            return true;
        }

        if (_immediateVolts + (_arc.DielectricVoltsPerMm * GapMm(seconds)) >= _overshoot * Math.Abs(volts)) return false;
        // A current that rests at zero is one chance, not one per step.
        if (!_restsAtZero) Reignitions++;
        _restsAtZero = amps == 0;
        return true;
    }

    private double GapMm(double seconds) => _arc.GapMmPerMs * (seconds - _startSeconds) * 1000;
}
