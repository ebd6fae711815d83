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
}
