using Latchkey.HeadEnd.Deliveries;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Tests;

public sealed class RestartTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Restart_WithADeliveryInFlight_GoesOnAndCreditsOnce()
    {
        _bench.SubmitCredit();
        byte[] lost = _bench.Meter.Hear(_bench.Channel.Sent[0].Datagram)!; // the meter has it, the answer dies with the process
        _bench.Restart();
        _bench.Run(TimeSpan.FromMinutes(10));
        _bench.Answer();
        Assert.NotEmpty(lost);
        Assert.Equal((DeliveryState.Proven, ProofSource.AlreadyUsed), (_bench.Delivery().State, _bench.Delivery().ProvenBy));
        Assert.Equal(1, Assert.Single(_bench.Meter.Credited).Value);
    }

    [Fact]
    public void Restart_NeverUsesACounterTwice()
    {
        for (int i = 1; i <= 5; i++)
        {
            _bench.SubmitCredit(i, i);
            _bench.Answer(); // a counter seen before would leave the meter silent
            _bench.Restart();
        }

        Assert.Equal(5, _bench.Meter.Heard.Count);
    }

    [Fact]
    public void Restart_AnAnswerToWhatWasSentBefore_StillProves()
    {
        _bench.SubmitCredit();
        _bench.Restart();
        _bench.Answer();
        Assert.Equal(DeliveryState.Proven, _bench.Delivery().State);
    }

    [Fact]
    public void Store_ThatFails_LosesNothingAndSendsNothingUnwritten()
    {
        using var bench = new Bench(new FailingStore());
        var store = (FailingStore)bench.Store;
        store.FailsNext = true;
        Assert.Throws<IOException>(() => bench.SubmitCredit());
        Assert.Empty(bench.Channel.Sent);
        bench.SubmitCredit();
        store.FailsNext = true;
        byte[] answer = bench.Meter.Hear(bench.Channel.Sent[0].Datagram)!;
        Assert.Throws<IOException>(() => bench.Receive(answer));
        Assert.Equal(ReceiveOutcome.Accepted, bench.Receive(answer)); // not a replay: nothing of it was kept
        Assert.Equal(DeliveryState.Proven, bench.Delivery().State);
    }

    [Fact]
    public void Sequence_AfterARestart_GoesOnRising()
    {
        uint first = _bench.SubmitCredit(1, 1).Sequence;
        _bench.Restart();
        Assert.Equal(first + 1, _bench.SubmitCredit(2, 2).Sequence);
    }
}
