using Latchkey.Meter.Hal;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class ThreePhaseSwitchTests
{
    [Fact]
    public void ThreeRelays_HoldEveryLimit() => Assert.Empty(ThreePhaseBench.Run(8, 3).Where(f => !f.Holds));

    [Fact]
    public void RelayThatDidNotClose_IsTriedAgainAfterAnOpening()
    {
        var bench = new ThreePhaseBench(4);
        bench.Switch.Request(closed: false, SwitchUrgency.Normal);
        bench.Run(2_000_000);
        bench.Circuits[0].Relay.HasBrokenCoil = true;
        bench.Switch.Request(closed: true, SwitchUrgency.Normal);
        for (int k = 0; k < 100 && bench.Switch.Position != SupplyPosition.Failed; k++) bench.Run(100_000);
        Assert.False(bench.Switch.WouldAct(closed: true)); // not before an hour has passed
        bench.Run(2_000_000);
        Assert.All(bench.Circuits, c => Assert.False(c.Conducts));

        bench.Circuits[0].Relay.HasBrokenCoil = false;
        bench.Switch.Request(closed: false, SwitchUrgency.Normal);
        bench.Run(2_000_000);
        bench.Switch.Request(closed: true, SwitchUrgency.Normal);
        bench.Run(2_000_000);
        Assert.Equal(SupplyPosition.Closed, bench.Switch.Position);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void Closing_NeedsBothEnables(bool metering, bool management, bool closes)
    {
        var circuit = new PowerCircuit(new() { StartsClosed = false }) { MeteringEnable = metering, ManagementEnable = management };
        Assert.Equal(closes, circuit.TrySchedule(SwitchCoil.Close, 1000, 50_000));
        Assert.True(new PowerCircuit(new()) { MeteringEnable = metering, ManagementEnable = management }.TrySchedule(SwitchCoil.Open, 1000, 50_000));
        Assert.False(new PowerCircuit(new()) { MeteringEnable = false, ManagementEnable = false }.TrySchedule(SwitchCoil.Open, 1000, 50_000));
    }
}
