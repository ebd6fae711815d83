using Latchkey.HeadEnd.Channels;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Tests;

public sealed class DeliveryTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Submit_ForAReachableMeter_SendsAtOnce()
    {
        Assert.Equal(DeliveryState.InFlight, _bench.SubmitCredit().State);
        Assert.Single(_bench.Channel.Sent);
    }

    [Fact]
    public void Result_Accepted_ProvesTheCredit()
    {
        _bench.SubmitCredit();
        Assert.Equal(ReceiveOutcome.Accepted, _bench.Answer());
        Delivery proven = _bench.Delivery();
        Assert.Equal((DeliveryState.Proven, ProofLevel.MeterResult, ProofSource.Channel), (proven.State, proven.Proof, proven.ProvenBy));
        Assert.Equal(64, proven.Evidence!.Length);
    }

    [Fact]
    public void Result_AlreadyUsedForOurToken_IsProofToo()
    {
        _bench.SubmitCredit();
        _bench.Meter.Type(TestMeters.Token(1)); // the customer was faster, and the meter's own report was lost
        _bench.Answer();
        Assert.Equal((DeliveryState.Proven, ProofSource.AlreadyUsed), (_bench.Delivery().State, _bench.Delivery().ProvenBy));
        Assert.All(_bench.Meter.Credited.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Result_OfATypedToken_ClosesTheDelivery()
    {
        _bench.SubmitCredit();
        _bench.Receive(_bench.Meter.Type(TestMeters.Token(1)));
        Assert.Equal((DeliveryState.Proven, ProofSource.Keypad), (_bench.Delivery().State, _bench.Delivery().ProvenBy));
    }

    [Fact]
    public void Result_OfAnotherToken_ProvesNothing()
    {
        _bench.SubmitCredit();
        _bench.Receive(_bench.Meter.Type(TestMeters.Token(99)));
        Assert.Equal(DeliveryState.InFlight, _bench.Delivery().State);
    }

    [Fact]
    public void Result_Refused_IsRejectedWithTheMetersNumber()
    {
        _bench.Meter.Refuses = TokenStatus.CrcError;
        _bench.SubmitCredit();
        _bench.Answer();
        Assert.Equal((DeliveryState.RejectedByMeter, (int)TokenStatus.CrcError), (_bench.Delivery().State, _bench.Delivery().MeterStatus));
        _bench.Run(TimeSpan.FromDays(2));
        Assert.Single(_bench.Channel.Sent);
    }

    [Fact]
    public void Result_LockedOut_WaitsAndDoesNotAskAgainAtOnce()
    {
        _bench.Meter.Refuses = TokenStatus.Lockout;
        _bench.SubmitCredit();
        _bench.Answer();
        Assert.Single(_bench.Channel.Sent); // its answer is a contact, but not an invitation
        _bench.Meter.Refuses = null;
        _bench.Run(TimeSpan.FromMinutes(5));
        _bench.Answer();
        Assert.Equal(DeliveryState.Proven, _bench.Delivery().State);
    }

    [Fact]
    public void LinkAcknowledgement_ClosesNothing()
    {
        _bench.SubmitCredit();
        _bench.Desk.LinkAcknowledged(TestMeters.Id(1), _bench.Now);
        Assert.Equal((DeliveryState.InFlight, ProofLevel.LinkAcknowledged), (_bench.Delivery().State, _bench.Delivery().Proof));
    }

    [Fact]
    public void Hello_NamingTheTokensIdentifier_IsAReadBack()
    {
        _bench.SubmitCredit(tid: 4_711);
        _bench.Receive(_bench.Meter.Say(new MeterMessage.Hello(3, 60, -90, 1, LastTid: 4_711, 10_000)));
        Assert.Equal((DeliveryState.Proven, ProofLevel.ReadBack), (_bench.Delivery().State, _bench.Delivery().Proof));
    }

    [Fact]
    public void Submit_TheSameAgain_ChangesNothing()
    {
        _bench.SubmitCredit();
        _bench.Answer();
        var outcome = _bench.Desk.Submit(new DeliveryRequest(TestMeters.Id(1), _bench.Pan, Bench.Credit(1)), _bench.Now);
        Assert.True(Assert.IsType<SubmitOutcome.Accepted>(outcome).IsReplay);
        Assert.Single(_bench.Channel.Sent);
    }

    [Fact]
    public void Submit_TheSameIdForAnotherToken_IsRefused()
    {
        _bench.SubmitCredit();
        Assert.IsType<SubmitOutcome.IdReused>(_bench.Desk.Submit(new DeliveryRequest(TestMeters.Id(1), _bench.Pan, Bench.Credit(2)), _bench.Now));
    }

    [Fact]
    public void Submit_ForAnUnknownMeter_IsRefused() =>
        Assert.IsType<SubmitOutcome.UnknownMeter>(_bench.Desk.Submit(new DeliveryRequest(TestMeters.Id(1), TestMeters.Pan(77), Bench.Credit(1)), _bench.Now));

    [Fact]
    public void Submit_BeyondTheLimitPerMeter_IsRefused()
    {
        for (int i = 1; i <= _bench.Options.MaxOpenPerMeter; i++) _bench.SubmitCredit(i, i);
        Assert.IsType<SubmitOutcome.TooManyOpen>(_bench.Desk.Submit(new DeliveryRequest(TestMeters.Id(999), _bench.Pan, Bench.Credit(999)), _bench.Now));
    }

    [Fact]
    public void Credit_OfTwoTokens_IsProvenWhenBothAre()
    {
        _bench.Submit(1, new DeliveryContent.Credit([new DeliveryToken(TestMeters.Token(1), null), new DeliveryToken(TestMeters.Token(2), null)]));
        _bench.Answer();
        Assert.Equal(DeliveryState.InFlight, _bench.Delivery().State);
        _bench.Answer();
        Assert.Equal((DeliveryState.Proven, 2), (_bench.Delivery().State, _bench.Meter.Credited.Count));
    }

    [Fact]
    public void Delivery_NeverAnswered_ExpiresAndALateProofStillCounts()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromDays(31));
        Assert.Equal(DeliveryState.Expired, _bench.Delivery().State);
        _bench.Receive(_bench.Meter.Type(TestMeters.Token(1)));
        Assert.Equal((DeliveryState.Proven, ProofSource.Keypad), (_bench.Delivery().State, _bench.Delivery().ProvenBy));
    }

    [Fact]
    public void Channel_WithoutARoute_IsSpacedAndTriedAgain()
    {
        _bench.Channel.Answer = SubmitResult.NoRoute;
        _bench.SubmitCredit();
        Assert.Equal(DeliveryState.Pending, _bench.Delivery().State);
        _bench.Channel.Answer = SubmitResult.Taken;
        _bench.Run(TimeSpan.FromMinutes(3));
        _bench.Answer();
        Assert.Equal(DeliveryState.Proven, _bench.Delivery().State);
    }

    [Fact]
    public void Channel_ThatAnswersWithinTheCall_IsServedToTheEnd()
    {
        _bench.Channel.OnSubmit = attempt => _bench.Receive(_bench.Meter.Hear(attempt.Datagram)!);
        for (int i = 1; i <= 5; i++) _bench.SubmitCredit(i, i);
        Assert.Equal(5, _bench.Meter.Credited.Count);
        Assert.All(Enumerable.Range(1, 5), i => Assert.Equal(DeliveryState.Proven, _bench.Delivery(i).State));
    }
}
