using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class RealTimeBenchTests
{
    [Fact]
    public void SlowProcessor_MissesDeadlines_TheMeantOneDoesNot()
    {
        Assert.Equal(0, PreemptionModel.Run(PreemptionModel.Meter(48, 125), 5_000_000).Sum(j => j.Missed));
        Assert.True(PreemptionModel.Run(PreemptionModel.Meter(4, 125), 5_000_000).Sum(j => j.Missed) > 0);
    }

    [Fact]
    public void SampleInterrupt_IsNeverDelayedByOthers()
    {
        JobOutcome interrupt = PreemptionModel.Run(PreemptionModel.Meter(48, 125), 5_000_000)[0];
        Assert.Equal(40_000, interrupt.Runs);
        Assert.Equal(PreemptionModel.Meter(48, 125)[0].CostUs, interrupt.WorstResponseUs, 6);
    }
}
