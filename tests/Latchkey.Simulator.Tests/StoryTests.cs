using ControlState = Latchkey.Dlms.Cosem.ControlState;
using Latchkey.Meter.Control;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Physics;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>What the tenant lives through, one meter, virtual time.</summary>
public sealed class StoryTests
{
    [Fact]
    public void ANewMeter_WithoutCredit_SwitchesOff()
    {
        using var rig = new Rig(watts: 1_000);
        rig.Run(5);
        Assert.Equal((ControlState.ReadyForReconnection, OffReasons.Credit), (rig.Snapshot.Supply.State, rig.Snapshot.Supply.AllReasons));
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.False(rig.Meter.Face.RelayLamp);
    }

    [Fact]
    public void AToken_TypedAtTheKeypad_LightsTheLamp()
    {
        using var rig = new Rig(watts: 1_000);
        rig.Run(5);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.Credit(10_000)));
        Assert.Equal("ACCEPTED", rig.Meter.Face.Line1);
        rig.Run(3);
        Assert.Equal(ControlState.Connected, rig.Snapshot.Supply.State);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
        Assert.True(rig.Meter.Face.RelayLamp);
        Assert.InRange(rig.Snapshot.Registers.ActiveMilliwatts, 999_000, 1_001_000);
    }

    [Fact]
    public void Credit_UsedUp_OpensTheSwitchAtACurrentZero()
    {
        using var rig = new Rig(watts: 2_000);
        rig.Enter(rig.Mint.Credit(1_000));
        rig.Run(25 * 60);
        Assert.True(rig.Snapshot.Balance > Energy.Zero);
        rig.Run(10 * 60);
        Assert.Equal(OffReasons.Credit, rig.Snapshot.ForemostReason);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        // At most one frame and the operation run over: 2 kW for about a second.
        Assert.InRange(rig.Snapshot.Balance.MilliwattHours, -2_000, 0);
        ContactEvent broken = rig.Meter.ContactEvents.Last(e => e.Kind == ContactEventKind.Interrupted);
        Assert.InRange(broken.Joules, 0, 0.6);
    }

    [Fact]
    public void AnOpenSwitch_MetersNothing()
    {
        using var rig = new Rig(watts: 2_000);
        rig.Run(10);
        long consumed = rig.Snapshot.Totals.ConsumedQuanta;
        rig.Run(3_600);
        Assert.Equal(consumed, rig.Snapshot.Totals.ConsumedQuanta);
    }

    [Fact]
    public void AUsedToken_IsRefusedAndGrantsNothing()
    {
        using var rig = new Rig();
        TokenNumber token = rig.Mint.Credit(5_000);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(token));
        Assert.Equal(TokenStatus.UsedError, rig.Enter(token));
        Assert.Equal(5_000, rig.Snapshot.Granted.WattHours);
        Assert.Equal("USED", rig.Meter.Face.Line1);
    }

    [Fact]
    public void ATokenForAnotherMeter_IsRefused()
    {
        using var rig = new Rig();
        using var other = new TestMint(keySeed: 9);
        Assert.Equal(TokenStatus.CrcError, rig.Enter(other.Credit(5_000)));
        Assert.Equal(0, rig.Snapshot.Granted.WattHours);
    }

    [Theory]
    [InlineData(TamperInputs.MeterCover, OffReasons.MeterCover)]
    [InlineData(TamperInputs.TerminalCover, OffReasons.TerminalCover)]
    public void ACoverOpened_CutsTheSupplyUntilClearTamper(TamperInputs cover, OffReasons reason)
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        SetCover(rig, cover, open: true);
        rig.Run(1);
        Assert.Equal((SupplyPosition.Open, reason), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        SetCover(rig, cover, open: false);
        rig.Run(60);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.Credit(10_000)));
        rig.Run(5);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.ClearTamper()));
        rig.Run(5);
        Assert.Equal((SupplyPosition.Closed, OffReasons.None), (rig.Snapshot.SwitchPosition, rig.Snapshot.Supply.AllReasons));
    }

    [Fact]
    public void ACoverOpenedWithoutMains_IsFoundAtTheNextStart()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        rig.Meter.MainsOn = false;
        rig.Run(60);
        rig.Meter.MeterCoverOpen = true;
        rig.Run(60);
        rig.Meter.MeterCoverOpen = false;
        rig.Run(60);
        rig.Meter.MainsOn = true;
        rig.Run(3);
        Assert.Equal((SupplyPosition.Open, OffReasons.MeterCover), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        rig.Enter(rig.Mint.ClearTamper());
        rig.Run(3);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }

    [Fact]
    public void ClearTamper_WhileTheCoverIsStillOpen_IsTamperedAgainAtOnce()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        rig.Meter.MeterCoverOpen = true;
        rig.Run(5);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.ClearTamper()));
        rig.Run(5);
        Assert.Equal((SupplyPosition.Open, OffReasons.MeterCover), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
    }

    [Fact]
    public void AShortKnockOnTheCover_IsNoTamper()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        rig.Meter.MeterCoverOpen = true;
        rig.Run(0.06);
        rig.Meter.MeterCoverOpen = false;
        rig.Run(5);
        Assert.Equal((SupplyPosition.Closed, TamperInputs.None), (rig.Snapshot.SwitchPosition, rig.Snapshot.TamperLatched));
    }

    [Fact]
    public void MainsLost_InTheMiddleOfATokenEntry_LosesAndDoublesNothing()
    {
        using var rig = new Rig(watts: 300);
        TokenNumber token = rig.Mint.Credit(10_000);
        rig.Meter.Type(token.ToString()[..13]);
        rig.Meter.MainsOn = false;
        rig.Run(30);
        Assert.False(rig.Meter.Face.IsOn);
        rig.Meter.MainsOn = true;
        rig.Run(2);
        Assert.Equal(0, rig.Snapshot.Granted.WattHours);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(token));
        Assert.Equal(TokenStatus.UsedError, rig.Enter(token));
        Assert.Equal(10_000, rig.Snapshot.Granted.WattHours);
    }

    [Fact]
    public void MainsLost_WithHoldUp_KeepsEveryQuantum()
    {
        using var rig = new Rig(watts: 1_234);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(1_000.4);
        rig.Meter.MainsOn = false;
        long consumed = rig.Snapshot.Totals.ConsumedQuanta;
        rig.Run(100);
        rig.Meter.MainsOn = true;
        Assert.Equal(consumed, rig.Snapshot.Totals.ConsumedQuanta);
        Assert.InRange(consumed / 1e6, 1_234 * 999.0 / 3_600, 1_234 * 1_006.0 / 3_600);
    }

    [Fact]
    public void MainsLost_ForHalfASecond_IsBridgedWithTheEntryStillThere()
    {
        using var rig = new Rig(watts: 300);
        rig.Enter(rig.Mint.Credit(10_000));
        rig.Run(5);
        rig.Meter.Type("12345");
        rig.Meter.MainsOn = false;
        Assert.False(rig.Meter.Face.IsOn);
        rig.Run(0.5);
        rig.Meter.MainsOn = true;
        rig.Run(2);
        Assert.Equal((1u, "1234"), (rig.Snapshot.BootCount, rig.Meter.Face.EntryGroups[0]));
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }

    [Fact]
    public void WhatIsShown_WhileKeysCutTheSeconds_IsNeverAPieceOfAWave()
    {
        using var rig = new Rig(watts: 1_000);
        rig.Enter(rig.Mint.Credit(10_000));
        rig.Run(5);
        for (int i = 0; i < 40; i++)
        {
            rig.Meter.Type("5*", pauseMs: 37);
            Assert.InRange(rig.Snapshot.Registers.VoltageMillivolts, 229_000, 231_000);
            Assert.InRange(rig.Snapshot.Registers.ActiveMilliwatts, 999_000, 1_001_000);
        }
    }

    [Fact]
    public void ATokenPushed_IsProvedByTheMetersOwnAnswer()
    {
        using var rig = new Rig(watts: 100, module: ModuleKind.Lte4G);
        rig.Run(30);
        Assert.Contains(rig.Received(), m => m is MeterMessage.Hello { BootCount: 1 });
        TokenNumber token = rig.Mint.Credit(20_000);
        Assert.True(rig.Send(new MeterMessage.TokenPush(41, Bytes(token))));
        rig.Run(5);
        MeterMessage.TokenResult result = Assert.Single(rig.Received().OfType<MeterMessage.TokenResult>());
        Assert.Equal((41u, TokenStatus.Accepted, Bytes(token).Fingerprint()), (result.Sequence, result.Status, result.Token));
        Assert.InRange(result.BalanceMilli, 19_990, 20_000);
    }

    [Fact]
    public void ATokenPushedTwice_IsUsedTheSecondTimeAndThatIsProofToo()
    {
        using var rig = new Rig(module: ModuleKind.NbIot);
        rig.Run(60);
        TokenNumber token = rig.Mint.Credit(20_000);
        rig.Send(new MeterMessage.TokenPush(1, Bytes(token)));
        rig.Send(new MeterMessage.TokenPush(2, Bytes(token)));
        rig.Run(60);
        Assert.Equal(
            [TokenStatus.Accepted, TokenStatus.UsedError],
            rig.Received().OfType<MeterMessage.TokenResult>().Select(r => r.Status).Order());
        Assert.Equal(20_000, rig.Snapshot.Granted.WattHours);
    }

    [Fact]
    public void ARemoteDisconnect_HoldsAgainstATokenAndAReplayOfTheReconnectIsRefused()
    {
        using var rig = new Rig(watts: 400, module: ModuleKind.WiFi);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(10);
        rig.Send(new MeterMessage.RelayCommand(1, RelayAction.Reconnect));
        rig.Send(new MeterMessage.RelayCommand(2, RelayAction.Disconnect));
        rig.Run(5);
        Assert.Equal((SupplyPosition.Open, OffReasons.Remote), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        rig.Enter(rig.Mint.Credit(1_000));
        rig.Meter.MainsOn = false;
        rig.Run(5);
        rig.Meter.MainsOn = true;
        rig.Run(10);
        rig.SendAgain(new MeterMessage.RelayCommand(1, RelayAction.Reconnect), counter: 1);
        rig.Run(5);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        rig.Send(new MeterMessage.RelayCommand(3, RelayAction.Reconnect));
        rig.Run(5);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }

    [Fact]
    public void AModuleSwap_LeavesMetrologyAndCreditAlone()
    {
        using var swapped = new Rig(watts: 3_000, module: ModuleKind.Lte4G);
        using var reference = new Rig(watts: 3_000, module: ModuleKind.Lte4G);
        foreach (Rig rig in (Rig[])[swapped, reference])
        {
            rig.Enter(rig.Mint.Credit(50_000));
            rig.Run(100);
        }

        string before = VirtualMeter.MetrologyHash;
        swapped.Meter.RemoveModule();
        swapped.Run(20);
        swapped.Meter.InsertModule(ModuleKind.Nr5G);
        swapped.Run(200);
        reference.Run(220);
        Assert.Equal(before, VirtualMeter.MetrologyHash);
        Assert.Equal(reference.Snapshot.Registers.SampleCount, swapped.Snapshot.Registers.SampleCount);
        Assert.Equal(reference.Snapshot.Totals, swapped.Snapshot.Totals);
        Assert.Equal(ModuleKind.Nr5G, swapped.Snapshot.Module!.Kind);
    }

    [Fact]
    public void AKeyChange_PushedAsASet_ChangesTheKeyAndSurvivesAPowerCut()
    {
        using var next = new TestMint(keySeed: 33, firstTid: 16_500_000);
        using var rig = new Rig(module: ModuleKind.Lte4G);
        rig.Run(30);
        rig.Send(new MeterMessage.KeyChangeSetPush(5, [.. rig.Mint.KeyChangeTo(next).Select(Bytes)]));
        rig.Run(5);
        MeterMessage.KeyChangeSetResult result = Assert.Single(rig.Received().OfType<MeterMessage.KeyChangeSetResult>());
        Assert.Equal(TokenStatus.Accepted, result.Statuses[^1]);
        rig.CyclePower();
        Assert.Equal(TokenStatus.CrcError, rig.Enter(rig.Mint.Credit(1_000)));
        Assert.Equal(TokenStatus.Accepted, rig.Enter(next.Credit(1_000)));
    }

    [Fact]
    public void TheFace_WhileTyping_ShowsGroupsOfFour()
    {
        using var rig = new Rig();
        rig.Meter.Type("12345678*9");
        FaceSnapshot face = rig.Meter.Face;
        Assert.Equal("Token  8/20", face.Line1);
        Assert.Equal(["1234", "5679"], face.EntryGroups);
    }

    [Fact]
    public void ATestToken_ShowsItsPagesAndTriesTheSwitch()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(10_000));
        rig.Run(5);
        // The published load-switch test token: opens, and closes again by itself.
        rig.Meter.Type("00000000000150997584#");
        rig.Run(3);
        Assert.Equal((SupplyPosition.Open, OffReasons.Test), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        rig.Run(12);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
        // The published total-register test token.
        rig.Meter.Type("00000000000201328896#", pauseMs: 10);
        Assert.Equal("Total", rig.Meter.Face.Line1);
    }

    [Theory]
    [InlineData("000", "Meter")]
    [InlineData("059", "Credit")]
    [InlineData("062", "Supply")]
    [InlineData("064", "Core image")]
    [InlineData("999", "Code 999")]
    public void AShortCode_ShowsItsPage(string code, string caption)
    {
        using var rig = new Rig();
        rig.Meter.Type(code + "#");
        Assert.Equal(caption, rig.Meter.Face.Line1);
    }

    private static void SetCover(Rig rig, TamperInputs cover, bool open)
    {
        if (cover == TamperInputs.MeterCover) rig.Meter.MeterCoverOpen = open;
        else rig.Meter.TerminalCoverOpen = open;
    }

    private static TokenBytes Bytes(TokenNumber token)
    {
        byte[] nine = new byte[TokenNumber.ByteCount];
        token.WriteBytes(nine);
        Assert.True(TokenBytes.TryRead(nine, out TokenBytes bytes));
        return bytes;
    }
}
