using System.Diagnostics;
using Latchkey.Meter.Journal;
using Latchkey.Metrology;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Tests;

/// <summary>Whether the memory outlives the meter: the ring's own code writes every checkpoint of a long life.</summary>
public sealed class LifetimeTests(ITestOutputHelper output)
{
    private const uint RatedCyclesHot = 1_200_000;
    private const long CheckpointsPerYear = 3_000_000 / 10;
    private const int Years = 20;
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    [Fact]
    public void TwentyYears_OfAHouseholdsCheckpoints_UseLittleOfTheMemory()
    {
        var memory = new EepromModel(new MemoryNvmImage());
        var ring = new CheckpointRing(memory);
        // A regular run writes one year and multiplies; the long run writes all twenty.
        int years = Long ? Years : 1;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < CheckpointsPerYear * years; i++)
            Assert.True(ring.TryWrite(new Checkpoint(default(MetrologyState) with { FrameCount = i }, i * 10_000_000, i, i)));

        uint[] used = [.. memory.GroupWrites.ToArray().Where(w => w > 0)];
        double share = used.Max() * (double)Years / years / RatedCyclesHot;
        double evenness = used.Max() / used.Average(w => (double)w);
        output.WriteLine($"{years} years written in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; 20 years use {share:P2} of the rated cycles, most worn over mean {evenness:F3}; life {Years / share:F0} years");
        Assert.InRange(share, 0.0001, 0.25);
        Assert.InRange(evenness, 1, 1.05);
    }
}
