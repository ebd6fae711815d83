namespace Latchkey.Simulator.Physics;

/// <summary>How much of the benchmark to run.</summary>
/// <param name="Units">Relays.</param>
/// <param name="Warmup">Operations of each that are not scored.</param>
/// <param name="Scored">Operations of each that are.</param>
/// <param name="Makes">Makes of each load and strategy.</param>
/// <param name="OtherUnits">Relays of each other make; 0 leaves them out.</param>
/// <param name="EnduranceShare">Share of the endurance operations; 0 leaves the categories' tests out.</param>
public sealed record RelayBenchSize(int Units, int Warmup, int Scored, int Makes, int OtherUnits, double EnduranceShare)
{
    /// <summary>The published population: 30 relays, 20 operations to learn, 100 scored.</summary>
    public static RelayBenchSize Full { get; } = new(30, 20, 100, 60, 20, 1);

    /// <summary>A few seconds: for tests.</summary>
    public static RelayBenchSize Small { get; } = new(8, 12, 24, 12, 0, 0);
}

/// <summary>One row of the comparison.</summary>
public sealed record RelayBenchRow(
    string Slice, OpeningStrategy Strategy, int Operations, double Mean, double PercentOfRandom, double Median, double P95, double P99,
    double MissedPercent, double MeanCoulombs);

/// <summary>What the relay benchmark found.</summary>
public sealed record RelayBenchResult(IReadOnlyList<RelayBenchRow> Rows, IReadOnlyList<BenchFigure> Figures);

/// <summary>The load-switch benchmark: the firmware against chance, against simpler rules, and against what physics allows.</summary>
public static class RelayBench
{
    private const double AnyLimit = double.NaN;

    private static readonly (string Name, Func<OpeningTrial, bool> Takes)[] Slices =
    [
        ("all", _ => true),
        .. new double[] { 5, 10, 20, 40, 60, 80, 100 }.Select(a => ($"{a} A", (Func<OpeningTrial, bool>)(t => t.Conditions.Amps == a))),
        .. new[] { 0.1, 0.3, 0.5, 0.8, 0.95, 1 }.Select(f => ($"PF {f}", (Func<OpeningTrial, bool>)(t => t.Conditions.PowerFactor == f))),
        .. new[] { 0, 0.05, 0.1, 0.2, 0.4 }.Select(d => ($"THD {d:P0}", (Func<OpeningTrial, bool>)(t => t.Conditions.Thd == d))),
        ("below -18 C", t => t.Conditions.Celsius < -18),
        ("above 48 C", t => t.Conditions.Celsius > 48),
        ("new (age < 0.2)", t => t.Age < 0.2),
        ("aged (age > 0.8)", t => t.Age > 0.8),
        ("below 49 Hz", t => t.Conditions.Hertz < 49),
        ("above 61 Hz", t => t.Conditions.Hertz > 61),
        ("coil below 0.87", t => t.Conditions.CoilRatio < 0.87),
        ("coil above 1.08", t => t.Conditions.CoilRatio > 1.08),
    ];

    /// <summary>Runs it.</summary>
    public static RelayBenchResult Run(RelayBenchSize size, PhysicsParameters? physics = null, int seed = 42)
    {
        PhysicsParameters p = physics ?? PhysicsParameters.Default;
        OpeningTrial[] trials = [.. new OpeningPopulation(p, seed).Run(size.Units, size.Warmup + size.Scored, Enum.GetValues<OpeningStrategy>())];
        OpeningTrial[] scored = [.. trials.Where(t => t.Operation > size.Warmup)];
        RelayBenchRow[] rows = [.. Slices.SelectMany(s => RowsOf(s.Name, [.. scored.Where(s.Takes)]))];
        return new(rows, [.. Opening(trials, scored, rows, size), .. Closing(p, seed, size.Makes), .. Others(size), .. ThreePhaseBench.Run(Math.Max(size.Makes, 12), seed), .. Categories(size)]);
    }

