using Latchkey.Meter;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Bench;

/// <summary>The published figures of the meter: cuts, random lives, the life of the memory.</summary>
public static class MeterBench
{
    public const uint RatedCyclesHot = 1_200_000;
    private const int RandomSteps = 1_000_000;
    private const int Seed = 20_260_601;
    private const int ModuleSwaps = 1_000;
    private const int Years = 20;
    private const int DaysPerYear = 365;
    private const double LifeLimitSeconds = 60;
    private const double EnduranceLimitPercent = 50;
    private const int FlickerCycles = 10_000;
    private const int FlickerWatts = 1_500;
    private const int FlickerCreditWh = 100_000;
    private const int FlickerWearLimit = 10;

    /// <summary>Runs everything; about ten minutes on a quiet core.</summary>
    public static IReadOnlyList<BenchFigure> Run() => [.. Cuts(recoveryOfEvery: 37, recoveryStep: 7), .. Random(), .. Tampers(), .. Swaps(), .. Life(), .. Flicker()];

    private static IEnumerable<BenchFigure> Cuts(int recoveryOfEvery, int recoveryStep)
    {
        long first = 0, second = 0, failures = 0;
        foreach (string transaction in CutTrial.Transactions)
        {
            using var trial = new CutTrial(transaction);
            trial.Run(recoveryOfEvery, recoveryStep);
            (first, second, failures) = (first + trial.Points.First, second + trial.Points.Second, failures + trial.Failures.Count);
        }

        using var update = new UpdateTrial();
        foreach (string step in UpdateTrial.Steps) update.Run(step);

        yield return BenchFigure.Reported("power cuts in firmware updates", update.Points, "cuts");
        yield return BenchFigure.AtMost("updates that ended otherwise", update.Failures.Count, "cuts", 0);
        yield return BenchFigure.Reported("transaction kinds cut", CutTrial.Transactions.Count, "kinds");
        yield return BenchFigure.Reported("power cuts in transactions", first, "cuts");
        yield return BenchFigure.Reported("power cuts in recoveries", second, "cuts");
        yield return BenchFigure.AtMost("states neither before nor after", failures, "cuts", 0);
    }

    private static IEnumerable<BenchFigure> Random()
    {
        (long tokens, long cuts, long tampers, long swaps, long jumps) = (0, 0, 0, 0, 0);
        foreach (bool money in (bool[])[false, true])
        {
            using var life = new RandomLife(Seed, money);
            for (int i = 0; i < RandomSteps / 2; i++) life.Step();
            (tokens, cuts, tampers, swaps, jumps) = (tokens + life.Accepted, cuts + life.Cuts, tampers + life.Tampers, swaps + life.Swaps, jumps + life.ClockJumps);
        }

        // A step that differs from the reference ends the bench with what differs.
        yield return BenchFigure.Reported("random steps equal to the reference", RandomSteps, "steps");
        yield return BenchFigure.Reported("seed of the random steps", Seed, "seed");
        yield return BenchFigure.Reported("tokens accepted in them", tokens, "tokens");
        yield return BenchFigure.Reported("power cuts in them", cuts, "cuts");
        yield return BenchFigure.Reported("tampers in them", tampers, "tampers");
        yield return BenchFigure.Reported("module swaps in them", swaps, "swaps");
        yield return BenchFigure.Reported("clock jumps in them", jumps, "jumps");
    }

    private static IEnumerable<BenchFigure> Flicker()
    {
        using var mint = new TestMint();
        var options = new VirtualMeterOptions
        {
            Profile = MeterProfile.Kpm31,
            Attributes = mint.Attributes,
            Key = mint.Key,
            MessageKey = BareMeter.Secret,
            Start = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
            NoModule = true,
        };
        using var meter = new VirtualMeter(options, new MemoryNvmImage()) { Load = new ConstantLoad(FlickerWatts) };
        OscillationReport report = Oscillation.Run(meter, () => meter.Type(mint.Credit(FlickerCreditWh) + "#"), FlickerCycles, Seed);
        yield return BenchFigure.Reported("cycles of mains that comes and goes", FlickerCycles, "cycles");
        yield return BenchFigure.AtMost("programs of the cell most worn in them", report.Wear, "programs", FlickerWearLimit);
        yield return BenchFigure.AtMost("starts, moves of the switch and events in them", report.Starts - 1 + report.SwitchMoves + report.LogGrowth, "times", 0);
    }

