using Latchkey.HeadEnd.Deliveries;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Tests;

public sealed class IntentTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Relay_Confirmed_IsProvenAndReported()
    {
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now)));
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.Off));
        _bench.Answer();
        Assert.Equal(DeliveryState.Proven, _bench.Delivery().State);
        Assert.Equal((RelayPosition.Off, RelayReport.Disconnected), (_bench.Desk.FindMeter(_bench.Pan)!.DesiredRelay, _bench.Desk.FindMeter(_bench.Pan)!.Reported!.Relay));
    }

    [Fact]
    public void Relay_NewerIntent_SupersedesTheOlder()
    {
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.Off));
        _bench.Submit(2, new DeliveryContent.Relay(RelayPosition.On));
        Assert.Equal((DeliveryState.Superseded, DeliveryState.InFlight), (_bench.Delivery(1).State, _bench.Delivery(2).State));
        _bench.Answer();
        Assert.Equal(RelayReport.Connected, _bench.Meter.Relay);
    }

    [Fact]
    public void Relay_AnswerToASupersededCommand_ConfirmsNothing()
    {
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.Off));
        byte[] late = _bench.Meter.Hear(_bench.Channel.Sent[0].Datagram)!;
        _bench.Submit(2, new DeliveryContent.Relay(RelayPosition.On));
        _bench.Receive(late);
        Assert.Equal((DeliveryState.Superseded, DeliveryState.InFlight), (_bench.Delivery(1).State, _bench.Delivery(2).State));
    }

    [Fact]
    public void ManyStaleCommands_AfterAnOutage_AreOneDatagram()
    {
        for (int i = 1; i <= 40; i++) _bench.Submit(i, new DeliveryContent.Relay(i % 2 == 0 ? RelayPosition.On : RelayPosition.Off));
        _bench.Run(TimeSpan.FromDays(3));
        int before = _bench.Channel.Sent.Count;
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now, relay: RelayReport.Disconnected)));
        _bench.Answer();
        Assert.Equal(before + 1, _bench.Channel.Sent.Count);
        Assert.Single(_bench.Meter.Heard);
    }

    [Fact]
    public void Relay_RefusedByTheMode_IsRejected()
    {
        _bench.Meter.CommandAnswer = CommandStatus.RefusedByMode;
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.On));
        _bench.Answer();
        Assert.Equal(DeliveryState.RejectedByMeter, _bench.Delivery().State);
    }

    [Fact]
    public void Relay_AnOpenSwitchInAReading_DoesNotProveAnOffCommand()
    {
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.Off));
        _bench.Now += TimeSpan.FromMinutes(1);
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now, balanceMilli: 0, relay: RelayReport.Disconnected)));
        Assert.NotEqual(DeliveryState.Proven, _bench.Delivery().State);
    }

    [Fact]
    public void Relay_AClosedSwitchInALaterReading_ProvesAnOnCommand()
    {
        _bench.Submit(1, new DeliveryContent.Relay(RelayPosition.On));
        _bench.Now += TimeSpan.FromMinutes(1);
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now)));
        Assert.Equal((DeliveryState.Proven, ProofLevel.ReadBack), (_bench.Delivery().State, _bench.Delivery().Proof));
    }

    [Fact]
    public void Parameter_Confirmed_IsKeptAsConfirmed()
    {
        _bench.Submit(1, new DeliveryContent.Parameter(MeterParameter.LoadLimitWatts, 5_000));
        Assert.Empty(_bench.Desk.FindMeter(_bench.Pan)!.ConfirmedParameters);
        _bench.Answer();
        Assert.Equal(5_000, _bench.Desk.FindMeter(_bench.Pan)!.ConfirmedParameters[(int)MeterParameter.LoadLimitWatts]);
    }

    [Fact]
    public void Queue_ByPriority_SendsCreditBeforeEverythingElse()
    {
        _bench.Submit(1, new DeliveryContent.ReadNow());
        _bench.Submit(2, new DeliveryContent.Parameter(MeterParameter.LoadLimitWatts, 5_000));
        _bench.Submit(3, new DeliveryContent.Relay(RelayPosition.On));
        _bench.SubmitCredit(4);
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now.AddSeconds(1)))); // answers the first
        for (int i = 0; i < 3; i++) _bench.Answer();
        Assert.Equal([4, 2, 1], _bench.Channel.Sent[1..].Select(a => a.Priority switch { 1 => 4, 2 => 2, _ => 1 }));
    }

    [Fact]
    public void KeyChange_WaitsForOlderCreditAndHoldsNewer()
    {
        _bench.SubmitCredit(1, 1);
        _bench.Submit(2, new DeliveryContent.KeyChange([new DeliveryToken(TestMeters.Token(20), null), new DeliveryToken(TestMeters.Token(21), null)]));
        _bench.SubmitCredit(3, 3);
        for (int i = 0; i < 3; i++) _bench.Answer();
        Assert.Collection(
            _bench.Meter.Heard,
            m => Assert.Equal(1u, Assert.IsType<MeterMessage.TokenPush>(m).Sequence),
            m => Assert.IsType<MeterMessage.KeyChangeSetPush>(m),
            m => Assert.Equal(3u, Assert.IsType<MeterMessage.TokenPush>(m).Sequence));
    }
}
