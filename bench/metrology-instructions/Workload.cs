using System.Runtime.CompilerServices;
using Latchkey.Metrology;

namespace Latchkey.Bench.MetrologyInstructions;

/// <summary>Calls of the sample interrupt that a tool can find by name: the samples are made before counting starts.</summary>
public static class Workload
{
    private const int CycleSamples = 160;

    /// <summary>Feeds so many samples of 230 V and 10 A at 50 Hz.</summary>
    public static string Run(bool three, int count)
    {
        RawSample[] l1 = Cycle(0), l2 = Cycle(CycleSamples / 3), l3 = Cycle(2 * CycleSamples / 3);
        if (three)
        {
            var core = new PolyphaseMetrologyCore(Calibration.Nominal, Calibration.Nominal, Calibration.Nominal);
            FeedThree(core, l1, l2, l3, count);
            return $"{core.PulseCount}";
        }
        else
        {
            var core = new MetrologyCore(Calibration.Nominal);
            FeedSingle(core, l1, count);
            return $"{core.PulseCount}";
        }
    }

    /// <summary>Prints every register after a pseudo-random waveform: the same on every machine, to the last digit.</summary>
    public static void PrintRegisters(int seconds)
    {
        var core = new MetrologyCore(Calibration.Nominal);
        uint noise = 1;
        for (long n = 0; n < (long)seconds * RawSample.RateHz; n++)
        {
            noise = unchecked((noise * 1_664_525) + 1_013_904_223);
            // A triangle with noise: no library sine, whose last bit may differ between machines.
            int position = (int)(n * 997 % 160_000);
            int v = (Math.Abs(position - 80_000) * 100) - 4_000_000, i = (int)(noise >> 12) - 524_288 + (v / 4);
            core.OnSample(new RawSample(v, i, i, v));
            if (core.TryTakeFrame(out FrameSums sums)) core.ApplyFrame(sums);
        }

        Console.WriteLine(core.Registers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FeedSingle(MetrologyCore core, RawSample[] cycle, int count)
    {
        for (int n = 0, k = 0; n < count; n++, k = k + 1 == CycleSamples ? 0 : k + 1) SampleSingle(core, cycle[k]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FeedThree(PolyphaseMetrologyCore core, RawSample[] l1, RawSample[] l2, RawSample[] l3, int count)
    {
        for (int n = 0, k = 0; n < count; n++, k = k + 1 == CycleSamples ? 0 : k + 1) SampleThree(core, l1[k], l2[k], l3[k]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SampleSingle(MetrologyCore core, in RawSample s) => core.OnSample(s);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SampleThree(PolyphaseMetrologyCore core, in RawSample a, in RawSample b, in RawSample c) => core.OnSample(a, b, c);

    private static RawSample[] Cycle(int shift)
    {
        var cycle = new RawSample[CycleSamples];
        for (int k = 0; k < CycleSamples; k++)
        {
            double phase = 2 * Math.PI * (k - shift) / CycleSamples;
            int v = (int)(230 * Math.Sqrt(2) / 60e-6 * Math.Sin(phase + 0.01)), i = (int)(10 * Math.Sqrt(2) / 34e-6 * Math.Sin(phase - 0.2));
            cycle[k] = new RawSample(v, i, i, v);
        }

        return cycle;
    }
}
