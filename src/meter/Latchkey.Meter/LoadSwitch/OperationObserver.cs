using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>What the samples tell of one operation.</summary>
/// <param name="ContactUs">When the contacts parted or first touched.</param>
/// <param name="DeviationMs">How well that is known.</param>
/// <param name="SignedMicrocoulombs">Charge that flowed through the arc; of a make, the charge of the bounce without its sign.</param>
/// <param name="Zero">The first current zero of the arc; null where there was no arc.</param>
internal readonly record struct Observation(double ContactUs, double DeviationMs, long SignedMicrocoulombs, ArcZero? Zero = null);

/// <summary>A current zero with open contacts.</summary>
/// <param name="GapMs">Since the parting.</param>
/// <param name="Volts">Line voltage at it.</param>
/// <param name="Held">True when the arc stayed out.</param>
internal readonly record struct ArcZero(double GapMs, double Volts, bool Held);

/// <summary>
/// Finds the contact instant in line voltage, load-side voltage and current. At parting the difference of the voltages jumps to the
/// arc's 11 to 15 V; at first touch the load side follows the line.
/// </summary>
internal sealed class OperationObserver(LoadSwitchSettings settings)
{
    private const double ArcVolts = 6;
    private const double FlowAmps = 0.1;
    private const double MissedAmps = 0.5;
    private const double MissedShare = 0.05; // interpolation rings where a pulse ends abruptly
    private const double LiveVolts = 2;
    private const double FlightShare = 0.72;

    /// <summary>Looks for the parting between two instants.</summary>
    /// <param name="ring">Samples.</param>
    /// <param name="profile">The current that would flow, had nothing happened.</param>
    /// <param name="fromUs">Start of the search.</param>
    /// <param name="toUs">End of the search.</param>
    /// <param name="ratio">Load-side channel to line channel while closed.</param>
    public Observation? Parting(SampleRing ring, CycleProfile profile, double fromUs, double toUs, double ratio)
    {
        double lastClosed = fromUs;
        for (int back = ring.StepsBack(fromUs) - 1; back >= ring.StepsBack(toUs); back--)
        {
            double at = TimeOf(ring, back);
            double volts = ring.V(back) * settings.VoltsPerCount, amps = ring.I(back) * settings.AmpsPerCount;
            double across = Math.Abs(volts - (ring.Lsv(back) * settings.VoltsPerCount * ratio));
            bool flows = Math.Abs(amps) > FlowAmps;
            bool parted = across > ArcVolts || (!flows && SurelyExpected(profile, at) > MissedAmps + (MissedShare * profile.RmsAmps));
            if (parted) return Between(lastClosed, at, ring, back);
            if (flows || Math.Abs(volts) > ArcVolts) lastClosed = at;
        }

        return null;
    }

    /// <summary>Looks for the first touch between two instants.</summary>
    public Observation? Touch(SampleRing ring, double fromUs, double toUs)
    {
        double lastOpen = fromUs, blind = double.NegativeInfinity, openBeforeBlind = fromUs;
        for (int back = ring.StepsBack(fromUs) - 1; back >= ring.StepsBack(toUs); back--)
        {
            double at = TimeOf(ring, back);
            double volts = Math.Abs(ring.V(back) * settings.VoltsPerCount), load = Math.Abs(ring.Lsv(back) * settings.VoltsPerCount);
            if (load > LiveVolts || Math.Abs(ring.I(back) * settings.AmpsPerCount) > FlowAmps)
            {
                // At the voltage's zero a touch cannot be seen, and what looks open after it may be the first flight of the bounce.
                if (at - blind < settings.BounceMs * 1000) lastOpen = openBeforeBlind;
                return new(Middle(lastOpen, at), Deviation(lastOpen, at), BounceCharge(ring, back));
            }

            if (volts > 2 * LiveVolts) lastOpen = at;
            else (blind, openBeforeBlind) = (at, at - blind < settings.BounceMs * 1000 ? openBeforeBlind : lastOpen);
        }

        return null;
    }

    private static double TimeOf(SampleRing ring, int back) => ring.LastUs - ((double)back * RawSample.PeriodUs);

    private double Middle(double from, double to) => ((from + to) / 2) - settings.LoadVoltageLatencyUs;

    // A uniform interval.
    private static double Deviation(double from, double to) => (to - from) / 1000 / Math.Sqrt(12);

    private Observation Between(double lastClosed, double at, SampleRing ring, int back)
    {
        double parted = Middle(lastClosed, at);
        // The first sample after the parting stands for the time since it, every later one for its period.
        double charge = ring.I(back) * (at - parted);
        for (int k = back - 1; k >= 0 && Math.Abs(ring.I(k) * settings.AmpsPerCount) > FlowAmps; k--) charge += (double)ring.I(k) * RawSample.PeriodUs;
        return new(parted, Deviation(lastClosed, at), (long)Math.Round(charge * settings.AmpsPerCount), FirstZero(ring, back, parted));
    }

    // The contacts are apart for about three quarters of the bounce.
    private long BounceCharge(SampleRing ring, int back)
    {
        int last = Math.Max(back - (int)(settings.BounceMs * 1000 / RawSample.PeriodUs), 0);
        double counts = 0;
        for (int k = back; k >= last; k--) counts += Math.Abs((double)ring.I(k));
        return (long)Math.Round(counts * settings.AmpsPerCount * RawSample.PeriodUs * FlightShare);
    }

    private ArcZero? FirstZero(SampleRing ring, int back, double partedUs)
    {
        for (int k = back; k > 0; k--)
        {
            double here = ring.I(k) * settings.AmpsPerCount, next = ring.I(k - 1) * settings.AmpsPerCount;
            if (Math.Abs(here) <= FlowAmps) return null;
            bool gone = Math.Abs(next) <= FlowAmps;
            if (!gone && here > 0 == next > 0) continue;
            // Where the current stops its zero is found by going on as it fell.
            double before = ring.I(k + 1) * settings.AmpsPerCount;
            double fall = gone ? Math.Abs(before) - Math.Abs(here) : Math.Abs(here - next);
            double share = fall > 0 ? Math.Min(Math.Abs(here) / fall, 1) : 1;
            double volts = ((ring.V(k) * (1 - share)) + (ring.V(k - 1) * share)) * settings.VoltsPerCount;
            return new((TimeOf(ring, k) + (share * RawSample.PeriodUs) - partedUs) / 1000, volts, gone && StaysGone(ring, k - 1));
        }

        return null;
    }

    // An arc may rest at zero and light again when the load draws current again.
    private bool StaysGone(SampleRing ring, int back)
    {
        int last = Math.Max(back - (2 * RawSample.RateHz / 100), 0);
        for (int k = back; k >= last; k--)
        {
            if (Math.Abs(ring.I(k) * settings.AmpsPerCount) > FlowAmps) return false;
        }

        return true;
    }

    // The least of the neighbourhood: at the steep flank of a pulse a moment's shift must not look like a missing current.
    private static double SurelyExpected(CycleProfile profile, double atUs) => Math.Min(
        Math.Abs(Expected(profile, atUs)),
        Math.Min(Math.Abs(Expected(profile, atUs - RawSample.PeriodUs)), Math.Abs(Expected(profile, atUs + RawSample.PeriodUs))));

    private static double Expected(CycleProfile profile, double atUs)
    {
        if (profile.PeriodUs <= 0) return 0;
        double cycles = (atUs - profile.OriginUs) / profile.PeriodUs;
        return profile.Amps[(int)((cycles - Math.Floor(cycles)) * CycleProfile.Points) % CycleProfile.Points];
    }
}
