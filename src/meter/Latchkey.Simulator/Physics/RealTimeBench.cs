using System.Diagnostics;
using Latchkey.Metrology;
using Latchkey.Simulator.Accuracy;

namespace Latchkey.Simulator.Physics;

/// <summary>What can be shown of real time without a board: no allocation, no collection, schedulability. Instructions are counted by the scripts in bench/.</summary>
public static class RealTimeBench
{
    private const int Samples = 1_000_000;
    private const double Mips = 100; // a Cortex-M4 at 100 MHz; a core of a gateway does ten times as many

    /// <summary>Runs it.</summary>
    public static IReadOnlyList<BenchFigure> Run()
    {
        RawSample[] second = [.. Enumerable.Range(0, RawSample.RateHz).Select(Sample)];
        var core = new MetrologyCore(Calibration.Nominal, new WaveformTape());
        Feed(core, second, RawSample.RateHz * 4);
        int collections = GC.CollectionCount(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        Feed(core, second, Samples);
        double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Samples;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        IReadOnlyList<JobOutcome> jobs = PreemptionModel.Run(PreemptionModel.Meter(Mips), 60_000_000);
        return
        [
            BenchFigure.AtMost("sample-path-allocated", bytes, "bytes", 0),
            BenchFigure.AtMost("collections-during-samples", GC.CollectionCount(0) - collections, "collections", 0),
            BenchFigure.Reported("sample-path-wall-clock", nanoseconds, "ns/sample"),
            BenchFigure.AtMost("deadlines-missed-at-100-MIPS", jobs.Sum(j => j.Missed), "misses", 0),
            BenchFigure.AtMost("least-MIPS-without-a-miss", PreemptionModel.LeastMips(4_000_000), "MIPS", Mips / 2),
            BenchFigure.Reported("interrupt-share-at-100-MIPS", 100 * PreemptionModel.Meter(Mips)[0].CostUs / RawSample.PeriodUs, "%"),
            .. JobCosts.Measured.Jobs.Select(j => BenchFigure.Reported($"instructions: {j.Key}", j.Value, "instructions")),
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