    private static IEnumerable<RelayBenchRow> RowsOf(string slice, OpeningTrial[] trials)
    {
        double random = trials.Where(t => t.Strategy == OpeningStrategy.Random).Select(t => t.Joules).DefaultIfEmpty(AnyLimit).Average();
        foreach (IGrouping<OpeningStrategy, OpeningTrial> g in trials.GroupBy(t => t.Strategy).OrderBy(g => g.Key))
        {
            double[] joules = [.. g.Select(t => t.Joules).Order()];
            yield return new(slice, g.Key, joules.Length, joules.Average(), 100 * joules.Average() / random,
                Quantile(joules, 0.5), Quantile(joules, 0.95), Quantile(joules, 0.99), Percent(g, t => t.Missed), g.Average(t => Math.Abs(t.Coulombs)));
        }
    }

    private static IEnumerable<BenchFigure> Opening(OpeningTrial[] trials, OpeningTrial[] scored, RelayBenchRow[] rows, RelayBenchSize size)
    {
        RelayBenchRow Row(OpeningStrategy s) => rows.Single(r => r.Slice == "all" && r.Strategy == s);
        RelayBenchRow learned = Row(OpeningStrategy.Learned);
        OpeningTrial[] firmware = [.. scored.Where(t => t.Strategy == OpeningStrategy.Learned)];
        OpeningTrial[] allFirmware = [.. trials.Where(t => t.Strategy == OpeningStrategy.Learned)];
        RelayBenchRow worst = rows.Where(r => r.Strategy == OpeningStrategy.Learned).MaxBy(r => r.PercentOfRandom)!;

        foreach (OpeningStrategy s in Enum.GetValues<OpeningStrategy>()) yield return BenchFigure.Reported($"opening-mean-{s}", Row(s).Mean, "J");
        yield return BenchFigure.AtMost("opening-mean-share-of-random", learned.PercentOfRandom, "%", 3);
        yield return BenchFigure.AtMost("opening-mean-share-of-random-stretch", learned.PercentOfRandom, "%", 2.2);
        yield return BenchFigure.AtMost("opening-p99", learned.P99, "J", 0.6);
        yield return BenchFigure.AtMost("opening-missed-thd-to-20", Percent(firmware.Where(t => t.Conditions.Thd <= 0.2), t => t.Missed), "%", 0.5);
        yield return BenchFigure.AtMost("opening-missed", learned.MissedPercent, "%", 1.2);
        yield return BenchFigure.AtMost("opening-first-operation", allFirmware.Where(t => t.Operation == 1).Average(t => t.Joules), "J", 0.7);
        yield return BenchFigure.AtMost("opening-from-third-operation", allFirmware.Where(t => t.Operation >= 3).Average(t => t.Joules), "J", 0.15);
        yield return BenchFigure.AtMost($"opening-worst-slice ({worst.Slice})", worst.PercentOfRandom, "%", 5);
        yield return BenchFigure.AtMost("opening-to-oracle", learned.Mean / Row(OpeningStrategy.Oracle).Mean, "ratio", 1.35);
        yield return BenchFigure.AtLeast("opening-better-than-current-zero", Row(OpeningStrategy.CurrentZero).Mean / learned.Mean, "times", 30);
        yield return BenchFigure.AtLeast("opening-better-than-compensated", Row(OpeningStrategy.Compensated).Mean / learned.Mean, "times", 12);
        yield return BenchFigure.AtMost("opening-latency", allFirmware.Max(t => t.LatencyMs), "ms", 60);
        yield return BenchFigure.Reported("opening-life-by-charge", Row(OpeningStrategy.Random).MeanCoulombs / learned.MeanCoulombs, "times");
        yield return BenchFigure.Reported("opening-aim-deviation", Math.Sqrt(firmware.Average(t => t.AimErrorMs * t.AimErrorMs)) * 1000, "us");
        double[] imbalances = Imbalances(size);
        yield return BenchFigure.AtMost("opening-charge-imbalance", imbalances.Average(), "%", 5);
        yield return BenchFigure.AtMost("opening-charge-imbalance-worst-relay", imbalances.Max(), "%", 5);
        yield return BenchFigure.AtMost("opening-safety-latency", SafetyLatency(size), "ms", 40);
    }

