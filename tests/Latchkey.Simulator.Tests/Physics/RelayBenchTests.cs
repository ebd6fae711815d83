using Latchkey.Meter.LoadSwitch;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class RelayBenchTests
{
    private static bool IsLong => Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    // A population of 400 is too small for the extremes: those are held by the full one.
    private static readonly string[] NeedManyOperations = 
    [
        "opening-mean-share-of-random-stretch", "opening-worst-slice", "opening-missed", "opening-p99", "opening-better-than-compensated",
    ];

    [Fact]
    public void SmallPopulation_HoldsEveryLimitThatItsSizeCanShow()
    {
        RelayBenchResult result = RelayBench.Run(RelayBenchSize.Small);
        BenchFigure[] broken = [.. result.Figures.Where(f => !f.Holds && !NeedManyOperations.Any(n => f.Name.StartsWith(n, StringComparison.Ordinal)))];
        Assert.Empty(broken);
        Assert.True(result.Figures.Count(f => f.Limit is not null) >= 15);
    }

    [Fact]
    public void FullPopulation_HoldsEveryLimit()
    {
        Assert.SkipUnless(IsLong, "LATCHKEY_LONG is not set: the full relay population");
        Assert.Empty(RelayBench.Run(RelayBenchSize.Full).Figures.Where(f => !f.Holds));
    }

    [Fact]
    public void WorseJitter_IsSeenByTheBenchmark()
    {
        PhysicsParameters shaky = PhysicsParameters.Default with { Coil = PhysicsParameters.Default.Coil with { JitterMs = 0.6 } };
        double Mean(PhysicsParameters p) => new OpeningPopulation(p, 3).Run(4, 30, OpeningStrategy.Learned).Average(t => t.Joules);
        Assert.True(Mean(shaky) > 3 * Mean(PhysicsParameters.Default));
    }

    [Theory]
    [InlineData(10, 2, 0.35)]
    [InlineData(20, 2, 0.35)]
    [InlineData(13, 4, 0.35)]
    [InlineData(13, 2, 0.5)]
    public void OtherArcs_StayNearTheOracle(double fallVolts, double kilovoltsPerMm, double gapMmPerMs)
    {
        Assert.SkipUnless(IsLong, "LATCHKEY_LONG is not set: relays with other arcs");
        // The contacts are another make, and the firmware's type parameters say so.
        ArcParameters arc = PhysicsParameters.Default.Arc with { FallVolts = fallVolts, DielectricVoltsPerMm = kilovoltsPerMm * 1000, GapMmPerMs = gapMmPerMs };
        PhysicsParameters physics = PhysicsParameters.Default with { Arc = arc };
        OpeningTrial[] trials = [.. new OpeningPopulation(physics, 5) { Contact = OpeningPopulation.ContactOf(arc) }
            .Run(24, 100, OpeningStrategy.Learned, OpeningStrategy.Oracle).Where(t => t.Operation > 20)];
        double Mean(OpeningStrategy s) => trials.Where(t => t.Strategy == s).Average(t => t.Joules);
        Assert.InRange(Mean(OpeningStrategy.Learned) / Mean(OpeningStrategy.Oracle), 0.5, 1.35);
    }

    [Fact]
    public void RandomFaults_NeverFoolTheFirmwareSilently()
    {
        FaultCampaignResult result = FaultCampaign.Run(IsLong ? 20_000 : 150, seed: 4);
        Assert.Equal((0, 0), (result.SilentErrors, result.ClosedAgainstWill));
        Assert.True(result.Events.Count >= 6); // the campaign did hurt
        Assert.Contains(SwitchEventKind.DisconnectFailure, result.Events.Keys);
    }
}
