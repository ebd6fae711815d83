using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging.Notices;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>A tenant's money on its way back: when two people gave it back, once, under one number as long as its outcome is not known.</summary>
public sealed class TopUpReturnTests : IDisposable
{
    private static readonly Guid Id = TestMeters.Id(1);
    private readonly ParkWorld _world = new();

    public void Dispose() => _world.Dispose();

    private TopUp Stored => _world.TopUps.Find(Id)!;

    [Fact]
    public async Task ATokenThatTheMeterRefused_GoesBackToThePayer_OnceTwoPeopleGaveItBack()
    {
        await RejectAsync();
        await _world.LiveAsync(TimeSpan.FromHours(1));
        Assert.Empty(_world.Payments.RefundsAsked);
        await GiveAsync();
        Assert.Equal((TopUpState.Refunded, ParkCodes.MoneyBack), (Stored.State, Stored.Code));
        Assert.Equal([Number(1)], _world.Payments.RefundsAsked);
        await _world.LiveAsync(TimeSpan.FromMinutes(1));
        Assert.Single(_world.Phone.OfKind(NoticeKind.Refunded));
        await GiveAsync();
        await _world.LiveAsync(TimeSpan.FromHours(1));
        Assert.Single(_world.Payments.Refunds);
    }

    // What the people's word rests on is a token that the meter can never take: while the order has one that it could, nothing moves.
    [Fact]
    public async Task WhatWasGivenWhileItsTokenStands_IsNotPaidBack()
    {
        await RejectAsync();
        _world.Returns.Give(Id);
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
        await _world.LiveAsync(TimeSpan.FromMinutes(20));
        Assert.Equal((TopUpState.RejectedByMeter, 0), (Stored.State, _world.Payments.RefundsAsked.Count));
    }

    [Fact]
    public async Task ARefundOfUnknownOutcome_IsAskedForUnderItsNumber_AndUnderNoOther()
    {
        await RejectAsync();
        _world.Payments.OnRefund = _ => new RefundReading.Unavailable("provider-busy");
        await GiveAsync();
        Assert.Equal((TopUpState.RefundDue, "provider-busy"), (Stored.State, Stored.Code));
        await _world.LiveAsync(TimeSpan.FromMinutes(10));
        _world.Returns.Give(Id); // somebody loses patience
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
        await _world.LiveAsync(TimeSpan.FromMinutes(10));
        Assert.True(_world.Payments.RefundsAsked.Count > 3);
        Assert.Equal([Number(1)], _world.Payments.RefundsAsked.Distinct());

        _world.Restart();
        _world.Payments.OnRefund = null;
        await _world.LiveAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(TopUpState.Refunded, Stored.State);
        Assert.Equal([Number(1)], _world.Payments.Refunds.Keys);
    }

    // The old desk took a closed refund for a paid one.
    [Fact]
    public async Task ARefundThatTheServiceRefused_WaitsForTwoPeople_AndThenHasAnotherNumber()
    {
        _world.OrderBook.Declines = VendingCodes.MeterBlocked;
        _world.Payments.OnRefund = _ => new RefundReading.Refused("provider-funds-short", "not enough");
        await BuyAsync();
        await _world.LiveAsync(TimeSpan.FromHours(1));
        Assert.Equal((TopUpState.RefundDue, ParkCodes.RefundClosed, null), (Stored.State, Stored.Code, Stored.DueAt));
        Assert.Equal([Number(0)], _world.Payments.RefundsAsked);
        Assert.Empty(_world.Phone.OfKind(NoticeKind.Refunded));
        Assert.Null(await _world.TopUps.RefusalOfReturnAsync(Id, CancellationToken.None));

        _world.Payments.OnRefund = null;
        await GiveAsync();
        Assert.Equal(TopUpState.Refunded, Stored.State);
        Assert.Equal([Number(0), Number(1)], _world.Payments.RefundsAsked);
        Assert.Equal(VendingCodes.MoneyIsBack, (await _world.TopUps.RefusalOfReturnAsync(Id, CancellationToken.None))!.Value.Code);
    }

