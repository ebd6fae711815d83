using Latchkey.Meter.Control;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Loads;

namespace Latchkey.Simulator.Tests;

/// <summary>Emergency credit, friendly hours, postpaid: what happens when the credit is at its end.</summary>
public sealed class PaymentStoryTests
{
    [Fact]
    public void Emergency_AcceptedAtTheKeypad_LastsToItsLimitAndIsRepaidByTheNextToken()
    {
        using Rig rig = WithParameters((MeterParameter.EmergencyLimit, 2_000), (MeterParameter.EmergencyThreshold, 1_000));
        rig.Meter.Type("071#");
        Assert.Equal(("Emergency", "02 not needed"), (rig.Meter.Face.Line1, rig.Meter.Face.Line2));
        rig.Meter.Load = new ConstantLoad(5_000);
        rig.Run(3_700);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.True(rig.Meter.Face.Icons.HasFlag(FaceIcons.EmergencyOffered));
        rig.Meter.Type("071#");
        rig.Run(60);
        Assert.Equal((SupplyPosition.Closed, true), (rig.Snapshot.SwitchPosition, rig.Snapshot.EmergencyActive));
        rig.Run(1_500);
        Assert.Equal(SupplyPosition.Open, rig.Snapshot.SwitchPosition);
        Assert.InRange(rig.Snapshot.Balance.WattHours, -2_004, -2_000);
        rig.Meter.Type("071#");
        Assert.Equal("01 already used", rig.Meter.Face.Line2);
        rig.Enter(rig.Mint.Credit(3_000));
        rig.Run(3);
        Assert.Equal((SupplyPosition.Closed, false), (rig.Snapshot.SwitchPosition, rig.Snapshot.EmergencyActive));
        Assert.InRange(rig.Snapshot.Balance.WattHours, 990, 1_000);
    }

    [Fact]
    public void Emergency_OfATokenTooSmall_StaysOwed()
    {
        using Rig rig = WithParameters((MeterParameter.EmergencyLimit, 2_000), (MeterParameter.EmergencyThreshold, 1_000));
        rig.Meter.Load = new ConstantLoad(5_000);
        rig.Run(3_700);
        rig.Meter.Type("071#");
        rig.Run(1_000);
        rig.Enter(rig.Mint.Credit(500));
        Assert.True(rig.Snapshot.EmergencyActive);
        rig.CyclePower();
        Assert.True(rig.Snapshot.EmergencyActive);
    }

    [Fact]
    public void FriendlyHours_KeepTheSupplyAndEndIt()
    {
        var friendly = new Meter.Payment.FriendlyPeriod(0, 0, 6);
        using Rig rig = WithParameters((MeterParameter.FriendlyPeriod, friendly.ToInt32()));
        rig.Meter.Load = new ConstantLoad(5_000);
        rig.Run(3 * 3_600);
        Assert.Equal((SupplyPosition.Closed, true), (rig.Snapshot.SwitchPosition, rig.Snapshot.IsFriendlyPeriod));
        Assert.True(rig.Snapshot.Balance.WattHours < -5_000);
        rig.Meter.AdvanceTo(Rig.Start.AddHours(6).AddMinutes(11));
        Assert.Equal((SupplyPosition.Open, OffReasons.Credit), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
    }

    [Fact]
    public void Postpaid_CountsAndNeverSwitchesOff()
    {
        using Rig rig = WithParameters((MeterParameter.PaymentMode, 1));
        rig.Meter.Load = new ConstantLoad(5_000);
        rig.Run(7_200);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
        Assert.InRange(rig.Snapshot.Balance.WattHours, -5_010, -4_990);
    }

    [Fact]
    public void AParameter_OutOfRange_IsRefusedAndChangesNothing()
    {
        using Rig rig = WithParameters();
        rig.Send(new MeterMessage.ParameterSet(9, MeterParameter.FriendlyPeriod, 0x7F_FF_FF));
        rig.Send(new MeterMessage.ParameterSet(10, (MeterParameter)200, 1));
        rig.Run(5);
        Assert.Equal(
            [CommandStatus.OutOfRange, CommandStatus.UnknownParameter],
            rig.Received().OfType<MeterMessage.CommandResult>().OrderBy(r => r.Sequence).Select(r => r.Status));
    }

    /// <summary>A meter with 5 kWh and parameters set over the air.</summary>
    private static Rig WithParameters(params (MeterParameter Parameter, long Value)[] parameters)
    {
        var rig = new Rig(module: ModuleKind.WiFi);
        rig.Enter(rig.Mint.Credit(5_000));
        rig.Run(10);
        rig.Received();
        foreach ((MeterParameter parameter, long value) in parameters) Assert.True(rig.Send(new MeterMessage.ParameterSet(1, parameter, value)));
        rig.Run(5);
        Assert.All(rig.Received().OfType<MeterMessage.CommandResult>(), r => Assert.Equal(CommandStatus.Done, r.Status));
        return rig;
    }
}
