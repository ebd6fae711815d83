using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>Influence quantities: how much the error of a calibrated meter changes when something about it changes. Limits from accuracy.json.</summary>
public static partial class InfluenceBench
{
    private static readonly AccuracyTables Tables = AccuracyTables.Default;
    private static readonly MeterUnderTest Meter = Tables.Meter;
    private static readonly double Un = Meter.NominalVolts;
    private static readonly double Ib = Meter.BaseAmps;
    private static readonly double Imax = Meter.MaximumAmps;
    private const double Sixty = Math.PI / 3;

    /// <summary>Every influence, on some meters of the population; the worst of them counts.</summary>
    public static IReadOnlyList<BenchFigure> Run(int meters)
    {
        Dictionary<string, double> worst = new(StringComparer.Ordinal);
        for (int m = 0; m < meters; m++)
        {
            FrontEndFaults faults = FrontEndFaults.Draw(new Chance(2000 + m));
            foreach ((string name, double change) in Changes(new Rig(faults, CalibrationBench.Calibrate(faults, m), m)))
                worst[name] = Math.Max(worst.GetValueOrDefault(name), Math.Abs(change));
        }

        foreach ((string name, double change) in Polyphase()) worst[name] = Math.Max(worst.GetValueOrDefault(name), Math.Abs(change));
        return [.. worst.Select(w => BenchFigure.AtMost("influence-" + w.Key, w.Value, "%", Tables.Influences[w.Key]))];
    }

    /// <summary>A calibrated meter.</summary>
    private sealed record Rig(FrontEndFaults Faults, Calibration Calibration, int Seed)
    {
        public double Error(TestLoad load, FrontEndFaults? faults = null, double celsius = 23, int frames = 2) =>
            load.ErrorPercent(Calibration, faults ?? Faults, celsius, frames: frames, seed: Seed + 31);
    }

    private static IEnumerable<(string Name, double Change)> Changes(Rig rig) =>
        [.. Supply(rig), .. Shapes(rig), .. Fields(rig), .. Heat(rig), .. Overload(rig)];

    private static IEnumerable<(string Name, double Change)> Supply(Rig rig)
    {
        foreach ((string name, double phi) in new[] { ("pf1", 0.0), ("pf0.5", Sixty) })
        {
            double reference = rig.Error(TestLoad.Sine(Un, Ib, 50, phi));
            foreach (double share in new[] { 0.9, 1.1 }) yield return ("voltage-10%-" + name, rig.Error(TestLoad.Sine(Un * share, Ib, 50, phi)) - reference);
            foreach (double hertz in new[] { 49.0, 51.0 }) yield return ("frequency-2%-" + name, rig.Error(TestLoad.Sine(Un, Ib, hertz, phi)) - reference);
        }
    }

    private static IEnumerable<(string Name, double Change)> Shapes(Rig rig)
    {
        double w = 2 * Math.PI, root = Math.Sqrt(2);
        // 10 % of the voltage and 40 % of the current, both at the rising zero with the fundamental.
        double amps = Imax / 2;
        var fifth = new TestLoad(50,
            t => Un * root * (Math.Sin(w * 50 * t) + (0.1 * Math.Sin(w * 250 * t))),
            t => amps * root * (Math.Sin(w * 50 * t) + (0.4 * Math.Sin(w * 250 * t))), Un * amps * 1.04);
        yield return ("fifth-harmonics", rig.Error(fifth) - rig.Error(TestLoad.Sine(Un, amps)));

        double half = Imax / root;
        TestLoad halfWave = TestLoad.Periodic(Un, 50, 1, x => half * 2 * Math.Max(0, Math.Sin(w * x)));
        yield return ("half-wave-dc", rig.Error(halfWave) - rig.Error(TestLoad.Sine(Un, half)));

        TestLoad fired = TestLoad.Periodic(Un, 50, 1, x => x % 0.5 >= 0.25 ? Ib * Math.Sin(w * x) : 0);
        yield return ("phase-fired", rig.Error(fired) - rig.Error(TestLoad.Sine(Un, Ib / 2)));

        TestLoad burst = TestLoad.Periodic(Un, 50, 4, x => x < 2 ? Ib * Math.Sin(w * x) : 0);
        yield return ("sub-harmonics", rig.Error(burst) - rig.Error(TestLoad.Sine(Un, Ib / 2)));
    }

