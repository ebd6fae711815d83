using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Store;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;
using Latchkey.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>A merchant's server and the emulated WeChat Pay, talking HTTP over loopback. Time moves by hand, notifications go when told.</summary>
public sealed class WeChatPayTrial : IAsyncLifetime
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private WebApplication? _merchantServer;
    private MerchantCredential? _credential;
    private ApiV3Key? _apiKey;
    private WeChatPayProvider? _provider;
    private int _numbers;

    public ManualClock Clock { get; } = new();

    public CapturedLog<PaymentDesk> Log { get; } = new();

    public InMemoryPaymentStore Store { get; } = new();

    public List<NotificationOutcome> Received { get; } = [];

    public WeChatPayEmulator Emulator { get; private set; } = null!;

    /// <summary>The desk that notifications come to; a test may put another one there for a while.</summary>
    public PaymentDesk Desk { get; set; } = null!;

    public WeChatPayOptions Options { get; private set; } = null!;

    public HttpClient Http => _http;

    public string OpenId => "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

    public async ValueTask InitializeAsync()
    {
        Emulator = await WeChatPayEmulator.StartAsync(new WeChatPayEmulatorOptions { AutoDeliver = false, Seed = 7 }, Clock, default);
        Uri merchant = await StartMerchantAsync();
        Options = new WeChatPayOptions
        {
            BaseAddress = Emulator.BaseAddress,
            MerchantId = Emulator.Merchant.MerchantId,
            AppId = Emulator.Merchant.AppId,
            NotifyAddress = new Uri(merchant, "notify/wechat"),
            RefundNotifyAddress = new Uri(merchant, "notify/wechat"),
        };
        _credential = MerchantCredential.FromPem(Options.MerchantId, Emulator.Merchant.CertificateSerial, Emulator.Merchant.ExportPrivateKeyPem());
        _apiKey = ApiV3Key.FromText(Emulator.Merchant.ApiV3KeyText);
        _provider = NewProvider(Options, new PlatformKeyRing([]));
        Desk = new PaymentDesk([_provider], Store, Clock, Log);
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        if (_merchantServer is not null) await _merchantServer.DisposeAsync();
        _provider?.Dispose();
        _credential?.Dispose();
        _apiKey?.Dispose();
        _http.Dispose();
    }

    public WeChatPayProvider NewProvider(WeChatPayOptions options, PlatformKeyRing keys, HttpClient? http = null) =>
        new(http ?? _http, options, _credential!, _apiKey!, keys, Clock);

    public PaymentIntent NewIntent(long fen = 5000, PaymentMethod method = PaymentMethod.Jsapi)
    {
        Assert.True(OutTradeNo.TryParse($"LK20261122{Interlocked.Increment(ref _numbers):D6}", out OutTradeNo number));
        return new PaymentIntent(
            number, new Money(fen, Currency.Cny), method, method == PaymentMethod.Jsapi ? OpenId : null, "电费充值", Clock.GetUtcNow().AddMinutes(30));
    }

    /// <summary>An order that waits for its payer.</summary>
    public async Task<PaymentIntent> PlacedAsync(long fen = 5000)
    {
        PaymentIntent intent = NewIntent(fen);
        Assert.IsType<StartOutcome.Ready>(await Desk.StartAsync(WeChatPayProvider.ProviderName, intent, default));
        return intent;
    }

    /// <summary>The payer confirms; the first sendings of the notification go wrong as told. What earlier tests left behind goes out before.</summary>
    public async Task<string> ConfirmAsync(PaymentIntent intent, params NotificationFault[] faults)
    {
        await Emulator.DeliverDueAsync(default);
        Emulator.FaultNext(faults);
        return Emulator.Confirm(intent.OutTradeNo.Value) ?? throw new InvalidOperationException("The order cannot be paid.");
    }

    /// <summary>An order, paid and notified.</summary>
    public async Task<PaymentIntent> PaidAsync(long fen = 5000)
    {
        PaymentIntent intent = await PlacedAsync(fen);
        await ConfirmAsync(intent);
        await Emulator.DeliverDueAsync(default);
        Assert.Equal(PaymentState.Paid, (await FindAsync(intent)).State);
        return intent;
    }

    public async Task<Payment> FindAsync(PaymentIntent intent) => await Store.FindAsync(intent.OutTradeNo, default) ?? throw new InvalidOperationException();

    private async Task<Uri> StartMerchantAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _merchantServer = builder.Build();
        _merchantServer.MapPost("/notify/wechat", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = new NotificationRequest(context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString())), body.ToArray());
            NotificationOutcome outcome = await Desk.HandleNotificationAsync(WeChatPayProvider.ProviderName, request, context.RequestAborted);
            Received.Add(outcome);
            context.Response.StatusCode = outcome.Reply.StatusCode;
            if (outcome.Reply.Body is { } text) await context.Response.WriteAsync(text);
        });
        await _merchantServer.StartAsync();
        return new Uri(_merchantServer.Urls.First() + "/");
    }
}
