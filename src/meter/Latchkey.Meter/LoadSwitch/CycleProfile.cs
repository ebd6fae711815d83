namespace Latchkey.Meter.LoadSwitch;

/// <summary>One cycle of voltage and current, averaged over up to four cycles at equal phase (a comb), from the voltage's rising zero.</summary>
public sealed class CycleProfile
{
    public const int Points = 640;
    private const int MaxCycles = 4;
    private readonly double[] _previous = new double[Points];

    /// <summary>Volts at each point.</summary>
    public double[] Volts { get; } = new double[Points];

    /// <summary>Amperes at each point.</summary>
    public double[] Amps { get; } = new double[Points];

    /// <summary>The instant of point 0 of the newest cycle.</summary>
    public double OriginUs { get; private set; }

    public double PeriodUs { get; private set; }

    public double RmsAmps { get; private set; }

    /// <summary>|sin φ| of the fundamentals.</summary>
    public double SinPhi { get; private set; }

    /// <summary>1 when the last two cycles are the same, 0 and below when they have nothing in common.</summary>
    public double Stationarity { get; private set; }

    public double MsPerPoint => PeriodUs / Points / 1000;

    /// <summary>Takes a known cycle instead of samples: for bounds and pictures.</summary>
    /// <param name="periodUs">The period.</param>
    /// <param name="waveform">Volts and amperes over the phase of the voltage, 0 to 1.</param>
    public void Fill(double periodUs, Func<double, (double Volts, double Amps)> waveform)
    {
        PeriodUs = periodUs;
        for (int k = 0; k < Points; k++) (Volts[k], Amps[k]) = waveform(k / (double)Points);
        Stationarity = 1;
        Measure();
    }

    /// <summary>Builds the profile from the newest samples; false when too few are there.</summary>
    /// <param name="ring">Samples.</param>
    /// <param name="crossingUs">A rising crossing of the reference.</param>
    /// <param name="periodUs">The period.</param>
    /// <param name="cycles">At most so many cycles.</param>
    /// <param name="settings">Scales.</param>
    internal bool TryBuild(SampleRing ring, double crossingUs, double periodUs, int cycles, LoadSwitchSettings settings)
    {
        // The newest whole cycle that the samples reach.
        double end = crossingUs + (Math.Floor((ring.LastUs - 250 - crossingUs) / periodUs) * periodUs);
        cycles = Math.Min(cycles, MaxCycles);
        while (cycles > 0 && !ring.Covers(end - (cycles * periodUs), end)) cycles--;
        if (cycles < 2) return false;

        OriginUs = end;
        PeriodUs = periodUs;
        Array.Clear(Volts);
        Array.Clear(Amps);
        double difference = 0, energy = 0;
        for (int c = 0; c < cycles; c++)
        {
            double start = end - ((c + 1) * periodUs);
            for (int k = 0; k < Points; k++)
            {
                (double v, double i) = ring.At(start + (k * periodUs / Points));
                Volts[k] += v;
                Amps[k] += i;
                if (c == 0) _previous[k] = i;
                if (c != 1) continue;
                difference += (i - _previous[k]) * (i - _previous[k]);
                energy += _previous[k] * _previous[k];
            }
        }

        Stationarity = energy > 0 ? 1 - (difference / energy) : 1;
        Finish(cycles, settings);
        return true;
    }

    /// <summary>One single cycle; false when the samples do not reach it.</summary>
    internal bool TryBuildSingle(SampleRing ring, double startUs, double periodUs, LoadSwitchSettings settings)
    {
        if (!ring.Covers(startUs, startUs + periodUs)) return false;
        (OriginUs, PeriodUs, Stationarity) = (startUs, periodUs, 1);
        for (int k = 0; k < Points; k++) (Volts[k], Amps[k]) = ring.At(startUs + (k * periodUs / Points));
        Finish(1, settings);
        return true;
    }

    /// <summary>Takes only the newest cycle's current: the load is changing and an average would be of nothing.</summary>
    internal void KeepNewestCycle(LoadSwitchSettings settings)
    {
        for (int k = 0; k < Points; k++) Amps[k] = _previous[k] * settings.AmpsPerCount;
        Measure();
    }

    private void Finish(int cycles, LoadSwitchSettings settings)
    {
        for (int k = 0; k < Points; k++)
        {
            Volts[k] *= settings.VoltsPerCount / cycles;
            Amps[k] *= settings.AmpsPerCount / cycles;
        }

        Measure();
    }

    private void Measure()
    {
        double squares = 0, vs = 0, vc = 0, @is = 0, ic = 0;
        for (int k = 0; k < Points; k++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * k / Points);
            squares += Amps[k] * Amps[k];
            vs += Volts[k] * sin;
            vc += Volts[k] * cos;
            @is += Amps[k] * sin;
            ic += Amps[k] * cos;
        }

        RmsAmps = Math.Sqrt(squares / Points);
        double apparent = Math.Sqrt(((vs * vs) + (vc * vc)) * ((@is * @is) + (ic * ic)));
        SinPhi = apparent > 0 ? Math.Abs((vs * ic) - (vc * @is)) / apparent : 0;
    }
}