    private static IEnumerable<BenchFigure> Swaps()
    {
        SwapTrial trial = SwapTrial.Run(ModuleSwaps, Seed);
        yield return BenchFigure.Reported("module swaps under load", trial.Swaps, "swaps");
        yield return BenchFigure.AtMost("energy that differs after them", Math.Abs(trial.Quanta), "quanta", 0);
        yield return BenchFigure.AtMost("samples that differ after them", Math.Abs(trial.Samples), "samples", 0);
        yield return BenchFigure.AtMost("swap trials disturbed", trial.IsUndisturbed ? 0 : 1, "trials", 0);
    }

    private static IEnumerable<BenchFigure> Tampers()
    {
        const int AttemptsEach = 4, HarmlessEach = 2;
        TamperRow[] rows = [.. TamperCatalogue.Attacks.Select(a => TamperMatrix.Try(a, AttemptsEach))];
        int raised = TamperCatalogue.Benign.Sum(b => Enumerable.Range(0, HarmlessEach).Sum(i => TamperMatrix.Raised(b, Seed + i, (i + 0.5) / HarmlessEach).Count));
        (int happenings, int events) = TamperYears();
        yield return BenchFigure.Reported("kinds of attack tried", rows.Length, "kinds");
        yield return BenchFigure.Reported("attacks", rows.Sum(r => r.Attempts), "attacks");
        yield return BenchFigure.AtMost("attacks not found in their time", rows.Sum(r => r.Attempts - r.Found), "attacks", 0);
        yield return BenchFigure.Reported("harmless things tried", TamperCatalogue.Benign.Count * HarmlessEach, "cases");
        yield return BenchFigure.AtMost("false events in them", raised, "events", 0);
        yield return BenchFigure.Reported("events of mains and house in three meter years", happenings, "events");
        yield return BenchFigure.AtMost("false events in three meter years", events, "events", 0);
    }

    /// <summary>A year each of one phase, of three, and of three with a sun.</summary>
    private static (int Happenings, int FalseEvents) TamperYears()
    {
        int happenings = 0, events = 0;
        foreach ((MeterProfile profile, bool sun) in ((MeterProfile, bool)[])[(MeterProfile.Kpm31, false), (MeterProfile.Kpm33, false), (MeterProfile.Kpm37, true)])
        {
            using var year = new TamperYear(profile, Seed, sun);
            year.Run(365);
            (happenings, events) = (happenings + year.Happenings, events + year.FalseEvents.Count);
        }

        return (happenings, events);
    }

    private static IEnumerable<BenchFigure> Life()
    {
        using var life = new LongLife();
        life.Run(Years * DaysPerYear);
        double share = life.WornMost(Years) / RatedCyclesHot;
        yield return BenchFigure.Reported("virtual years of a whole meter", life.Days / (double)DaysPerYear, "years");
        yield return BenchFigure.Reported("tokens in them", life.Tokens, "tokens");
        yield return BenchFigure.AtMost("memory used in them", share * 100, "% of rated cycles", EnduranceLimitPercent);
        yield return BenchFigure.AtMost("ring of checkpoints, most worn over mean", life.RingEvenness, "ratio", 1.05);
        yield return BenchFigure.Reported("memory life", Years / share, "years");
        yield return BenchFigure.AtMost("processor time of the twenty years", life.CpuSeconds, "s", LifeLimitSeconds);
        yield return BenchFigure.AtMost("meters that ended unsound", life.IsSound ? 0 : 1, "meters", 0);
    }
}
