using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Placing, asking, closing.</summary>
public sealed class WeChatPayOrderTests(WeChatPayTrial trial) : IClassFixture<WeChatPayTrial>
{
    private const string WeChat = WeChatPayProvider.ProviderName;

    [Fact]
    public async Task Start_Jsapi_GivesAnInvocationThatThePhoneAccepts()
    {
        PaymentIntent intent = trial.NewIntent();
        var ready = Assert.IsType<StartOutcome.Ready>(await trial.Desk.StartAsync(WeChat, intent, default));
        var call = Assert.IsType<PaymentPrompt.PhoneInvocation>(ready.Prompt);
        HttpResponseMessage answer = await InvokeAsync(call);
        answer.EnsureSuccessStatusCode();
        Assert.Equal(intent.OutTradeNo.Value, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("out_trade_no").GetString());
        Assert.Equal(401, (int)(await InvokeAsync(call with { TimeStamp = "1" })).StatusCode);
    }

    [Fact]
    public async Task Start_Native_GivesAQrCode()
    {
        var outcome = await trial.Desk.StartAsync(WeChat, trial.NewIntent(method: PaymentMethod.Native), default);
        var code = Assert.IsType<PaymentPrompt.QrCode>(Assert.IsType<StartOutcome.Ready>(outcome).Prompt);
        Assert.StartsWith("weixin://wxpay/bizpayurl?pr=", code.Text);
    }

    [Fact]
    public async Task Start_SameNumberAndContent_IsAReplayOfTheSameOrder()
    {
        PaymentIntent intent = trial.NewIntent();
        var first = Assert.IsType<StartOutcome.Ready>(await trial.Desk.StartAsync(WeChat, intent, default));
        var again = Assert.IsType<StartOutcome.Ready>(await trial.Desk.StartAsync(WeChat, intent, default));
        Assert.Equal((false, true), (first.IsReplay, again.IsReplay));
        Assert.Equal(((PaymentPrompt.PhoneInvocation)first.Prompt).Package, ((PaymentPrompt.PhoneInvocation)again.Prompt).Package);
    }

    [Fact]
    public async Task Start_SameNumberOtherAmount_IsRefusedAndNothingChanges()
    {
        PaymentIntent intent = await trial.PlacedAsync(fen: 5000);
        Payment before = await trial.FindAsync(intent);
        Assert.IsType<StartOutcome.IdReused>(await trial.Desk.StartAsync(WeChat, intent with { Amount = new Money(1, Currency.Cny) }, default));
        Assert.Equal(before, await trial.FindAsync(intent));
    }

    [Theory]
    [InlineData(0, PaymentCodes.AmountZero)]
    [InlineData(-1, PaymentCodes.AmountNegative)]
    public async Task Start_AmountNotAboveZero_IsRefusedBeforeAnythingIsWritten(long fen, string code)
    {
        PaymentIntent intent = trial.NewIntent(fen);
        Assert.Equal(code, Assert.IsType<StartOutcome.Refused>(await trial.Desk.StartAsync(WeChat, intent, default)).Code);
        Assert.Null(await trial.Store.FindAsync(intent.OutTradeNo, default));
    }

    [Fact]
    public async Task Start_CurrencyTheServiceDoesNotTake_FailsThePayment()
    {
        PaymentIntent intent = trial.NewIntent() with { Amount = new Money(5000, Currency.Kes) };
        Assert.Equal(PaymentCodes.ProviderRefused, Assert.IsType<StartOutcome.Refused>(await trial.Desk.StartAsync(WeChat, intent, default)).Code);
        Payment failed = await trial.FindAsync(intent);
        Assert.Equal((PaymentState.Failed, PaymentCodes.ProviderRefused), (failed.State, failed.FailureCode));
    }

