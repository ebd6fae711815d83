using Latchkey.HeadEnd.Meters;
using Latchkey.Meter.Events;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Rooms;
using Latchkey.Sts;
using MeterEvent = Latchkey.HeadEnd.Events.MeterEvent;

namespace Latchkey.Server.Tests;

public sealed class MeterNewsTests
{
    private static readonly DateTimeOffset Read = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AMeterThatNeverSpoke_IsUnknown() => Assert.Equal(new MeterNews(SupplyState.Unknown, false, "unknown"), MeterNews.Of(null, []));

    [Fact]
    public void AReading_StandsUntilSomethingNewerIsSaid() =>
        Assert.Equal(new MeterNews(SupplyState.Off, true, "meter-cover"), MeterNews.Of(Reading(RelayReport.Disconnected, tamper: 1, reasons: 1 << 3), [Event(-5, EventCode.LocalConnection)]));

    [Fact]
    public void AnOpenedCover_IsTamperAtOnce() =>
        Assert.True(MeterNews.Of(Reading(RelayReport.Connected), [Event(1, EventCode.MeterCoverOpened)]).Tampered);

    [Fact]
    public void ADisconnectionAfterAnOpenedCover_HasItsReason() =>
        Assert.Equal(
            new MeterNews(SupplyState.Off, true, "terminal-cover"),
            MeterNews.Of(Reading(RelayReport.Connected), [Event(2, EventCode.LocalDisconnection), Event(1, EventCode.TerminalCoverOpened)]));

    [Fact]
    public void TheNewestEvent_Wins() =>
        Assert.Equal(
            new MeterNews(SupplyState.On, false, "none"),
            MeterNews.Of(Reading(RelayReport.Disconnected, tamper: 1), [Event(4, EventCode.LocalConnection), Event(3, EventCode.TamperCleared), Event(1, EventCode.MeterCoverOpened)]));

    private static MeterEvent Event(int minutes, EventCode code) => new(MeterPan.Parse(FakePark.Pan), Read.AddMinutes(minutes), (uint)code, 0, Read.AddMinutes(minutes));

    private static ReportedState Reading(RelayReport relay, uint tamper = 0, uint reasons = 0) =>
        new(Read, Energy.FromWattHours(1_000), 5_000, relay, Power.FromWatts(100), Voltage.FromMillivolts(230_000), 450, 6_000, 1_000, reasons, tamper);
}