    // A magnet takes inductance from a current transformer; a field of the mains' frequency induces a voltage in the leads of a shunt.
    private static IEnumerable<(string Name, double Change)> Fields(Rig rig)
    {
        double reference = rig.Error(TestLoad.Sine(Un, Ib));
        double tangent = Math.Tan(Meter.TransformerPhaseDegrees * Math.PI / 180), under = tangent / Meter.MagnetisingShareUnderMagnet;
        FrontEndFaults magnet = rig.Faults with
        {
            CurrentGain = ((1 + rig.Faults.CurrentGain) * Math.Sqrt((1 + (tangent * tangent)) / (1 + (under * under)))) - 1,
            CurrentPhaseRadians = rig.Faults.CurrentPhaseRadians - (Math.Atan(under) - Math.Atan(tangent)),
        };
        yield return ("direct-magnet-pf1", rig.Error(TestLoad.Sine(Un, Ib), magnet) - reference);

        double w = 2 * Math.PI * 50;
        double stray = 0.5e-3 * w * Meter.CurrentLoopSquareMillimetres * 1e-6 / (Meter.ShuntMicroohm * 1e-6);
        TestLoad clean = TestLoad.Sine(Un, Ib);
        foreach (double sign in new[] { 1.0, -1.0 })
            yield return ("alternating-field-0.5mT", rig.Error(clean with { Amps = t => clean.Amps(t) + (sign * stray * Math.Sqrt(2) * Math.Sin(w * t)) }) - reference);
    }

    private static IEnumerable<(string Name, double Change)> Heat(Rig rig)
    {
        foreach ((string name, double phi) in new[] { ("pf1", 0.0), ("pf0.5", Sixty) })
        {
            double cold = rig.Error(TestLoad.Sine(Un, Ib, 50, phi), celsius: -25), hot = rig.Error(TestLoad.Sine(Un, Ib, 50, phi), celsius: 55);
            yield return ("temperature-per-kelvin-" + name, (hot - cold) / 80);

            // An hour of the largest current: the shunt is at its final temperature, the voltage divider is not.
            double rise = Imax * Imax * Meter.ShuntMicroohm * 1e-6 * Meter.ShuntKelvinPerWatt;
            FrontEndFaults warm = rig.Faults with { CurrentGain = rig.Faults.CurrentGain + (rig.Faults.CurrentPerKelvin * rise) };
            TestLoad full = TestLoad.Sine(Un, Imax, 50, phi);
            yield return ("self-heating-" + name, rig.Error(full, warm) - rig.Error(full));
        }
    }

    // Half a cycle of thirty times the largest current through the converter's stop, then the base current again at once.
    private static IEnumerable<(string Name, double Change)> Overload(Rig rig)
    {
        TestLoad rated = TestLoad.Sine(Un, Ib);
        double joules = 900 * Imax * Imax * Meter.ShuntMicroohm * 1e-6 * 0.01;
        FrontEndFaults warm = rig.Faults with { CurrentGain = rig.Faults.CurrentGain + (rig.Faults.CurrentPerKelvin * joules * Meter.ShuntKelvinPerJoule) };
        const double Until = 0.51; // within the first frame, which is not counted
        TestLoad after = rated with { Amps = t => t is > 0.5 and < Until ? 30 * Imax / Ib * rated.Amps(t) : rated.Amps(t) };
        yield return ("after-30-imax", rig.Error(after, warm, frames: 3) - rig.Error(rated));
    }
}
