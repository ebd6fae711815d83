using Latchkey.Simulator.Bench;

namespace Latchkey.Simulator.Tests;

/// <summary>Whether the memory outlives the meter: the ring's own code writes every checkpoint of a long life.</summary>
public sealed class LifetimeTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    [Fact]
    public void TwentyYears_OfAHouseholdsCheckpoints_UseLittleOfTheMemory()
    {
        // A regular run writes one year and multiplies; the long run writes all twenty.
        int years = Long ? 20 : 1;
        (double share, double evenness, double seconds) = MeterBench.MemoryLife(years);
        output.WriteLine($"{years} years written in {seconds:F1} s; 20 years use {share:P2} of the rated cycles, most worn over mean {evenness:F3}; life {20 / share:F0} years");
        Assert.InRange(share, 0.0001, 0.25);
        Assert.InRange(evenness, 1, 1.05);
    }
}
