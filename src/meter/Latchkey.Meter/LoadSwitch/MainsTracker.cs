using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>A second-order loop on interpolated rising zero crossings: when the next ones will be.</summary>
/// <remarks>A crossing counts only after the signal has been below the arm level, and only 14 to 25 ms after the one before.</remarks>
internal sealed class MainsTracker(int armLevel)
{
    private const double ShortestUs = 1e6 / 70;
    private const double LongestUs = 1e6 / 40;
    private const double JumpUs = 150;
    private const int CyclesToLock = 3;
    private const double PhaseGain = 0.3;
    private const double PeriodGain = 0.06;
    private int _last;
    private bool _armed;
    private double _seenUs;
    private int _good;

    /// <summary>The filtered instant of the last rising crossing.</summary>
    public double CrossingUs { get; private set; }

    public double PeriodUs { get; private set; } = 20_000;

    /// <summary>Crossings in a row that came when they were expected.</summary>
    public int GoodCycles => _good;

    public bool IsLocked => _good >= CyclesToLock;

    /// <summary>Phase jumps seen since start.</summary>
    public int Jumps { get; private set; }

    public void OnSample(int value, long timeUs)
    {
        if (value < unchecked(-armLevel)) _armed = true;
        else if (_armed && value >= 0) Cross(timeUs - ((double)RawSample.PeriodUs * value / unchecked(value - _last)));
        _last = value;
    }

    /// <summary>How long ago the last crossing was seen; a voltage that is gone leaves the loop running free.</summary>
    public double SilentUs(long nowUs) => nowUs - _seenUs;

    /// <summary>Forgets everything: time has jumped.</summary>
    public void Reset()
    {
        _armed = false;
        _good = 0;
        _seenUs = 0;
    }

    private void Cross(double atUs)
    {
        _armed = false;
        double elapsed = atUs - _seenUs;
        bool first = _seenUs == 0;
        _seenUs = atUs;
        if (first || elapsed is < ShortestUs or > LongestUs)
        {
            Seed(atUs, first);
            return;
        }

        // Catching: two periods that agree are believed more than any history.
        if (!IsLocked)
        {
            _good = Math.Abs(elapsed - PeriodUs) < JumpUs ? unchecked(_good + 1) : 0;
            (CrossingUs, PeriodUs) = (atUs, elapsed);
            return;
        }

        double error = atUs - (CrossingUs + PeriodUs);
        if (Math.Abs(error) > JumpUs)
        {
            Seed(atUs, silently: false);
            return;
        }

        CrossingUs += PeriodUs + (PhaseGain * error);
        PeriodUs += PeriodGain * error;
        _good = unchecked(_good + 1);
    }

    private void Seed(double atUs, bool silently)
    {
        if (!silently) Jumps = unchecked(Jumps + 1);
        CrossingUs = atUs;
        _good = 0;
    }
}
