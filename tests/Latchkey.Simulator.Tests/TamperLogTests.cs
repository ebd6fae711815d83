using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Tamper;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests;

/// <summary>What is kept of a tamper: the entry, what was seen, and who may take it away.</summary>
public sealed class TamperLogTests
{
    [Fact]
    public void WhatTheMeterSaw_IsKeptThroughAPowerCut()
    {
        using var rig = new Rig(watts: 2_300);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(15);
        rig.Meter.Magnet = new Magnet(20);
        rig.Run(10);
        rig.Meter.Magnet = null;
        rig.CyclePower();
        TamperEvidence seen = Assert.Single(rig.Snapshot.Evidence);
        Assert.Equal((TamperInputs.Magnet, 5_000), (seen.Kind, seen.SuspectMs));
        Assert.InRange(seen.Field.SteadyMicrotesla, 40_000, 60_000);
        Assert.InRange(seen.Phases[0].Watts, 2_200, 2_400);
        Assert.InRange(seen.Phases[0].Millivolts, 229_000, 231_000);
    }

    [Fact]
    public void OnlyTheLast32_AreKept()
    {
        using var mint = new TestMint();
        var image = new MemoryNvmImage();
        using var bench = new BareMeter(mint, image, 1);
        bench.Manufacture();
        bench.Boot();
        for (int i = 0; i < 40; i++)
        {
            foreach (TamperInputs cover in (TamperInputs[])[TamperInputs.MeterCover, TamperInputs.None])
            {
                bench.Tamper.Now = cover;
                for (int tick = 0; tick < 40; tick++) bench.Wait(1_000);
            }
        }

        bench.Boot();
        Assert.Equal(EvidenceLog.Capacity, bench.Core.Snapshot.Evidence.Length);
        Assert.Equal([.. Enumerable.Range(9, 32).Select(i => (uint)i)], bench.Core.Snapshot.Evidence.Select(e => e.Sequence));
    }

    [Fact]
    public void ALog_IsEmptiedOnlyWithTheSealOpenAndSaysSoFirst()
    {
        using var rig = new Rig(watts: 100);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Meter.MeterCoverOpen = true;
        rig.Run(2);
        Assert.False(rig.Meter.ClearLog(fraud: true));
        Assert.Single(rig.Snapshot.FraudEvents);
        rig.Meter.SealOpen = true;
        Assert.True(rig.Meter.ClearLog(fraud: true));
        rig.Meter.MeterCoverOpen = false;
        rig.Run(5);
        rig.CyclePower();
        Assert.Equal([EventCode.LogCleared, EventCode.MeterCoverClosed], rig.Snapshot.FraudEvents.Select(e => e.Code));
        Assert.Equal(1, rig.Snapshot.FraudEvents[0].Detail);
    }

    [Fact]
    public void AMagnetOnTransformers_TakesEnergyAndOnAShuntItDoesNot()
    {
        Assert.InRange(ShareMetered(Meter.MeterProfile.Kpm33), 0.05, 0.6);
        Assert.InRange(ShareMetered(Meter.MeterProfile.Kpm31), 0.999, 1.001);
    }

    // The published figures of the block: about 0.4 T at its face, 0.1 T at 30 mm, next to nothing at 1 m.
    [Theory]
    [InlineData(0, 0.35, 0.45)]
    [InlineData(30, 0.08, 0.12)]
    [InlineData(1_000, 0, 0.00002)]
    public void TheBlocksField_IsThatOfTheClosedForm(double millimetres, double lowest, double highest) =>
        Assert.InRange(new Magnet(millimetres).FieldTesla(0), lowest, highest);

    [Fact]
    public void AStrongMagnetAtTheRelay_MayFlipItAndTheMeterPutsItRight()
    {
        using var rig = new Rig(watts: 1_000);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        for (int i = 0; i < 40; i++)
        {
            rig.Meter.Magnet = new Magnet(0) { Strength = 8 };
            rig.Run(1);
        }

        rig.Run(30);
        Assert.Contains(rig.Meter.ContactEvents, e => e.Kind == ContactEventKind.Dislodged);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }

    private static double ShareMetered(Meter.MeterProfile profile)
    {
        using var rig = new Rig(watts: 3_000, profile: profile);
        rig.Enter(rig.Mint.Credit(500_000));
        rig.Run(20);
        long before = rig.Snapshot.Registers.ActiveImport;
        rig.Meter.Magnet = new Magnet(5);
        rig.Meter.Load = new ConstantLoad(3_000);
        rig.Run(3_600);
        rig.Meter.Load = new ConstantLoad(0);
        return (rig.Snapshot.Registers.ActiveImport - before) / 3e9;
    }
}
