using Latchkey.Meter.Events;
using Latchkey.Meter.Slot;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Simulator.Tests;

/// <summary>What the slot promises a module electrically, and what it does to one that is broken.</summary>
public sealed class SlotContractTests
{
    [Fact]
    public void AShortedModule_IsCutWithin100MsAndTriedAt10And60And600Seconds()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Meter.ModuleShorted = true;
        rig.Meter.InsertModule(ModuleKind.Lte4G);
        var cuts = new List<double>();
        DateTimeOffset start = rig.Meter.Now;
        int seen = 0;
        for (int i = 0; i < 70_000; i++)
        {
            rig.Run(0.02);
            int now = rig.Snapshot.Events.Count(e => e.Code == EventCode.ModuleFault);
            if (now > seen) cuts.Add((rig.Meter.Now - start).TotalSeconds);
            seen = now;
        }

        Assert.Equal(5, cuts.Count);
        Assert.InRange(cuts[0], 0.3, 1.4);
        double[] pauses = [10, 60, 600, 600];
        for (int k = 0; k < pauses.Length; k++) Assert.InRange(cuts[k + 1] - cuts[k], pauses[k], pauses[k] + 1);
    }

    [Fact]
    public void ASoundModule_IsNotCut()
    {
        using var rig = new Rig(watts: 500, module: ModuleKind.Lte4G);
        rig.Run(30);
        Assert.Equal(SlotState.Ready, rig.Snapshot.Slot);
        Assert.DoesNotContain(rig.Snapshot.Events, e => e.Code == EventCode.ModuleFault);
    }

    // What the limit is for: a module's empty capacitor would halve the host's own supply.
    [Fact]
    public void Insertion_DoesNotBrownTheHostOut()
    {
        Assert.Equal(12, ModuleBay.LowestHostVolts(1_000, isLimited: true));
        Assert.InRange(ModuleBay.LowestHostVolts(1_000, isLimited: false), 0, 6.5);
    }

    [Fact]
    public void MainsLoss_IsSignalled10MsBeforeTheRailDrops()
    {
        using var rig = new Rig(watts: 500, module: ModuleKind.Lte4G);
        rig.Run(30);
        rig.Meter.MainsOn = false;
        Modules.CommunicationModule module = rig.Meter.Module!;
        Assert.NotNull(module.WarnedAtMs);
        Assert.InRange(module.LostPowerAtMs!.Value - module.WarnedAtMs!.Value, 10, 100);
    }

    [Fact]
    public void AnRs485Module_ShowsTheMetersRegistersAndTakesNoCommand()
    {
        using var rig = new Rig(watts: 2_300, module: ModuleKind.Rs485);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(30);
        long nowMs = (long)(rig.Meter.Now - Rig.Start).TotalMilliseconds;
        byte[] answer = rig.Meter.Module!.Poll(Convert.FromHexString("010400000028F014"), nowMs);
        Assert.Equal(3 + (RegisterImage.Count * 2) + 2, answer.Length);
        Assert.Equal(31, Register(answer, 1));
        Assert.InRange(Register(answer, 13), 2_290, 2_310);
        Assert.InRange(Register(answer, 20), 2_290, 2_310);
        Assert.InRange(Register(answer, 23), 990, 1_010);
        Assert.Equal(1, Register(answer, 15));
    }

    private static int Register(byte[] answer, int address) => (answer[3 + (address * 2)] << 8) | answer[4 + (address * 2)];
}
