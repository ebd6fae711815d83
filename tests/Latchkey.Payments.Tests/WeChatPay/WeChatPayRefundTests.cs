using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Quantities;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Money back, once.</summary>
public sealed class WeChatPayRefundTests(WeChatPayTrial trial) : IClassFixture<WeChatPayTrial>
{
    [Fact]
    public async Task Refund_InFull_IsDoneOnceWhateverIsRepeated()
    {
        PaymentIntent intent = await trial.PaidAsync(fen: 5000);
        RefundRequest request = Request(intent, 1, 5000);
        var first = Assert.IsType<RefundOutcome.Taken>(await trial.Desk.RefundAsync(request, default));
        var again = Assert.IsType<RefundOutcome.Taken>(await trial.Desk.RefundAsync(request, default));
        Assert.Equal((RefundState.Succeeded, false, true), (first.Refund.State, first.IsReplay, again.IsReplay));
        Assert.Equal(first.Refund, again.Refund);

        await trial.Emulator.DeliverDueAsync(default); // the refund's own notification, and it changes nothing more
        Payment payment = await trial.FindAsync(intent);
        Assert.Equal((PaymentState.Refunded, 5000L), (payment.State, payment.RefundedMinorUnits));
        Assert.IsType<PaymentEvent.Refunded>(trial.Received[^1].Event);
    }

    [Fact]
    public async Task Refund_InParts_StopsAtWhatWasPaid()
    {
        PaymentIntent intent = await trial.PaidAsync(fen: 5000);
        Assert.IsType<RefundOutcome.Taken>(await trial.Desk.RefundAsync(Request(intent, 1, 3000), default));
        Assert.Equal(PaymentState.Paid, (await trial.FindAsync(intent)).State);
        var refused = Assert.IsType<RefundOutcome.Refused>(await trial.Desk.RefundAsync(Request(intent, 2, 2001), default));
        Assert.Equal(PaymentCodes.RefundTooHigh, refused.Code);
        Assert.IsType<RefundOutcome.Taken>(await trial.Desk.RefundAsync(Request(intent, 2, 2000), default));
        Assert.Equal(PaymentState.Refunded, (await trial.FindAsync(intent)).State);
    }

    [Fact]
    public async Task Refund_SameNumberOtherAmount_IsRefused()
    {
        PaymentIntent intent = await trial.PaidAsync();
        await trial.Desk.RefundAsync(Request(intent, 1, 100), default);
        var refused = Assert.IsType<RefundOutcome.Refused>(await trial.Desk.RefundAsync(Request(intent, 1, 101), default));
        Assert.Equal(PaymentCodes.RefundIdReused, refused.Code);
    }

    [Fact]
    public async Task Refund_OfWhatIsNotPaid_IsRefused()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        var refused = Assert.IsType<RefundOutcome.Refused>(await trial.Desk.RefundAsync(Request(intent, 1, 100), default));
        Assert.Equal(PaymentCodes.NotPaid, refused.Code);
    }

    [Fact]
    public async Task Refund_OfAnotherCurrency_IsRefused()
    {
        PaymentIntent intent = await trial.PaidAsync();
        RefundRequest request = Request(intent, 1, 100) with { Amount = new Money(100, Currency.Kes) };
        Assert.Equal(PaymentCodes.CurrencyMismatch, Assert.IsType<RefundOutcome.Refused>(await trial.Desk.RefundAsync(request, default)).Code);
    }

    [Fact]
    public async Task Refund_AskedForBeforeACrash_IsAskedForAgainBySchedule()
    {
        // Reserved, but the process died before the provider heard of it.
        PaymentIntent intent = await trial.PaidAsync(fen: 700);
        RefundRequest request = Request(intent, 1, 700);
        await trial.Store.AddRefundAsync(request, trial.Clock.GetUtcNow(), default);

        trial.Clock.Advance(TimeSpan.FromSeconds(30));
        IReadOnlyList<PaymentEvent> events = await trial.Desk.QueryDueAsync(100, default);
        Assert.Contains(events, e => e is PaymentEvent.Refunded r && r.Refund.Request == request && r.Refund.State == RefundState.Succeeded);
        Assert.Equal(PaymentState.Refunded, (await trial.FindAsync(intent)).State);
    }

    private static RefundRequest Request(PaymentIntent intent, int n, long fen)
    {
        Assert.True(OutTradeNo.TryParse($"{intent.OutTradeNo.Value}-R{n}", out OutTradeNo number));
        return new RefundRequest(intent.OutTradeNo, number, new Money(fen, Currency.Cny), "token not issued");
    }
}
