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

    public static TheoryData<string> Makes => [.. OtherRelays.All.Select(m => m.Name)];

    // The firmware keeps its defaults and has to find out. A small population shows the order, the bench the figure.
    [Theory, MemberData(nameof(Makes))]
    public void OtherMakes_AreLearnedWithoutBeingTold(string make)
    {
        Assert.SkipUnless(IsLong, "LATCHKEY_LONG is not set: relays of other makes");
        (double learned, double oracle) = OtherRelays.Means(OtherRelays.All.Single(m => m.Name == make).Physics, 20, 100, 5);
        Assert.InRange(learned / oracle, 0.5, 1.35);
    }

    [Fact]
    public void WeakGap_IsNoticed_AndNoLongerLitAgain()
    {
        PhysicsParameters weak = OtherRelays.All.Single(m => m.Name == "gap-1kV-per-mm").Physics;
        OpeningTrial[] Trials(ContactModel contact) => [.. new OpeningPopulation(weak, 6) { Firmware = new() { Contact = contact } }
            .Run(4, 60, OpeningStrategy.Learned).Where(t => t.Operation > 20)];
        double learning = Trials(new LoadSwitchSettings().Contact).Average(t => t.Joules);
        double deaf = Trials(new ContactModel()).Average(t => t.Joules); // takes the sheet for granted
        Assert.True(learning < deaf / 2, $"{learning} against {deaf}");
    }

    [Fact]
    public void RandomFaults_NeverFoolTheFirmwareSilently()
    {
        FaultCampaignResult result = FaultCampaign.Run(IsLong ? 1_000_000 : 2000, seed: 4);
        Assert.Empty(result.Breaches);
        Assert.True(result.Events.Count >= 10); // the campaign did hurt
        Assert.Contains(SwitchEventKind.DisconnectFailure, result.Events.Keys);
    }

    // Each was once a silent state; the seeds replay the lives in which it was found.
    [Theory]
    [InlineData(262_798, 48)] // a magnet moves the latch while a request waits for the supply
    [InlineData(263_548, 44)] // half a window of voltage reads as a dead load side
    [InlineData(594_633, 0)] // the first pulse of a relay's life, lost by a restart
    [InlineData(262_148, 28)] // a pulse right after a restart, which forgot the last one
    public void StatesThatWereSilentOnce_AreToldNow(int relaySeed, int request)
    {
        (FaultVerdict verdict, string description) = FaultCampaign.Replay(relaySeed, request);
        Assert.True(verdict == FaultVerdict.Right, description);
    }

    [Fact]
    public void Categories_AreHeldByAShortProgramme()
    {
        Assert.Equal(["UC1", "UC2", "UC3"], UtilizationCategory.All.Select(c => c.Name));
        Assert.Empty(UcTest.Run(UtilizationCategory.All[1], share: 0.005).Where(f => !f.Holds));
    }
}
