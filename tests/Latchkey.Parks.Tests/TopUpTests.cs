using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging.Notices;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Providers;
using Latchkey.Quantities;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

public sealed class TopUpTests : IDisposable
{
    private static readonly Guid Id = TestMeters.Id(1);
    private readonly ParkWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task StartAsync_ForALivedInRoom_PromptsThePayer()
    {
        var ready = Assert.IsType<StartTopUpOutcome.Ready>(await _world.StartTopUpAsync());
        Assert.Equal((TopUpState.AwaitingPayment, false), (ready.TopUp.State, ready.IsReplay));
        Assert.IsType<PaymentPrompt.QrCode>(ready.Prompt);
    }

    [Fact]
    public async Task StartAsync_Again_IsTheSamePurchase()
    {
        var first = Assert.IsType<StartTopUpOutcome.Ready>(await _world.StartTopUpAsync());
        var second = Assert.IsType<StartTopUpOutcome.Ready>(await _world.StartTopUpAsync());
        Assert.Equal((first.Prompt, true, 1), (second.Prompt, second.IsReplay, _world.Payments.OrderCount));
    }

    [Fact]
    public async Task StartAsync_TheSameIdForAnotherAmount_IsRefused()
    {
        await _world.StartTopUpAsync(yuan: 20m);
        Assert.IsType<StartTopUpOutcome.IdReused>(await _world.StartTopUpAsync(yuan: 30m));
    }

    [Fact]
    public async Task StartAsync_WhatCannotBeSold_IsRefusedBeforeMoneyMoves()
    {
        var refused = Assert.IsType<StartTopUpOutcome.Refused>(await _world.StartTopUpAsync(yuan: 0m));
        Assert.Equal((VendingCodes.AmountZero, 0), (refused.Code, _world.Payments.OrderCount));
        Assert.Null(_world.TopUps.Find(Id));
    }

    [Fact]
    public async Task StartAsync_ForAnUnknownRoom_IsRefused()
    {
        var command = new StartTopUp(Id, TestMeters.Id(55), Money.FromMajor(20m, Currency.Cny), "testpay", Latchkey.Payments.Intents.PaymentMethod.Native, null);
        var refused = Assert.IsType<StartTopUpOutcome.Refused>(await _world.TopUps.StartAsync(command, CancellationToken.None));
        Assert.Equal(ParkCodes.UnknownRoom, refused.Code);
    }

    [Fact]
    public async Task StartAsync_WithThePaymentServiceDown_CanBeRepeated()
    {
        _world.Payments.IsDown = true;
        Assert.IsType<StartTopUpOutcome.Unavailable>(await _world.StartTopUpAsync());
        _world.Payments.IsDown = false;
        Assert.IsType<StartTopUpOutcome.Ready>(await _world.StartTopUpAsync());
    }

    [Fact]
    public async Task TopUp_Paid_EndsInTheMeterAndIsTold()
    {
        TopUp topUp = await BuyAsync();
        Assert.Equal((TopUpState.Credited, Energy.FromTenthsOfKilowattHour(200)), (topUp.State, topUp.Granted));
        Assert.True(topUp.PaidAt <= topUp.SentAt && topUp.SentAt <= topUp.CreditedAt);
        Assert.Equal(OrderState.Credited, _world.Orders.Find(Id)!.State);
        Assert.NotEmpty(_world.Orders.Find(Id)!.Proof!.Evidence);
    }

    [Fact]
    public async Task TopUp_TellsTheTenantTheTwentyDigitsAndThenThatTheyAreIn()
    {
        TopUp topUp = await BuyAsync();
        Notice token = Assert.Single(_world.Phone.OfKind(NoticeKind.TokenIssued));
        Assert.Equal(20, Assert.Single(topUp.Tokens).Length);
        Assert.Equal((topUp.Tokens[0], 24), (token.Values[NoticeValues.Token].Replace(" ", ""), token.Values[NoticeValues.Token].Length)); // five groups of four
        Assert.Equal("20.00元", token.Values[NoticeValues.Amount]);
        Assert.Single(_world.Phone.OfKind(NoticeKind.TokenCredited));
    }

    [Fact]
    public async Task TopUp_ToAMeterOutOfReach_GivesTheDigitsAndStaysDelivering()
    {
        _world.IsMeterReachable = false;
        Assert.Equal(TopUpState.Delivering, (await BuyAsync()).State);
        Assert.Single(_world.Phone.OfKind(NoticeKind.TokenIssued));
        Assert.Empty(_world.Phone.OfKind(NoticeKind.TokenCredited));
    }

    [Fact]
    public async Task TopUp_TypedAtTheKeypadMeanwhile_IsCreditedByTheMetersOwnWord()
    {
        _world.IsMeterReachable = false;
        await BuyAsync();
        byte[] report = _world.Meter.Type(_world.Orders.Find(Id)!.Token!.Value);
        _world.HeadEnd.Receive(_world.Meter.Pan, report, "radio", _world.Now);
        await _world.LiveAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(TopUpState.Credited, _world.TopUps.Find(Id)!.State);
        Assert.Equal(1, Assert.Single(_world.Meter.Credited).Value);
    }

    [Fact]
    public async Task TopUp_RefusedByTheMeter_IsToldAndWaitsForAPerson()
    {
        _world.Meter.Refuses = TokenStatus.CrcError;
        TopUp topUp = await BuyAsync();
        Assert.Equal((TopUpState.RejectedByMeter, ParkCodes.RejectedByMeter), (topUp.State, topUp.Code));
        Assert.Single(_world.Phone.OfKind(NoticeKind.TokenRejected));
        Assert.Empty(_world.Payments.Refunds);
    }

