using System.Globalization;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>
/// Openings of a recorded current, scaled to several currents, against chance and against the best that can be aimed at: for every opening
/// the least expected energy over the very cycle in which it happened, with the relay's own jitter and nothing else unknown.
/// </summary>
public static class RecordedBench
{
    private const int Warmup = 10;
    private const double MostShareOfRandom = 0.03;
    private const double MostToBound = 1.35;
    private static readonly double[] Scales = [10, 20, 40, 80];

    /// <summary>What became of one request.</summary>
    private readonly record struct Opening(double Joules, double Bound, bool Missed, bool Opened);

    /// <summary>Runs it.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="hertz">Frequency of the mains it was taken from; null finds it in the recording.</param>
    /// <param name="operations">Scored openings at each current.</param>
    public static IReadOnlyList<BenchFigure> Run(Recording recording, double? hertz, int operations)
    {
        double mains = hertz ?? recording.FindHertz();
        List<BenchFigure> figures =
        [
            BenchFigure.Reported("recorded-rate", recording.RateHz, "Hz"),
            BenchFigure.Reported("recorded-mains-frequency", mains, "Hz"),
            BenchFigure.Reported("recorded-cycles", new RecordedLoad(recording, mains).Cycles, "cycles"),
        ];
        List<Opening> all = [];
        foreach (double scale in Scales)
        {
            LoadModel Load() => new RecordedLoad(recording, mains, scale);
            Opening[] openings = [.. Learned(Load, mains, operations)];
            all.AddRange(openings);
            figures.AddRange(Score(string.Create(CultureInfo.InvariantCulture, $"recorded-{scale}A"), openings, Random(Load, mains, operations * 4)));
        }

        Opening[] opened = [.. all.Where(o => o.Opened)];
        figures.Add(BenchFigure.Reported("recorded-left-closed", 100.0 * (all.Count - opened.Length) / all.Count, "%"));
        if (opened.Length > 0) figures.AddRange(Overall(opened));
        return figures;
    }

    private static IEnumerable<BenchFigure> Score(string name, Opening[] openings, double random)
    {
        Opening[] opened = [.. openings.Where(o => o.Opened)];
        yield return BenchFigure.Reported($"{name}-random", random, "J");
        if (opened.Length == 0) yield break;
        double learned = opened.Average(o => o.Joules), bound = opened.Average(o => o.Bound);
        yield return BenchFigure.Reported($"{name}-argmin-bound", bound, "J");
        yield return BenchFigure.Reported($"{name}-learned-share-of-random", 100 * learned / random, "%");
        // Held to the share of random; where even the bound is a larger part of it, to the bound.
        yield return BenchFigure.AtMost($"{name}-learned", learned, "J", Math.Max(MostShareOfRandom * random, MostToBound * bound));
    }

    private static IEnumerable<BenchFigure> Overall(Opening[] opened)
    {
        double[] joules = [.. opened.Select(o => o.Joules).Order()], bounds = [.. opened.Select(o => o.Bound).Order()];
        int at = Math.Min((int)(joules.Length * 0.99), joules.Length - 1);
        yield return BenchFigure.AtMost("recorded-p99", joules[at], "J", Math.Max(0.6, MostToBound * bounds[at]));
        yield return BenchFigure.AtMost("recorded-missed", 100.0 * opened.Count(o => o.Missed) / opened.Length, "%", 1.2);
    }

    private static IEnumerable<Opening> Learned(Func<LoadModel> load, double hertz, int operations)
    {
        var rig = new SwitchRig(new() { Seed = 21 }, new LoadSwitchSettings { RestUs = 0, MaxAmps = 100 });
        rig.Circuit.Mains.SetFrequency(hertz, 0);
        var life = new Chance(21);
        rig.Run(300_000);
        for (int n = 0; n < operations + Warmup; n++)
        {
            rig.Circuit.Load = load();
            rig.Circuit.Skip((long)(life.Unit() * 1e6));
            rig.Run(300_000);
            rig.Switch(SwitchPosition.Open, atMostUs: 600_000);
            Opening opening = Judge(rig, hertz);
            if (n >= Warmup) yield return opening;
            rig.Circuit.Load = new SpectralLoad(1);
            if (!opening.Opened) rig.Switch(SwitchPosition.Open);
            rig.Switch(SwitchPosition.Closed);
            rig.TakeContactEvents();
            rig.TakeSwitchEvents();
        }
    }

    // A current without a zero is rightly left closed; an arc that direct current keeps burning is not an opening either.
    private static Opening Judge(SwitchRig rig, double hertz)
    {
        List<ContactEvent> events = rig.TakeContactEvents();
        if (!events.Exists(e => e.Kind == ContactEventKind.Parted) || !events.Exists(e => e.Kind == ContactEventKind.Interrupted)) return default;
        ContactEvent parted = events.Last(e => e.Kind == ContactEventKind.Parted), ended = events.Last(e => e.Kind == ContactEventKind.Interrupted);
        return new(ended.Joules, Bound(rig.Circuit, hertz, parted.TimeUs * 1e-6), IsMissed(ended), true);
    }

    // Noise around zero makes zeros without end; only an arc that went on to burn is a miss.
    private static bool IsMissed(in ContactEvent ended) => ended.Reignitions > 0 && ended.Joules > 0.01;

    // The cycle around the parting as it really was.
    private static double Bound(PowerCircuit circuit, double hertz, double atSeconds)
    {
        double start = atSeconds - (0.5 / hertz);
        start -= circuit.Mains.At(start).Phase / (2 * Math.PI) % 1 / hertz;
        var profile = new CycleProfile();
        profile.Fill(1e6 / hertz, x =>
        {
            MainsPoint point = circuit.Mains.At(start + (x / hertz));
            return (point.Volts, circuit.Load.Step(point, 0));
        });
        var aim = new OpeningAim();
        aim.Evaluate(profile, OpeningPopulation.ContactOf(PhysicsParameters.Default.Arc), PhysicsParameters.Default.Coil.JitterMs);
        return Math.Min(aim.Positive.Joules, aim.Negative.Joules);
    }

    private static double Random(Func<LoadModel> load, double hertz, int operations)
    {
        var life = new Chance(22);
        double sum = 0;
        for (int n = 0; n < operations; n++)
        {
            var circuit = new PowerCircuit(new() { Seed = n }) { Load = load() };
            circuit.Mains.SetFrequency(hertz, 0);
            circuit.Skip((long)(life.Unit() * 1e6));
            circuit.TrySchedule(SwitchCoil.Open, circuit.NowUs + 1000 + (long)(life.Unit() * 1e6 / hertz), 50_000);
            circuit.Run(120_000, NoSink.Instance);
            while (circuit.TryTakeEvent(out ContactEvent e)) sum += e.Kind == ContactEventKind.Interrupted ? e.Joules : 0;
        }

        return sum / operations;
    }
}
