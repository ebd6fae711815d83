using Latchkey.Metrology;
using Latchkey.Simulator.Accuracy;

namespace Latchkey.Simulator.Physics;

/// <summary>One point of an error curve.</summary>
/// <param name="Curve">Name of the curve.</param>
/// <param name="Amps">Current.</param>
/// <param name="ErrorPercent">Error of the active power.</param>
public readonly record struct ErrorPoint(string Curve, double Amps, double ErrorPercent);

/// <summary>What the metrology benchmark found.</summary>
/// <param name="Figures">Figures with their limits.</param>
/// <param name="Curves">Error over current, for pictures.</param>
/// <param name="Skipped">Parts that did not run, with the reason.</param>
public sealed record MetrologyBenchResult(IReadOnlyList<BenchFigure> Figures, IReadOnlyList<ErrorPoint> Curves, IReadOnlyList<string> Skipped);

/// <summary>The accuracy matrix: the core alone behind an ideal front end, and whole meters with front-end faults after calibration.</summary>
public static class MetrologyBench
{
    private static readonly AccuracyTables Tables = AccuracyTables.Default;
    private static readonly double Ib = Tables.Meter.BaseAmps;
    private static readonly double Imax = Tables.Meter.MaximumAmps;
    private static readonly double[] Currents = [0.001 * Ib, 0.004 * Ib, 0.01 * Ib, 0.02 * Ib, 0.05 * Ib, 0.1 * Ib, 0.2 * Ib, 0.5 * Ib, Ib, Imax / 2, Imax];
    private static readonly double[] Temperatures = [-25, 5, 23, 40, 55];

    private static readonly (string Name, double Phi)[] Factors =
    [
        ("PF 1", 0), ("PF 0.5 ind", Math.PI / 3), ("PF 0.8 cap", -Math.Acos(0.8)), ("PF 0.25 ind", Math.Acos(0.25)),
    ];

    /// <summary>Runs it.</summary>
    /// <param name="full">The whole matrix; otherwise a thinned one of a few seconds.</param>
    /// <param name="waveforms">Folder of the synthetic waveforms with index.json; null or missing is a named skip.</param>
    public static MetrologyBenchResult Run(bool full, string? waveforms)
    {
        List<BenchFigure> figures = [];
        List<ErrorPoint> curves = [];
        List<string> skipped = [];
        figures.AddRange(Ideal(full, curves));
        figures.AddRange(Faulty(full ? 20 : 1, curves));
        figures.AddRange(InfluenceBench.Run(full ? 10 : 1));
        figures.AddRange(SlopeSweep.Figures(SlopeSweep.Run(full)));
        figures.AddRange(SumOfQuanta());
        if (waveforms is not null && File.Exists(Path.Combine(waveforms, "index.json"))) figures.AddRange(WaveformBench.Run(waveforms));
        else skipped.Add("waveforms_synth: folder not present");
        return new(figures, curves, skipped);
    }

    private static IEnumerable<BenchFigure> Ideal(bool full, List<ErrorPoint> curves)
    {
        double[] voltages = full ? [0.8, 0.9, 1, 1.1, 1.15] : [1.15];
        double[] frequencies = full ? [45, 49, 50, 51, 60, 65] : [45, 50, 65];
        Calibration sensitive = Calibration.Nominal with { StartingPowerMilliwatts = 0 };
        double[] worst = new double[Factors.Length];
        double worstVars = 0, worstHertz = 0, worstVolts = 0, worstAmps = 0;
        foreach (double u in voltages)
        {
            foreach (double f in frequencies)
            {
                for (int k = 0; k < Factors.Length; k++)
                {
                    foreach (double i in full ? Currents : [0.001 * Ib, 0.02 * Ib, Ib, Imax])
                    {
                        var signal = new TestSignal(230 * u, i, f, Factors[k].Phi);
                        MetrologyRegisters r = signal.Measure(sensitive);
                        double error = EnergyErrorPercent(r, signal);
                        worst[k] = Math.Max(worst[k], Math.Abs(error));
                        if (k > 0 && i >= 0.02 * Ib) worstVars = Math.Max(worstVars, Math.Abs(Percent(r.ReactiveMillivars / 1000.0, signal.Vars)));
                        worstHertz = Math.Max(worstHertz, Math.Abs((r.FrequencyMicrohertz / 1000.0) - (f * 1000)));
                        worstVolts = Math.Max(worstVolts, Math.Abs(Percent(r.VoltageMillivolts / 1000.0, signal.Volts)));
                        if (i >= 0.004 * Ib) worstAmps = Math.Max(worstAmps, Math.Abs(Percent(r.CurrentMicroamps / 1e6, i)));
                        if (u == voltages[^1] && f == 50) curves.Add(new($"ideal, {Factors[k].Name}", i, error));
                    }
                }
            }
        }

        yield return BenchFigure.AtMost("ideal-energy-error-pf1", worst[0], "%", 0.05);
        yield return BenchFigure.AtMost("ideal-energy-error-pf0.5", worst[1], "%", 0.1);
        yield return BenchFigure.AtMost("ideal-energy-error-pf0.8cap", worst[2], "%", 0.1);
        yield return BenchFigure.Reported("ideal-energy-error-pf0.25", worst[3], "%");
        yield return BenchFigure.AtMost("ideal-reactive-error", worstVars, "%", 0.2);
        yield return BenchFigure.AtMost("ideal-frequency-error", worstHertz, "mHz", 1);
        yield return BenchFigure.AtMost("ideal-voltage-error", worstVolts, "%", 0.05);
        yield return BenchFigure.AtMost("ideal-current-error", worstAmps, "%", 0.05);
    }

