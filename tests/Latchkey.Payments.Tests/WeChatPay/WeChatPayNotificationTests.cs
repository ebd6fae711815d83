using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Store;
using Latchkey.Payments.WeChatPay;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>The payer pays; what reaches the merchant is genuine, repeated, lost or forged.</summary>
public sealed class WeChatPayNotificationTests(WeChatPayTrial trial) : IClassFixture<WeChatPayTrial>
{
    [Fact]
    public async Task Notification_AfterThePayerConfirms_MakesThePaymentPaid()
    {
        PaymentIntent intent = await trial.PlacedAsync(fen: 5000);
        string transaction = await trial.ConfirmAsync(intent);
        Assert.Equal(PaymentState.Pending, (await trial.FindAsync(intent)).State);

        await trial.Emulator.DeliverDueAsync(default);
        Payment paid = await trial.FindAsync(intent);
        Assert.Equal((PaymentState.Paid, transaction, trial.Clock.GetUtcNow(), null), (paid.State, paid.TransactionId, paid.PaidAt, paid.NextQueryAt));
        Assert.True(Assert.IsType<PaymentEvent.Paid>(trial.Received[^1].Event).IsFirst);
        Assert.Equal(204, trial.Received[^1].Reply.StatusCode);
    }

    [Fact]
    public async Task Notification_SentTwice_IsFirstOnce()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        await trial.ConfirmAsync(intent, NotificationFault.Repeated);
        Assert.Equal(1, await trial.Emulator.DeliverDueAsync(default));

        bool[] firsts = [.. trial.Received.Select(r => r.Event).OfType<PaymentEvent.Paid>().Where(p => p.Payment.Intent == intent).Select(p => p.IsFirst)];
        Assert.Equal([true, false], firsts);
        Assert.Equal(204, trial.Received[^1].Reply.StatusCode);
    }

    [Theory]
    [InlineData(NotificationFault.ForgedSignature, PaymentCodes.SignatureInvalid, 401)]
    [InlineData(NotificationFault.ChangedBody, PaymentCodes.SignatureInvalid, 401)]
    [InlineData(NotificationFault.UnknownSerial, PaymentCodes.SerialUnknown, 401)]
    [InlineData(NotificationFault.OldTimestamp, PaymentCodes.TimestampOutsideWindow, 401)]
    [InlineData(NotificationFault.Probe, PaymentCodes.SignatureProbe, 401)]
    [InlineData(NotificationFault.Unsigned, PaymentCodes.SignatureMissing, 401)]
    [InlineData(NotificationFault.OtherApiKey, PaymentCodes.ResourceUndecipherable, 400)]
    [InlineData(NotificationFault.WrongAmount, PaymentCodes.AmountMismatch, 400)]
    [InlineData(NotificationFault.OtherMerchant, PaymentCodes.MerchantMismatch, 400)]
    [InlineData(NotificationFault.OtherApp, PaymentCodes.AppMismatch, 400)]
    [InlineData(NotificationFault.OtherTradeNumber, PaymentCodes.PaymentUnknown, 400)]
    public async Task Notification_ThatIsNotRight_IsRefusedAndTheGenuineOneThatFollowsCounts(NotificationFault fault, string code, int status)
    {
        PaymentIntent intent = await trial.PlacedAsync();
        await trial.ConfirmAsync(intent, fault);
        Payment before = await trial.FindAsync(intent);
        await trial.Emulator.DeliverDueAsync(default);

        Assert.Equal(code, Assert.IsType<PaymentEvent.Rejected>(trial.Received[^1].Event).Code);
        Assert.Equal((status, "application/json", $$"""{"code":"FAIL","message":"{{code}}"}"""),
            (trial.Received[^1].Reply.StatusCode, trial.Received[^1].Reply.ContentType, trial.Received[^1].Reply.Body));
        Assert.Equal(before, await trial.FindAsync(intent));

        trial.Clock.Advance(TimeSpan.FromSeconds(15));
        await trial.Emulator.DeliverDueAsync(default);
        Assert.Equal(PaymentState.Paid, (await trial.FindAsync(intent)).State);
    }

    [Fact]
    public async Task Notification_GenuineButUnfitting_IsKeptForPeopleOnce()
    {
        PaymentIntent intent = await trial.PlacedAsync(fen: 1234);
        await trial.ConfirmAsync(intent, NotificationFault.WrongAmount, NotificationFault.WrongAmount);
        await trial.Emulator.DeliverDueAsync(default);
        trial.Clock.Advance(TimeSpan.FromSeconds(15));
        await trial.Emulator.DeliverDueAsync(default);

        IReadOnlyList<UnmatchedPayment> kept = await trial.Store.ListUnmatchedAsync(100, default);
        UnmatchedPayment one = Assert.Single(kept, u => u.OutTradeNo == intent.OutTradeNo.Value);
        Assert.Equal((PaymentCodes.AmountMismatch, 1233L), (one.Code, one.AmountMinorUnits));
    }

    [Theory]
    [InlineData(PlatformSigning.PublicKey)]
    [InlineData(PlatformSigning.Certificate)]
    public async Task Notification_WhileAMerchantChangesToThePublicKey_IsGenuineByEitherKey(PlatformSigning signing)
    {
        Assert.True(PlatformKey.TryFromPublicKeyPem(trial.Emulator.PlatformPublicKeyId, trial.Emulator.PlatformPublicKeyPem, out PlatformKey? key));
        using WeChatPayProvider provider = trial.NewProvider(trial.Options, new PlatformKeyRing([key!]));
        PaymentDesk usual = trial.Desk;
        trial.Desk = new PaymentDesk([provider], trial.Store, trial.Clock, trial.Log);
        trial.Emulator.NotificationSigning = signing;
        try
        {
            Assert.Equal(PaymentState.Paid, (await trial.FindAsync(await trial.PaidAsync())).State);
        }
        finally
        {
            trial.Emulator.NotificationSigning = PlatformSigning.Certificate;
            trial.Desk = usual;
        }
    }

    [Fact]
    public async Task Notifications_InBadWeather_PayEveryPaymentOnce()
    {
        trial.Emulator.Weather = new NotificationWeather(LostPercent: 30, RepeatedPercent: 20, DelayedPercent: 20, ForgedPercent: 10);
        var intents = new List<PaymentIntent>();
        for (int i = 0; i < 20; i++)
        {
            intents.Add(await trial.PlacedAsync(fen: 100 + i));
            trial.Emulator.Confirm(intents[^1].OutTradeNo.Value);
        }

        for (int minute = 0; minute < 24 * 60; minute += 5)
        {
            await trial.Emulator.DeliverDueAsync(default);
            trial.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        trial.Emulator.Weather = NotificationWeather.Fair;
        foreach (PaymentIntent intent in intents)
        {
            Assert.Equal(PaymentState.Paid, (await trial.FindAsync(intent)).State);
            Assert.Single(trial.Received, r => r.Event is PaymentEvent.Paid { IsFirst: true } p && p.Payment.Intent == intent);
        }
    }
}
