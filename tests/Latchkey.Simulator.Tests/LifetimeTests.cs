using Latchkey.Simulator.Bench;

namespace Latchkey.Simulator.Tests;

/// <summary>Whether the memory outlives the meter: a whole meter in money mode, minute by minute, every write counted.</summary>
public sealed class LifetimeTests(ITestOutputHelper output)
{
    private const int Years = 20;
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    [Fact]
    public void TwentyYears_OfAWholeMeter_UseLittleOfTheMemory()
    {
        // A regular run lives 150 days and multiplies; the long run lives all twenty years.
        int days = Long ? Years * 365 : 150;
        using var life = new LongLife();
        life.Run(days);
        double share = life.WornMost(Years) / MeterBench.RatedCyclesHot;
        output.WriteLine($"{days} days, {life.Tokens} tokens, {life.Kilowatthours:F0} kWh in {life.Seconds:F1} s ({life.CpuSeconds:F1} s of processor); " +
            $"{Years} years use {share:P2} of the rated cycles, ring most worn over mean {life.RingEvenness:F3}");
        Assert.True(life.IsSound);
        Assert.Equal(2 * days, life.Tokens);
        Assert.InRange(life.Kilowatthours, days * 7.5, days * 9);
        Assert.InRange(share, 0.0001, 0.25);
        Assert.InRange(life.RingEvenness, 1, 1.05);
    }
}
