using System.Diagnostics;
using Latchkey.Meter;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Metrology;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Bench;

/// <summary>The published figures of the meter: cuts, random lives, the life of the memory.</summary>
public static class MeterBench
{
    public const uint RatedCyclesHot = 1_200_000;
    private const int RandomSteps = 100_000;
    private const int Seed = 20_260_601;
    private const int Years = 20;
    private const int CheckpointsPerYear = 3_000_000 / 10;
    private const double EnduranceLimitPercent = 50;

    /// <summary>Runs everything; about a minute on a quiet core.</summary>
    public static IReadOnlyList<BenchFigure> Run() => [.. Cuts(recoveryOfEvery: 37, recoveryStep: 7), .. Random(), .. Tampers(), .. Life()];

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
        using var life = new RandomLife(Seed);
        for (int i = 0; i < RandomSteps; i++) life.Step();
        yield return BenchFigure.Reported("random steps equal to the reference", RandomSteps, "steps");
        yield return BenchFigure.Reported("tokens accepted in them", life.Accepted, "tokens");
        yield return BenchFigure.Reported("power cuts in them", life.Cuts, "cuts");
        yield return BenchFigure.Reported("tampers in them", life.Tampers, "tampers");
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
        (double share, double evenness, double seconds) = MemoryLife(Years);
        yield return BenchFigure.AtMost("memory used in 20 years of 3 MWh", share * 100, "% of rated cycles", EnduranceLimitPercent);
        yield return BenchFigure.AtMost("most worn cell over mean", evenness, "ratio", 1.05);
        yield return BenchFigure.Reported("memory life", Years / share, "years");
        yield return BenchFigure.Reported("time to write 20 years", seconds, "s");
    }

    /// <summary>Writes so many years of a household's checkpoints with the ring's own code.</summary>
    internal static (double ShareOfTwentyYears, double Evenness, double Seconds) MemoryLife(int years)
    {
        var memory = new EepromModel(new MemoryNvmImage());
        var ring = new CheckpointRing(memory);
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < (long)CheckpointsPerYear * years; i++)
        {
            if (!ring.TryWrite(new Checkpoint(default(MetrologyState) with { FrameCount = i }, default(RunningTotals) with { Paid1 = i * 10_000_000 }, i, i)))
                throw new InvalidOperationException("The memory does not hold what is written.");
        }

        uint[] used = [.. memory.GroupWrites.ToArray().Where(w => w > 0)];
        double most = used.Max();
        return (most * Years / years / RatedCyclesHot, most / used.Average(w => (double)w), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
