using Latchkey.Simulator.Accuracy;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class RealTimeBenchTests
{
    [Fact]
    public void SlowProcessor_MissesDeadlines_TheMeantOneDoesNot()
    {
        double least = PreemptionModel.LeastMips(3_000_000);
        Assert.InRange(least, 1, 50); // 100 MIPS, a Cortex-M4, have a factor of two in hand
        Assert.Equal(0, PreemptionModel.Run(PreemptionModel.Meter(100), 10_000_000).Sum(j => j.Missed));
        Assert.True(PreemptionModel.Run(PreemptionModel.Meter(least * 0.95), 10_000_000).Sum(j => j.Missed) > 0);
    }

    [Fact]
    public void SampleInterrupt_IsNeverDelayedByOthers()
    {
        JobOutcome interrupt = PreemptionModel.Run(PreemptionModel.Meter(100), 5_000_000)[0];
        Assert.Equal(40_000, interrupt.Runs);
        Assert.Equal(PreemptionModel.Meter(100)[0].CostUs, interrupt.WorstResponseUs, 6);
    }

    // A job that grows a hundredfold must show: the model is not blind to what it is given.
    [Fact]
    public void AJobThatGrows_NeedsAFasterProcessor()
    {
        JobCosts measured = JobCosts.Measured, grown = measured with { Jobs = new(measured.Jobs, StringComparer.Ordinal) { ["dlms"] = measured.Jobs["dlms"] * 100 } };
        Assert.True(PreemptionModel.LeastMips(2_000_000, grown) > PreemptionModel.LeastMips(2_000_000) * 1.5);
    }

    [Fact]
    public void RecordedCurrent_IsOpenedNearTheBound()
    {
        // A laptop-like current: narrow pulses with flat zones around zero.
        double[] cycle = [.. Enumerable.Range(0, 3200).Select(n => Pulse(n / 320.0))];
        Assert.Empty(RecordedBench.Run(cycle, 16_000, 50, 10).Where(f => !f.Holds));
    }

    [Fact]
    public void RecordedCurrent_FromText_TakesTheLastColumn()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
        try
        {
            File.WriteAllLines(file, ["time,amps", .. Enumerable.Range(0, 500).Select(n => $"{n},{n % 7}")]);
            Assert.True(RecordedCurrent.TryRead(file, out double[] amps, out _));
            Assert.Equal((500, 3.0), (amps.Length, amps[3]));
            File.WriteAllText(file, "nothing");
            Assert.False(RecordedCurrent.TryRead(file, out _, out string reason));
            Assert.NotEmpty(reason);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Pulse(double cycles)
    {
        double phase = cycles - Math.Floor(cycles), half = phase < 0.5 ? phase : phase - 0.5;
        double shape = Math.Max(0, Math.Sin(Math.PI * (half - 0.15) / 0.15));
        return half is > 0.15 and < 0.3 ? (phase < 0.5 ? shape : -shape) : 0;
    }
}