    [Fact]
    public async Task TopUp_WhoseOrderIsHeldWhileTheSignerIsAway_IsRefundedOnlyOnceItSaysThatThereIsNoToken()
    {
        (_world.OrderBook.Declines, _world.OrderBook.IsSignerAway) = (VendingCodes.MeterBlocked, true);
        TopUp topUp = await BuyAsync();
        Assert.Equal((TopUpState.RefundDue, VendingCodes.SignerUnavailable), (topUp.State, topUp.Code));
        Assert.Empty(_world.Payments.Refunds);
        _world.OrderBook.IsSignerAway = false;
        await _world.LiveAsync(TimeSpan.FromHours(2));
        Assert.Equal(TopUpState.Refunded, _world.TopUps.Find(Id)!.State);
        Assert.Single(_world.Payments.Refunds);
    }

    [Fact]
    public async Task TopUp_ThatCannotBeSoldForGood_IsRefunded()
    {
        _world.OrderBook.Declines = VendingCodes.MeterBlocked;
        TopUp topUp = await BuyAsync();
        Assert.Equal((TopUpState.Refunded, VendingCodes.MeterBlocked), (topUp.State, topUp.Code));
        Assert.Equal(Money.FromMajor(20m, Currency.Cny), Assert.Single(_world.Payments.Refunds).Value.Amount);
        Assert.Single(_world.Phone.OfKind(NoticeKind.Refunded));
        Assert.Equal(0, _world.OrderBook.TokensMade);
    }

    [Fact]
    public async Task TopUp_ThatSomebodyCanCure_WaitsForTheCure()
    {
        _world.OrderBook.Declines = VendingCodes.KeyStopped;
        Assert.Equal(TopUpState.Paid, (await BuyAsync()).State);
        _world.OrderBook.Declines = null;
        await _world.LiveAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(TopUpState.Credited, _world.TopUps.Find(Id)!.State);
    }

    [Fact]
    public async Task TopUp_WhoseTokenNobodyKnowsOf_WaitsAndIsNotRefunded()
    {
        _world.OrderBook.Pends = VendingCodes.MakerAnswerUnknown;
        Assert.Equal((TopUpState.Paid, VendingCodes.MakerAnswerUnknown), ((await BuyAsync()).State, _world.TopUps.Find(Id)!.Code));
        await _world.LiveAsync(TimeSpan.FromHours(3));
        Assert.Equal((TopUpState.Paid, 0), (_world.TopUps.Find(Id)!.State, _world.Payments.Refunds.Count));
        _world.OrderBook.Pends = null;
        await _world.LiveAsync(TimeSpan.FromHours(1));
        Assert.Equal(TopUpState.Credited, _world.TopUps.Find(Id)!.State);
    }

    [Fact]
    public async Task TopUp_NeverPaid_EndsAndLateMoneyRevivesIt()
    {
        await _world.StartTopUpAsync();
        await _world.LiveAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(TopUpState.PaymentEnded, _world.TopUps.Find(Id)!.State);
        _world.Payments.Pay(Id);
        Assert.True(await ApplyLateMoneyAsync());
        await _world.LiveAsync(TimeSpan.FromMinutes(15));
        Assert.Equal(TopUpState.Credited, _world.TopUps.Find(Id)!.State);
    }

    [Fact]
    public async Task TopUp_OfManyAtOnce_AreEachServed()
    {
        for (int id = 1; id <= 10; id++)
        {
            await _world.StartTopUpAsync(id);
            _world.Payments.Pay(TestMeters.Id(id));
        }

        await _world.LiveAsync(TimeSpan.FromMinutes(5));
        Assert.All(Enumerable.Range(1, 10), id => Assert.Equal(TopUpState.Credited, _world.TopUps.Find(TestMeters.Id(id))!.State));
        Assert.Equal(10, _world.Meter.Credited.Count);
    }

    [Fact]
    public async Task Save_OfAStaleRow_IsNotKept()
    {
        await _world.StartTopUpAsync();
        TopUp stored = _world.Store.FindTopUp(Id)!;
        CommitResult result = await _world.Store.CommitAsync(new ParkChanges { TopUps = [stored with { Version = stored.Version - 1 }] }, CancellationToken.None);
        Assert.Equal(CommitResult.VersionChanged, result);
    }

    [Fact]
    public void Text_OfATopUpOrATenant_ShowsNoTokenAndNoPerson()
    {
        var tenant = new Tenant(ParkWorld.TenantId, "Li Wei", "openid-1", "+8613800000000", TenantLanguage.Chinese);
        Assert.DoesNotContain("Li Wei", tenant.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("openid-1", $"{tenant}", StringComparison.Ordinal);
    }

    // A payment that ended is not asked about any more; what arrives late is a notification, which the store sees as this.
    private async Task<bool> ApplyLateMoneyAsync()
    {
        var number = Latchkey.Payments.Intents.OutTradeNo.FromOrder(Id);
        Latchkey.Payments.Intents.Payment payment = (await _world.Disk.Payments.FindAsync(number, CancellationToken.None))!;
        Latchkey.Payments.Intents.Payment paid = payment.After(Latchkey.Payments.Intents.PaymentTrigger.PaidProof)! with { TransactionId = "late", PaidAt = _world.Now };
        return await _world.Disk.Payments.SaveAsync(paid, CancellationToken.None) == Latchkey.Payments.Store.SavePaymentResult.Saved;
    }

    private async Task<TopUp> BuyAsync()
    {
        await _world.StartTopUpAsync();
        _world.Payments.Pay(Id);
        await _world.LiveAsync(TimeSpan.FromMinutes(2));
        return _world.TopUps.Find(Id)!;
    }
}