    [Fact]
    public async Task ARefundThatTheServiceTookAndClosedLater_ComesBack_AndIsPaidOnThePeoplesWord()
    {
        await RejectAsync();
        _world.Payments.OnRefund = request => Taken(request, RefundState.Processing);
        await GiveAsync();
        Assert.Equal(TopUpState.Refunded, Stored.State);
        Assert.Equal(VendingCodes.RefundUnderWay, (await _world.TopUps.RefusalOfReturnAsync(Id, CancellationToken.None))!.Value.Code);
        _world.Payments.OnRefund = request => Taken(request, RefundState.Closed);
        await _world.LiveAsync(TimeSpan.FromHours(1));
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
        Assert.Equal((TopUpState.RefundDue, ParkCodes.RefundClosed), (Stored.State, Stored.Code));

        _world.Payments.OnRefund = null;
        await GiveAsync();
        Assert.Equal((TopUpState.Refunded, RefundState.Succeeded), (Stored.State, (await _world.TopUps.FindReturnAsync(Id, CancellationToken.None))!.State));
        Assert.Equal([Number(1), Number(2)], _world.Payments.RefundsAsked.Distinct());
    }

    [Fact]
    public async Task ARefundThatThePayersBankDidNotTake_IsSeen_AndEndsWhenTheServiceSaysSo()
    {
        await RejectAsync();
        _world.Payments.OnRefund = request => Taken(request, RefundState.Abnormal);
        await GiveAsync();
        Assert.Equal((TopUpState.RefundDue, ParkCodes.RefundAbnormal), (Stored.State, Stored.Code));
        Refund refund = (await _world.TopUps.FindReturnAsync(Id, CancellationToken.None))!;
        await _world.Disk.Payments.SaveRefundAsync(refund with { State = RefundState.Succeeded, SucceededAt = _world.Now }, CancellationToken.None);
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
        Assert.Equal(TopUpState.Refunded, Stored.State);
        Assert.Single(_world.Payments.RefundsAsked);
    }

    [Fact]
    public async Task ATopUpThatSomebodyCouldStillCure_GoesBackAtOnce_WhenTwoPeopleSaySo()
    {
        _world.OrderBook.Declines = VendingCodes.KeyStopped;
        Assert.Equal(TopUpState.Paid, (await BuyAsync()).State);
        _world.Returns.Give(Id);
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
        Assert.Equal((TopUpState.Refunded, 0), (Stored.State, _world.OrderBook.TokensMade));
    }

    [Fact]
    public async Task WhatNobodyPaid_AndWhatTheMeterHas_IsNotGivenBack()
    {
        await _world.StartTopUpAsync();
        Assert.Null(_world.TopUps.FindPaid(Id));
        Assert.Equal("payment-not-paid", (await _world.TopUps.RefusalOfReturnAsync(Id, CancellationToken.None))!.Value.Code);
        _world.Payments.Pay(Id);
        await _world.LiveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(TopUpState.Credited, Stored.State);
        Assert.Equal(VendingCodes.TokenUsed, (await _world.TopUps.RefusalOfReturnAsync(Id, CancellationToken.None))!.Value.Code);
    }

    private static OutTradeNo Number(int granted) => OutTradeNo.FromOrder(granted == 0 ? Id : MoneyBackDesk.EntryOf(Id, granted));

    private RefundReading Taken(RefundRequest request, RefundState state)
    {
        _world.Payments.Refunds[request.OutRefundNo] = request;
        return _world.Payments.Report(request, state);
    }

    private async Task RejectAsync()
    {
        _world.Meter.Refuses = TokenStatus.CrcError;
        Assert.Equal(TopUpState.RejectedByMeter, (await BuyAsync()).State);
    }

    /// <summary>As the books do it: the order is taken back with the entry that gives.</summary>
    private async Task GiveAsync()
    {
        if (_world.Orders.Find(Id) is { HasToken: true }) _world.OrderBook.Cancel(Id);
        _world.Returns.Give(Id);
        await _world.TopUps.ReturnAsync(Id, CancellationToken.None);
    }

    private async Task<TopUp> BuyAsync()
    {
        await _world.StartTopUpAsync();
        _world.Payments.Pay(Id);
        await _world.LiveAsync(TimeSpan.FromMinutes(2));
        return Stored;
    }
}
