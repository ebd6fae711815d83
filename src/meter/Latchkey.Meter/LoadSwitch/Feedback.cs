namespace Latchkey.Meter.LoadSwitch;

/// <summary>What line voltage, load-side voltage and current say together over a fifth of a second.</summary>
internal enum Feedback
{
    /// <summary>No line voltage: nothing can be said.</summary>
    Dark = 0,

    /// <summary>Load side dead, no current.</summary>
    Open = 1,

    /// <summary>Load side at line voltage, in phase.</summary>
    Closed = 2,

    /// <summary>Load side live from another source.</summary>
    Foreign = 3,

    /// <summary>Current without load-side voltage.</summary>
    CurrentOnly = 4,

    /// <summary>Current flows and an arc's voltage stands between line and load: the contacts are apart and burn.</summary>
    Arcing = 5,
}

/// <summary>Reads the feedback from samples.</summary>
internal static class FeedbackReader
{
    public const int WindowSamples = 1600;

    private const double LiveShare = 0.25;
    private const double SameMagnitude = 0.03;
    private const double LeastArcVolts = 9;
    private const double MostArcVolts = 40;
    private static readonly double SamePhase = Math.Cos(10 * Math.PI / 180);

    /// <summary>The verdict over the newest samples.</summary>
    public static Feedback Read(SampleRing ring, LoadSwitchSettings settings, int samples = WindowSamples)
    {
        double v2 = 0, l2 = 0, vl = 0, i2 = 0, d2 = 0;
        for (int k = 0; k < samples; k++)
        {
            double v = ring.V(k), l = ring.Lsv(k), i = ring.I(k);
            d2 += (v - l) * (v - l);
            v2 += v * v;
            l2 += l * l;
            vl += v * l;
            i2 += i * i;
        }

        double volts = Math.Sqrt(v2 / samples) * settings.VoltsPerCount, load = Math.Sqrt(l2 / samples) * settings.VoltsPerCount;
        bool flows = Math.Sqrt(i2 / samples) * settings.AmpsPerCount > 3 * settings.StartingAmps;
        bool lineLive = volts > LiveShare * settings.NominalVolts, loadLive = load > LiveShare * settings.NominalVolts;
        bool same = lineLive && vl / Math.Sqrt(v2 * Math.Max(l2, 1)) > SamePhase && Math.Abs(load - volts) < SameMagnitude * volts;
        // Half a window of voltage lies near the threshold; what is alike on both sides is closed all the same.
        if (!loadLive && !same) return flows ? Feedback.CurrentOnly : lineLive ? Feedback.Open : Feedback.Dark;
        double across = Math.Sqrt(d2 / samples) * settings.VoltsPerCount;
        if (lineLive && flows && across is > LeastArcVolts and < MostArcVolts) return Feedback.Arcing;
        return same || (lineLive && flows) ? Feedback.Closed : Feedback.Foreign;
    }

    /// <summary>Largest and smallest rms current of stretches of a length over the last fifth of a second.</summary>
    public static (double Most, double Least) Extremes(SampleRing ring, LoadSwitchSettings settings, int samples)
    {
        double most = 0, least = double.PositiveInfinity;
        int stretches = Math.Min(ring.Unbroken, WindowSamples) / samples;
        for (int s = 0; s < stretches; s++)
        {
            double i2 = 0;
            for (int k = s * samples; k < (s + 1) * samples; k++) i2 += (double)ring.I(k) * ring.I(k);
            most = Math.Max(most, i2);
            least = Math.Min(least, i2);
        }

        return (Math.Sqrt(most / samples) * settings.AmpsPerCount, Math.Sqrt(least / samples) * settings.AmpsPerCount);
    }

    /// <summary>Rms of voltage, load-side voltage and current over the newest samples.</summary>
    public static (double Volts, double LoadVolts, double Amps) Rms(SampleRing ring, LoadSwitchSettings settings, int samples)
    {
        double v2 = 0, l2 = 0, i2 = 0;
        for (int k = 0; k < samples; k++)
        {
            v2 += (double)ring.V(k) * ring.V(k);
            l2 += (double)ring.Lsv(k) * ring.Lsv(k);
            i2 += (double)ring.I(k) * ring.I(k);
        }

        return (Math.Sqrt(v2 / samples) * settings.VoltsPerCount, Math.Sqrt(l2 / samples) * settings.VoltsPerCount,
            Math.Sqrt(i2 / samples) * settings.AmpsPerCount);
    }
}
