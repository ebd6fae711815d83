using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests;

/// <summary>The three-phase models live through the same as the single-phase one.</summary>
public sealed class ThreePhaseTests
{
    public static TheoryData<string> Models => ["kpm33", "kpm37"];

    [Theory, MemberData(nameof(Models))]
    public void AllThreePhases_AreMeteredAndSwitched(string model)
    {
        Assert.True(MeterProfile.TryFind(model, out MeterProfile? profile));
        using var rig = new Rig(watts: 9_000, profile: profile);
        rig.Run(5);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.Credit(10_000)));
        rig.Run(10);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
        Assert.Equal(3, rig.Snapshot.Phases.Length);
        Assert.All(rig.Snapshot.Phases, p => Assert.InRange(p.ActiveMilliwatts, 2_995_000, 3_005_000));
        Assert.InRange(rig.Snapshot.Registers.ActiveMilliwatts, 8_990_000, 9_010_000);
        long before = rig.Snapshot.Registers.ActiveImport;
        rig.Run(3_600);
        Assert.InRange((rig.Snapshot.Registers.ActiveImport - before) / 1e6, 8_990, 9_010);
        rig.Run(600);
        Assert.Equal((SupplyPosition.Open, OffReasons.Credit), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        ContactEvent[] broken = [.. rig.Meter.ContactEvents.Where(e => e.Kind == ContactEventKind.Interrupted).TakeLast(3)];
        Assert.All(broken, e => Assert.InRange(e.Joules, 0, 0.6));
        // Each relay waits for its own phase's zero: a third of a half cycle apart at least.
        Assert.Equal(3, broken.Select(e => e.TimeUs / 1_000).Distinct().Count());
    }

    [Fact]
    public void APowerCut_KeepsEveryQuantumAndTheLearningOfThreeRelays()
    {
        using var rig = new Rig(watts: 6_000, profile: MeterProfile.Kpm33);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(120);
        rig.Meter.MainsOn = false;
        long consumed = rig.Snapshot.Totals.ConsumedQuanta;
        rig.Run(5);
        rig.Meter.MainsOn = true;
        Assert.Equal(consumed, rig.Snapshot.Totals.ConsumedQuanta);
        rig.Run(60);
        Assert.InRange((rig.Snapshot.Totals.ConsumedQuanta - consumed) / 1e6, 97, 102);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }
}