    // Signed against total charge of single relays over 200 operations.
    private static double[] Imbalances(RelayBenchSize size) =>
        [.. new OpeningPopulation(PhysicsParameters.Default, 7).Run(size.Units, 200, OpeningStrategy.Learned).GroupBy(t => t.Unit)
            .Select(g => 100 * Math.Abs(g.Sum(t => t.Coulombs)) / g.Sum(t => Math.Abs(t.Coulombs)))];

    private static IEnumerable<BenchFigure> Others(RelayBenchSize size)
    {
        if (size.OtherUnits == 0) yield break;
        foreach ((string name, PhysicsParameters physics) in OtherRelays.All)
        {
            (double learned, double oracle) = OtherRelays.Means(physics, size.OtherUnits, size.Scored, 5);
            yield return BenchFigure.Reported($"other-{name}-learned", learned, "J");
            yield return BenchFigure.AtMost($"other-{name}-to-oracle", learned / oracle, "ratio", 1.35);
        }

        // The load-side channel is later or earlier than the firmware was told.
        foreach (int error in new[] { -100, 100 })
        {
            OpeningTrial[] trials = [.. new OpeningPopulation(PhysicsParameters.Default, 5)
            {
                Firmware = new() { LoadVoltageLatencyUs = error },
            }.Run(size.OtherUnits, size.Warmup + size.Scored, OpeningStrategy.Learned, OpeningStrategy.Random).Where(t => t.Operation > size.Warmup)];
            double Mean(OpeningStrategy s) => trials.Where(t => t.Strategy == s).Average(t => t.Joules);
            yield return BenchFigure.AtMost(
                $"load-side-latency-wrong-by-{error}us-share-of-random", 100 * Mean(OpeningStrategy.Learned) / Mean(OpeningStrategy.Random), "%", 12.4);
        }
    }

    private static IEnumerable<BenchFigure> Categories(RelayBenchSize size) =>
        size.EnduranceShare == 0 ? [] : UtilizationCategory.All.SelectMany(c => UcTest.Run(c, size.EnduranceShare));

    private static double SafetyLatency(RelayBenchSize size) => new OpeningPopulation(PhysicsParameters.Default, 8)
    {
        Priority = Latchkey.Meter.LoadSwitch.SwitchPriority.Safety,
    }.Run(Math.Max(size.Units / 3, 3), 20, OpeningStrategy.Learned).Max(t => t.LatencyMs);

    private static IEnumerable<BenchFigure> Closing(PhysicsParameters physics, int seed, int makes)
    {
        var population = new ClosingPopulation(physics, seed);
        (string Name, Func<LoadModel> Load)[] loads =
        [
            ("resistive-80A", () => new ResistiveLoad(230 / 80.0)), ("resistive-10A", () => new ResistiveLoad(23)),
            ("lamp-10A", () => new LampLoad(10)), ("capacitor-10A", () => new RectifierLoad(10)),
        ];
        foreach ((string name, Func<LoadModel> load) in loads)
        {
            double random = population.At(load, makes * 2, null).Average(t => t.BounceJoules);
            double learned = population.Learned(load, 4, makes / 4).Average(t => t.BounceJoules);
            yield return BenchFigure.Reported($"closing-{name}-random", random, "J");
            yield return BenchFigure.AtMost($"closing-{name}-share-of-random", 100 * learned / random, "%", 30);
        }

        double zero = population.At(() => new TransformerLoad(), 10, 0).Average(t => t.PeakAmps);
        double peak = population.Learned(() => new TransformerLoad(), 4, makes / 4).Max(t => t.PeakAmps);
        yield return BenchFigure.Reported("closing-transformer-zero-peak", zero, "A");
        yield return BenchFigure.AtMost("closing-transformer-share-of-zero-peak", 100 * peak / zero, "%", 25);
    }

    private static double Quantile(double[] sorted, double share) => sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];

    private static double Percent<T>(IEnumerable<T> items, Func<T, bool> takes)
    {
        T[] all = [.. items];
        return all.Length == 0 ? 0 : 100.0 * all.Count(takes) / all.Length;
    }
}
