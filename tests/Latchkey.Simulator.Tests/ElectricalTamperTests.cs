using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests;

/// <summary>Tampers that show in the registers: found in their time, and not where there is none.</summary>
public sealed class ElectricalTamperTests
{
    private static readonly Dictionary<string, (TamperInputs Kind, int Seconds, Action<Rig> Attack)> Attacks = new(StringComparer.Ordinal)
    {
        ["reverse flow"] = (TamperInputs.ReverseFlow, 10, rig => rig.Meter.Load = new ConstantLoad(-1_000)),
        ["part of the load round the sensor"] = (TamperInputs.Bypass, 300, rig => rig.Meter.Disturb(c => c.PhaseShare = 0.5)),
        ["generator behind the open switch"] = (TamperInputs.LoadSideVoltage, 5, rig => rig.Meter.Disturb(c => c.BackfeedVolts = 200)),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory, MemberData(nameof(Names))]
    public void AnAttack_IsFoundInItsTimeAndNotBefore(string name)
    {
        (TamperInputs kind, int seconds, Action<Rig> attack) = Attacks[name];
        using var rig = new Rig(watts: 2_000);
        if (kind != TamperInputs.LoadSideVoltage) rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(15);
        attack(rig);
        rig.Run(seconds - 1);
        Assert.Equal(TamperInputs.None, rig.Snapshot.TamperNow);
        rig.Run(4);
        Assert.Equal(kind, rig.Snapshot.TamperNow);
        Assert.Single(rig.Snapshot.FraudEvents);
    }

    [Fact]
    public void ADayOfAHousehold_RaisesNothing()
    {
        using var rig = new Rig();
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Meter.Load = new HouseholdLoad(seed: 8);
        rig.Run(86_400);
        Assert.Empty(rig.Snapshot.FraudEvents);
    }

    [Fact]
    public void AMagnet_IsLoggedAfterFiveSecondsAndSwitchesNothingOff()
    {
        using var rig = new Rig(watts: 500);
        rig.Enter(rig.Mint.Credit(50_000));
        rig.Run(5);
        rig.Meter.MagnetPresent = true;
        rig.Run(4);
        Assert.Empty(rig.Snapshot.FraudEvents);
        rig.Run(3);
        Assert.Equal(EventCode.StrongFieldFound, Assert.Single(rig.Snapshot.FraudEvents).Code);
        rig.Meter.MagnetPresent = false;
        rig.Run(10);
        Assert.Equal((SupplyPosition.Closed, EventCode.StrongFieldGone), (rig.Snapshot.SwitchPosition, rig.Snapshot.FraudEvents[^1].Code));
    }
}
