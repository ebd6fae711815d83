using Latchkey.Meter.LoadSwitch;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class LoadSwitchControllerTests
{
    private static SwitchRig Rig(LoadModel? load = null, bool closed = true, int seed = 3)
    {
        var rig = new SwitchRig(new() { Seed = seed, StartsClosed = closed }, new LoadSwitchSettings());
        rig.Circuit.Load = load ?? new SpectralLoad(40, 0.3);
        rig.Run(1_300_000); // boot, and the rest that every relay gets between pulses
        return rig;
    }

    private static SwitchEventKind[] Kinds(SwitchRig rig) => [.. rig.TakeSwitchEvents().Select(e => e.Kind)];

    [Theory]
    [InlineData(true, SwitchPosition.Closed)]
    [InlineData(false, SwitchPosition.Open)]
    public void Boot_LooksBeforeItBelieves(bool closed, SwitchPosition expected)
    {
        var rig = new SwitchRig(new() { StartsClosed = closed }, new LoadSwitchSettings());
        rig.Circuit.Load = new SpectralLoad(10);
        rig.Firmware.Restore(LoadSwitchMemory.Factory with { Position = closed ? SwitchPosition.Open : SwitchPosition.Closed });
        rig.Run(300_000);
        Assert.Equal(expected, rig.Firmware.Position);
    }

    [Fact]
    public void Opening_IsConfirmedAndAlmostWithoutArc()
    {
        SwitchRig rig = Rig();
        rig.Switch(SwitchPosition.Open); // the first of its life teaches
        rig.Circuit.Load = new SpectralLoad(1);
        rig.Switch(SwitchPosition.Closed);
        rig.Circuit.Load = new SpectralLoad(60, 0.3);
        rig.Run(1_500_000);
        rig.TakeContactEvents();
        rig.TakeSwitchEvents();
        rig.Switch(SwitchPosition.Open);
        Assert.InRange(rig.TakeContactEvents().Of(ContactEventKind.Interrupted).Joules, 0, 0.3); // random: 5 J
        SwitchEvent opened = Assert.Single(rig.TakeSwitchEvents());
        Assert.Equal((SwitchEventKind.Opened, SwitchPosition.Open), (opened.Kind, opened.Position));
        Assert.InRange(opened.AimErrorUs, -400, 400);
    }

    [Fact]
    public void Opening_BelowTheArcThreshold_DoesNotWait()
    {
        SwitchRig rig = Rig(new SpectralLoad(0.3));
        long asked = rig.Circuit.NowUs;
        rig.Switch(SwitchPosition.Open);
        Assert.InRange(rig.TakeContactEvents().Of(ContactEventKind.Parted).TimeUs - asked, 1000, 12_000);
        Assert.Equal(DelayState.Unknown, rig.Firmware.Export().Opening); // and teaches nothing
    }

    [Fact]
    public void Opening_AboveTheBreakingCapacity_WaitsForTheBreaker()
    {
        SwitchRig rig = Rig(new SpectralLoad(90));
        rig.Switch(SwitchPosition.Open, SwitchPriority.Safety, atMostUs: 2_000_000);
        Assert.True(rig.Circuit.AreContactsTouching);
        Assert.Equal([SwitchEventKind.WaitingForBreakingCapacity], Kinds(rig));
        rig.Circuit.Load = new SpectralLoad(30);
        rig.Run(800_000);
        Assert.False(rig.Circuit.AreContactsTouching);
        Assert.Equal(SwitchPosition.Open, rig.Firmware.Position);
    }

    [Fact]
    public void Opening_WithAWeakCoil_WaitsForIt()
    {
        SwitchRig rig = Rig();
        rig.Circuit.CoilVolts = 9.5;
        rig.Switch(SwitchPosition.Open, atMostUs: 1_000_000);
        Assert.True(rig.Circuit.AreContactsTouching);
        rig.Circuit.CoilVolts = 12;
        rig.Run(800_000);
        Assert.Equal([SwitchEventKind.WaitingForSupply, SwitchEventKind.Opened], Kinds(rig));
    }

    [Fact]
    public void Opening_DuringADip_WaitsForTheMains()
    {
        SwitchRig rig = Rig();
        rig.Circuit.Mains.Volts = 150;
        rig.Run(40_000);
        rig.Switch(SwitchPosition.Open, atMostUs: 1_000_000);
        Assert.True(rig.Circuit.AreContactsTouching);
        rig.Circuit.Mains.Volts = 230;
        rig.Run(900_000);
        Assert.Equal(SwitchPosition.Open, rig.Firmware.Position);
    }

    [Fact]
    public void Opening_OfDirectCurrent_OnlyForSafety()
    {
        SwitchRig rig = Rig(new DirectLoad(10));
        rig.Switch(SwitchPosition.Open, atMostUs: 1_000_000);
        Assert.Equal([SwitchEventKind.WaitingForZero], Kinds(rig));
        rig.Firmware.Request(SwitchPosition.Open, SwitchPriority.Safety);
        rig.Run(40_000);
        Assert.False(rig.Circuit.AreContactsTouching);
        Assert.Contains(SwitchEventKind.UnsynchronisedBreak, Kinds(rig));
    }

    [Fact]
    public void Opening_OfAHalfWave_HappensInThePause()
    {
        SwitchRig rig = Rig(new DirectLoad(0, 40));
        rig.Switch(SwitchPosition.Open);
        Assert.InRange(rig.TakeContactEvents().Of(ContactEventKind.Interrupted).Joules, 0, 0.01);
    }

    [Fact]
    public void Opening_WhileTheLoadChanges_WaitsForASteadyPair()
    {
        SwitchRig rig = Rig(new ToggledLoad());
        long asked = rig.Circuit.NowUs;
        rig.Switch(SwitchPosition.Open);
        long waited = rig.TakeContactEvents().Of(ContactEventKind.Parted).TimeUs - asked;
        Assert.InRange(waited, 190_000, 280_000); // ten cycles, then the best of the last one
    }

    [Fact]
    public void PhaseJump_AfterTheDecision_IsNoticedAndWaitedFor()
    {
        SwitchRig rig = Rig();
        rig.Circuit.Mains.JumpPhase(0.5, rig.Circuit.NowUs * 1e-6);
        rig.Run(25_000);
        rig.Switch(SwitchPosition.Open);
        Assert.Equal([SwitchEventKind.PhaseJump, SwitchEventKind.Opened], Kinds(rig));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Safety_PartsWithinFortyMilliseconds(double phi)
    {
        SwitchRig rig = Rig(new SpectralLoad(50, phi));
        long asked = rig.Circuit.NowUs;
        rig.Switch(SwitchPosition.Open, SwitchPriority.Safety);
        Assert.InRange(rig.TakeContactEvents().Of(ContactEventKind.Parted).TimeUs - asked, 0, 40_000);
    }

    [Fact]
    public void HardWeld_ThreePulsesThenAFailure_ThenOncePerHour()
    {
        SwitchRig rig = Rig();
        rig.Circuit.Relay.Weld = WeldKind.Hard;
        rig.Switch(SwitchPosition.Open);
        rig.Run(8_000_000);
        Assert.Equal([SwitchEventKind.Retrying, SwitchEventKind.Retrying, SwitchEventKind.DisconnectFailure], Kinds(rig));
        Assert.Equal(3, rig.TakeContactEvents().Count(e => e.Kind == ContactEventKind.PulseStarted));
        Assert.Equal((true, SwitchPosition.Closed), (rig.Firmware.HasFailed, rig.Firmware.Position));
        Assert.Equal(SwitchRequestResult.RelayFailed, rig.Firmware.Request(SwitchPosition.Closed));

        rig.Circuit.Relay.Weld = WeldKind.None;
        rig.Circuit.Skip(rig.Firmware.WakeUs!.Value - rig.Circuit.NowUs);
        rig.Run(1_000_000);
        Assert.Equal((false, SwitchPosition.Open), (rig.Firmware.HasFailed, rig.Firmware.Position));
    }

    [Fact]
    public void StuckArmature_ThatComesFree_NeedsOneMorePulse()
    {
        SwitchRig rig = Rig();
        rig.Circuit.Relay.HasStuckArmature = true;
        rig.Switch(SwitchPosition.Open);
        rig.Circuit.Relay.HasStuckArmature = false;
        rig.Run(3_000_000);
        Assert.Equal([SwitchEventKind.Retrying, SwitchEventKind.Opened], Kinds(rig));
    }

    [Fact]
    public void BrokenCoil_WhenClosing_IsAReconnectFailure()
    {
        SwitchRig rig = Rig(closed: false);
        rig.Circuit.Relay.HasBrokenCoil = true;
        rig.Switch(SwitchPosition.Closed);
        rig.Run(7_000_000);
        Assert.Equal(SwitchEventKind.ReconnectFailure, Kinds(rig)[^1]);
        Assert.Equal(SwitchPosition.Open, rig.Firmware.Position);
    }

    [Fact]
    public void Closing_OntoAForeignSource_IsRefused()
    {
        SwitchRig rig = Rig(closed: false);
        rig.Circuit.BackfeedVolts = 225;
        rig.Circuit.BackfeedRadians = 0.8;
        rig.Run(500_000);
        Assert.Equal([SwitchEventKind.LoadVoltageWhileOpen], Kinds(rig));
        Assert.Equal(SwitchRequestResult.LoadSideLive, rig.Firmware.Request(SwitchPosition.Closed));
        rig.Circuit.BackfeedVolts = 0;
        rig.Run(500_000);
        Assert.Equal(SwitchRequestResult.Accepted, rig.Firmware.Request(SwitchPosition.Closed));
    }

    [Fact]
    public void Closing_WhileInhibited_IsRefused()
    {
        SwitchRig rig = Rig(closed: false);
        rig.Firmware.InhibitsClosing = true;
        Assert.Equal(SwitchRequestResult.Inhibited, rig.Firmware.Request(SwitchPosition.Closed));
    }

    [Fact]
    public void Magnet_ThatFlipsTheLatch_IsNoticedAndUndone()
    {
        SwitchRig rig = Rig(closed: false);
        rig.Switch(SwitchPosition.Closed);
        rig.Switch(SwitchPosition.Open);
        rig.TakeSwitchEvents();
        while (!rig.Circuit.AreContactsTouching) rig.Circuit.ExposeToField(300, 10);
        rig.Run(2_500_000);
        Assert.Equal([SwitchEventKind.MovedUnbidden, SwitchEventKind.Opened], Kinds(rig));
        Assert.False(rig.Circuit.AreContactsTouching);
    }

    [Fact]
    public void TwoOperations_AreASecondApart()
    {
        SwitchRig rig = Rig();
        rig.Switch(SwitchPosition.Open);
        rig.Switch(SwitchPosition.Closed);
        long[] pulses = [.. rig.TakeContactEvents().Where(e => e.Kind == ContactEventKind.PulseStarted).Select(e => e.TimeUs)];
        Assert.InRange(pulses[1] - pulses[0], 1_000_000, 1_100_000);
    }

    [Fact]
    public void Memory_OfALearnedRelay_MakesTheNextLifePreciseAtOnce()
    {
        SwitchRig teacher = Rig(seed: 11);
        for (int n = 0; n < 4; n++)
        {
            teacher.Switch(SwitchPosition.Open);
            teacher.Switch(SwitchPosition.Closed);
        }

        var pupil = new SwitchRig(new() { Seed = 11 }, new LoadSwitchSettings());
        pupil.Firmware.Restore(teacher.Firmware.Export());
        pupil.Circuit.Load = new SpectralLoad(60);
        pupil.Run(1_300_000);
        pupil.Switch(SwitchPosition.Open);
        Assert.InRange(pupil.TakeSwitchEvents()[^1].AimErrorUs, -400, 400);
    }

    [Fact]
    public void LoadSideLatency_ThatIsKnown_IsTakenOff()
    {
        var rig = new SwitchRig(new() { Seed = 3 }, new LoadSwitchSettings { LoadVoltageLatencyUs = 200 });
        rig.Circuit.Load = new SpectralLoad(40);
        rig.Run(1_300_000);
        rig.Switch(SwitchPosition.Open);
        long parted = rig.TakeContactEvents().Of(ContactEventKind.Parted).TimeUs;
        Assert.InRange(parted - rig.TakeSwitchEvents()[^1].ContactUs, 100, 300);
    }

    private sealed class ToggledLoad : LoadModel
    {
        public override double RmsAmps => 30;

        // One cycle strong, one weak: no two neighbours are alike.
        public override double Step(in MainsPoint supply, double step) =>
            Math.Sqrt(2) * Math.Sin(supply.Phase) * ((int)Math.Floor(supply.Phase / (2 * Math.PI)) % 2 == 0 ? 20 : 60);
    }
}