    [Fact]
    public async Task Start_AfterACrashBehindTheOrder_FindsTheSameOrder()
    {
        // The order was placed, but the process died before the answer was stored.
        PaymentIntent intent = trial.NewIntent();
        using WeChatPayProvider other = trial.NewProvider(trial.Options, new PlatformKeyRing([]));
        var lost = Assert.IsType<OrderOutcome.Placed>(await other.CreateIntentAsync(intent, default));
        await trial.Store.AddAsync(new Payment { Provider = WeChat, Intent = intent, State = PaymentState.Created, CreatedAt = trial.Clock.GetUtcNow() }, default);

        var resumed = Assert.IsType<StartOutcome.Ready>(await trial.Desk.StartAsync(WeChat, intent, default));
        Assert.Equal(lost.ProviderReference, resumed.Payment.ProviderReference);
    }

    [Fact]
    public async Task Start_ServiceNotThere_IsUnavailableAndSafeToRepeat()
    {
        WeChatPayOptions nowhere = trial.Options with { BaseAddress = new Uri("http://127.0.0.1:9/") };
        using WeChatPayProvider provider = trial.NewProvider(nowhere, new PlatformKeyRing([]));
        var desk = new PaymentDesk([provider], trial.Store, trial.Clock, trial.Log);
        PaymentIntent intent = trial.NewIntent();
        Assert.Equal(PaymentCodes.ProviderUnreachable, Assert.IsType<StartOutcome.Unavailable>(await desk.StartAsync(WeChat, intent, default)).Code);
        Assert.Equal(PaymentState.Created, (await trial.FindAsync(intent)).State);
        Assert.IsType<StartOutcome.Ready>(await trial.Desk.StartAsync(WeChat, intent, default));
    }

    [Fact]
    public async Task Start_AnswerSignedByAKeyWeDoNotBelieve_IsNotBelieved()
    {
        // The ring holds a key under the public key's name that is not the platform's.
        await using WeChatPayEmulator stranger = new(new WeChatPayEmulatorOptions { AutoDeliver = false }, trial.Clock);
        Assert.True(PlatformKey.TryFromPublicKeyPem(trial.Emulator.PlatformPublicKeyId, stranger.PlatformPublicKeyPem, out PlatformKey? wrong));
        using WeChatPayProvider provider = trial.NewProvider(trial.Options, new PlatformKeyRing([wrong!]));
        var outcome = Assert.IsType<OrderOutcome.Unavailable>(await provider.CreateIntentAsync(trial.NewIntent(), default));
        Assert.Equal(PaymentCodes.AnswerNotVerified, outcome.Code);
    }

    [Fact]
    public async Task Query_NotificationLostForEver_FindsThePaymentOnSchedule()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        await trial.ConfirmAsync(intent, NotificationFault.LostForEver);
        await trial.Emulator.DeliverDueAsync(default);

