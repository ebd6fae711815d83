using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>Openings of a recorded current, scaled to several currents, against chance and against the best that can be aimed at.</summary>
public static class RecordedBench
{
    private const int Warmup = 10;
    private static readonly double[] Scales = [10, 20, 40, 80];

    /// <summary>Runs it.</summary>
    /// <param name="amps">The recording.</param>
    /// <param name="rateHz">Its sample rate.</param>
    /// <param name="hertz">Frequency of the mains it was taken from.</param>
    /// <param name="operations">Scored openings at each current.</param>
    public static IReadOnlyList<BenchFigure> Run(double[] amps, double rateHz, double hertz, int operations)
    {
        double[] cycles = RecordedCurrent.WholeCycles(amps, rateHz, hertz);
        List<BenchFigure> figures = [];
        foreach (double scale in Scales)
        {
            LoadModel Load() => new RecordedLoad(cycles, rateHz, scale);
            double random = Random(Load, hertz, operations * 2);
            double bound = Bound(Load(), hertz);
            double learned = Learned(Load, hertz, operations).Average();
            figures.Add(BenchFigure.Reported($"recorded-{scale}A-random", random, "J"));
            figures.Add(BenchFigure.Reported($"recorded-{scale}A-argmin-bound", bound, "J"));
            figures.Add(BenchFigure.Reported($"recorded-{scale}A-learned", learned, "J"));
            // Where the bound itself is next to nothing, a share of random is the fairer measure.
            figures.Add(BenchFigure.AtMost($"recorded-{scale}A-learned-against-limit", learned / Math.Max(1.35 * bound, 0.03 * random), "ratio", 1));
        }

        return figures;
    }

    private static IEnumerable<double> Learned(Func<LoadModel> load, double hertz, int operations)
    {
        var rig = new SwitchRig(new() { Seed = 21 }, new LoadSwitchSettings { RestUs = 0, MaxAmps = 100 });
        rig.Circuit.Mains.SetFrequency(hertz, 0);
        var life = new Chance(21);
        rig.Run(300_000);
        for (int n = 0; n < operations + Warmup; n++)
        {
            rig.Circuit.Load = load();
            // Whole cycles, so that recording and mains keep their phase.
            rig.Circuit.Skip((long)Math.Round(Math.Floor(life.Unit() * 50) * 1e6 / hertz));
            rig.Run(300_000 + (long)(life.Unit() * 20_000));
            rig.Switch(SwitchPosition.Open);
            ContactEvent ended = rig.TakeContactEvents().Last(e => e.Kind == ContactEventKind.Interrupted);
            if (n >= Warmup) yield return ended.Joules;
            rig.Circuit.Load = new SpectralLoad(1);
            rig.Switch(SwitchPosition.Closed);
            rig.TakeContactEvents();
            rig.TakeSwitchEvents();
        }
    }

    private static double Random(Func<LoadModel> load, double hertz, int operations)
    {
        var life = new Chance(22);
        double sum = 0;
        for (int n = 0; n < operations; n++)
        {
            var circuit = new PowerCircuit(new() { Seed = n }) { Load = load() };
            circuit.Mains.SetFrequency(hertz, 0);
            circuit.TrySchedule(SwitchCoil.Open, 1000 + (long)(life.Unit() * 40_000), 50_000);
            circuit.Run(120_000, NoSink.Instance);
            while (circuit.TryTakeEvent(out ContactEvent e)) sum += e.Kind == ContactEventKind.Interrupted ? e.Joules : 0;
        }

        return sum / operations;
    }

    // The least expected energy with the relay's own jitter, over the recording's first cycle.
    private static double Bound(LoadModel load, double hertz)
    {
        var mains = new Mains(hertz: hertz);
        var profile = new CycleProfile();
        profile.Fill(1e6 / hertz, x =>
        {
            MainsPoint point = mains.At(x / hertz);
            return (point.Volts, load.Step(point, 0));
        });
        var aim = new OpeningAim();
        aim.Evaluate(profile, new ContactModel(), PhysicsParameters.Default.Coil.JitterMs);
        return Math.Min(aim.Positive.Joules, aim.Negative.Joules);
    }
}
