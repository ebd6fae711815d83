using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>Learns from the inrush of past makes whether this installation should be closed at the voltage's zero or at its peak.</summary>
/// <remarks>
/// Resistors, lamps and capacitors want the zero. An unloaded iron core wants the peak: closed at the zero its flux is offset
/// and the current comes in pulses of one sign.
/// </remarks>
internal sealed class MakeProfile(LoadSwitchSettings settings)
{
    private const double UnipolarShare = 0.5;
    private const double SmallAmps = 3;
    private const int HistoryMask = 7;
    private int _peakDeciamps;

    public bool AimsAtPeak { get; private set; }

    /// <summary>One bit for each of the last three makes.</summary>
    public byte History { get; private set; }

    public int PeakDeciamps => _peakDeciamps;

    public void Restore(byte history, bool aimsAtPeak, int peakDeciamps)
    {
        History = (byte)(history & HistoryMask);
        AimsAtPeak = aimsAtPeak;
        _peakDeciamps = peakDeciamps;
    }

    /// <summary>Judges a make from the three cycles after the first touch.</summary>
    public void Learn(SampleRing ring, double touchUs, double periodUs)
    {
        if (!ring.Covers(touchUs, touchUs + (3 * periodUs))) return;
        double sum = 0, magnitude = 0, peak = 0;
        int settled = ring.StepsBack(touchUs + periodUs);
        int last = ring.StepsBack(touchUs + (3 * periodUs));
        for (int back = ring.StepsBack(touchUs); back > last; back--)
        {
            double amps = ring.I(back) * settings.AmpsPerCount;
            peak = Math.Max(peak, Math.Abs(amps));
            // A cold lamp or an empty capacitor also starts with one large half cycle; only a core goes on with one sign.
            if (back > settled) continue;
            sum += amps;
            magnitude += Math.Abs(amps);
        }

        // At the peak the signature cannot show; only an inrush worse than the zero's tells that the load has changed.
        bool bad = AimsAtPeak ? peak * 10 > _peakDeciamps : peak > SmallAmps && Math.Abs(sum) > UnipolarShare * magnitude;
        History = (byte)(((History << 1) | (bad ? 1 : 0)) & HistoryMask);
        if (!AimsAtPeak && bad) _peakDeciamps = Math.Max(_peakDeciamps, (int)Math.Min(peak * 10, 1_000_000));
        if (int.PopCount(History) < 2) return;
        AimsAtPeak = !AimsAtPeak;
        History = 0;
        if (!AimsAtPeak) _peakDeciamps = 0;
    }
}