        trial.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(Of(intent, await trial.Desk.QueryDueAsync(100, default)));
        trial.Clock.Advance(TimeSpan.FromSeconds(1));
        PaymentEvent found = Assert.Single(Of(intent, await trial.Desk.QueryDueAsync(100, default)));
        Assert.True(Assert.IsType<PaymentEvent.Paid>(found).IsFirst);
        Assert.Empty(Of(intent, await trial.Desk.QueryDueAsync(100, default)));
    }

    [Fact]
    public async Task Query_NobodyPays_AsksAtTheScheduledTimesAndClosesAfterTheDeadline()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        DateTimeOffset start = trial.Clock.GetUtcNow();
        var askedAt = new List<double>();
        while ((await trial.FindAsync(intent)).IsOpen && trial.Clock.GetUtcNow() - start < TimeSpan.FromHours(3))
        {
            trial.Clock.Advance(TimeSpan.FromSeconds(10));
            int before = (await trial.FindAsync(intent)).QueriesDone;
            await trial.Desk.QueryDueAsync(100, default);
            if ((await trial.FindAsync(intent)).QueriesDone > before) askedAt.Add((trial.Clock.GetUtcNow() - start).TotalSeconds);
        }

        Assert.Equal([30, 150, 750, 2550], askedAt); // 30 s, then 2, 10 and 30 minutes after the one before
        Assert.Equal(PaymentState.Expired, (await trial.FindAsync(intent)).State);
        Assert.Null(trial.Emulator.Confirm(intent.OutTradeNo.Value));
    }

    [Fact]
    public async Task Start_AgainAfterTheDeadline_ClosesInsteadOfPrompting()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        trial.Clock.Advance(TimeSpan.FromMinutes(31));
        var ended = Assert.IsType<StartOutcome.Ended>(await trial.Desk.StartAsync(WeChat, intent, default));
        Assert.Equal(PaymentState.Expired, ended.Payment.State);
    }

    [Fact]
    public async Task Query_GivenBackAtTheProvidersOwnDesk_IsNeverPaidAndNeitherByALateNotification()
    {
        // Paid, notification lost, and somebody refunded it past us before we asked.
        PaymentIntent intent = await trial.PlacedAsync(fen: 300);
        await trial.ConfirmAsync(intent, NotificationFault.LostOnce);
        await trial.Emulator.DeliverDueAsync(default);
        using WeChatPayProvider past = trial.NewProvider(trial.Options with { RefundNotifyAddress = null }, new PlatformKeyRing([]));
        Assert.True(OutTradeNo.TryParse(intent.OutTradeNo.Value + "-X", out OutTradeNo refundNo));
        await past.RefundAsync(await trial.FindAsync(intent), new RefundRequest(intent.OutTradeNo, refundNo, intent.Amount, "past us"), default);

        Assert.Equal(PaymentCodes.RefundedOutside, Assert.IsType<PaymentEvent.Rejected>(await trial.Desk.QueryNowAsync(intent.OutTradeNo, default)).Code);
        trial.Clock.Advance(TimeSpan.FromSeconds(15));
        await trial.Emulator.DeliverDueAsync(default);
        Payment failed = await trial.FindAsync(intent);
        Assert.Equal((PaymentState.Failed, PaymentCodes.RefundedOutside), (failed.State, failed.FailureCode));
        Assert.Contains(await trial.Store.ListUnmatchedAsync(100, default), u => u.OutTradeNo == intent.OutTradeNo.Value && u.Code == PaymentCodes.RefundedOutside);
    }

    [Fact]
    public async Task Query_OfAProviderThatIsNotSetUp_IsPostponed()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        var desk = new PaymentDesk([], trial.Store, trial.Clock, trial.Log);
        trial.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.NotEmpty(await desk.QueryDueAsync(100, default));
        Assert.Equal(trial.Clock.GetUtcNow().AddMinutes(2), (await trial.FindAsync(intent)).NextQueryAt);
    }

    [Fact]
    public async Task Cancel_PaidInTheMeantime_ComesBackAsPaid()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        await trial.ConfirmAsync(intent);
        Assert.True(Assert.IsType<PaymentEvent.Paid>(await trial.Desk.CancelAsync(intent.OutTradeNo, default)).IsFirst);
    }

    [Fact]
    public async Task Cancel_Unpaid_ClosesItForThePayerToo()
    {
        PaymentIntent intent = await trial.PlacedAsync();
        Assert.Equal(PaymentState.Expired, Assert.IsType<PaymentEvent.Ended>(await trial.Desk.CancelAsync(intent.OutTradeNo, default)).Payment.State);
        Assert.Null(trial.Emulator.Confirm(intent.OutTradeNo.Value));
        Assert.IsType<StartOutcome.Ended>(await trial.Desk.StartAsync(WeChat, intent, default));
    }

    private static IEnumerable<PaymentEvent> Of(PaymentIntent intent, IReadOnlyList<PaymentEvent> events) =>
        events.Where(e => e is PaymentEvent.Paid p && p.Payment.Intent == intent);

    private Task<HttpResponseMessage> InvokeAsync(PaymentPrompt.PhoneInvocation call) => trial.Http.PostAsJsonAsync(
        new Uri(trial.Emulator.BaseAddress, "_emulator/invoke"),
        new { appId = call.AppId, timeStamp = call.TimeStamp, nonceStr = call.NonceStr, package = call.Package, signType = call.SignType, paySign = call.PaySign });
}