    // Ten minutes of changing load: the registers against the sum of all products of all samples, in the smallest unit there is.
    private static IEnumerable<BenchFigure> SumOfQuanta()
    {
        var core = new MetrologyCore(Calibration.Nominal);
        var chance = new Chance(4);
        Int128 units = 0;
        for (int second = 0; second < 600; second++)
        {
            FrameSums f = new TestSignal(230, chance.Between(0.05, 60), 50, chance.Between(-1.5, 1.5)).Short();
            core.ApplyFrame(f);
            units += (Int128)(f.P - (long)((Int128)f.SumV * f.SumI / f.Samples)) * Calibration.Nominal.VoltagePicovolts * Calibration.Nominal.CurrentPicoamps;
        }

        EnergyCounter energy = core.Save().ActiveImport;
        Int128 off = units - (energy.Quanta * EnergyCounter.UnitsPerQuantum) - energy.Remainder;
        yield return BenchFigure.AtMost("energy-against-sum-of-quanta", (double)Int128.Abs(off), "units of 1e-24 W·sample", 0);
    }

    // Share of the class limit used; 0.5 is a factor of two in hand.
    private static IEnumerable<BenchFigure> Faulty(int meters, List<ErrorPoint> curves)
    {
        double class1 = 0, class05 = 0;
        for (int m = 0; m < meters; m++)
        {
            FrontEndFaults faults = FrontEndFaults.Draw(new Chance(1000 + m));
            Calibration calibration = CalibrationBench.Calibrate(faults, m);
            foreach (double celsius in meters > 1 ? Temperatures : [-25, 23, 55])
            {
                foreach ((string name, double phi) in Factors[..3])
                {
                    foreach (double i in meters > 1 ? Currents : [0.1 * Ib, 0.2 * Ib, Ib, Imax])
                    {
                        if (Tables.Limit("1", i / Ib, phi == 0) is not { } limit) continue;
                        var signal = new TestSignal(230, i, 50, phi, celsius);
                        double error = EnergyErrorPercent(signal.Measure(calibration, faults, i < 0.5 ? 8 : 1, m + 77), signal);
                        class1 = Math.Max(class1, Math.Abs(error) / limit);
                        if (celsius == 23 && Tables.Limit("0.5S", i / Ib, phi == 0) is { } fine) class05 = Math.Max(class05, Math.Abs(error) / fine);
                        if (m == 0 && celsius is 23 or 55) curves.Add(new($"calibrated meter, {name}, {celsius} °C", i, error));
                    }
                }
            }
        }

        yield return BenchFigure.AtMost("calibrated-share-of-class-1", class1, "of limit", 0.5);
        yield return BenchFigure.AtMost("calibrated-share-of-class-0.5S-at-23C", class05, "of limit", 1);
    }

    // From the registered energy, not from the shown power: that is what is billed.
    private static double EnergyErrorPercent(in MetrologyRegisters r, TestSignal signal)
    {
        double hours = r.SampleCount / (double)RawSample.RateHz / 3600;
        return Percent((r.ActiveImport - r.ActiveExport) / 1e6, signal.Watts * hours);
    }

    private static double Percent(double value, double truth) => 100 * (value - truth) / truth;
}
