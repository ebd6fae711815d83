using System.Diagnostics;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>What can be shown of real time without a board: no allocation, no collection, schedulability. Instructions are counted by the scripts in bench/.</summary>
public static class RealTimeBench
{
    private const int Samples = 1_000_000;
    private const double MeasuredInstructions = 125;
    private const double Mips = 48;

    /// <summary>Runs it.</summary>
    public static IReadOnlyList<BenchFigure> Run()
    {
        RawSample[] second = [.. Enumerable.Range(0, RawSample.RateHz).Select(Sample)];
        var core = new MetrologyCore(Calibration.Nominal);
        Feed(core, second, RawSample.RateHz * 4);
        int collections = GC.CollectionCount(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        Feed(core, second, Samples);
        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Samples;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        IReadOnlyList<JobOutcome> jobs = PreemptionModel.Run(PreemptionModel.Meter(Mips, MeasuredInstructions), 60_000_000);
        return
        [
            BenchFigure.AtMost("sample-path-allocated", bytes, "bytes", 0),
            BenchFigure.AtMost("collections-during-samples", GC.CollectionCount(0) - collections, "collections", 0),
            BenchFigure.Reported("sample-path-wall-clock", nanoseconds, "ns/sample"),
            BenchFigure.AtMost("deadlines-missed-at-48-MIPS", jobs.Sum(j => j.Missed), "misses", 0),
            .. jobs.Select(j => BenchFigure.Reported($"worst-response: {j.Name}", j.WorstResponseUs, "us")),
        ];
    }

    private static void Feed(MetrologyCore core, RawSample[] second, int count)
    {
        for (int n = 0, k = 0; n < count; n++, k = k + 1 == second.Length ? 0 : k + 1)
        {
            core.OnSample(second[k]);
            if (core.TryTakeFrame(out FrameSums sums)) core.ApplyFrame(sums);
        }
    }

    private static RawSample Sample(int n)
    {
        double phase = 2 * Math.PI * 50 * n / RawSample.RateHz;
        int v = (int)(5_421_000 * Math.Sin(phase + 0.01)), i = (int)(416_000 * Math.Sin(phase - 0.2));
        return new(v, i, i, v);
    }
}
