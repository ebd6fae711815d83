using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>
/// A stand-in for WeChat Pay APIv3 with one merchant: checks the merchant's signatures, signs and seals like the real service, and lets a
/// person or a test play the payer. Its keys are made at start and die with it.
/// </summary>
public sealed class WeChatPayEmulator : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly EmulatedPlatform _platform;
    private readonly NotificationQueue _queue;
    private readonly OrderBook _orders;
    private readonly WeChatPayRoutes _routes;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _pump;
    private readonly WeChatPayEmulatorOptions _options;
    private LoopbackHost? _host;

    public WeChatPayEmulator(WeChatPayEmulatorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        Weather = options.Weather;
        NotificationSigning = options.NotificationSigning;

        // Three streams, so that one more nonce or one more fault does not change the numbers of orders and payments.
        var numbers = new SeededDraws(options.Seed);
        var nonces = new SeededDraws(options.Seed ^ 0x2D2816FE);
        var faults = new SeededDraws(options.Seed ^ 0x51ED270B);
        Merchant = new EmulatedMerchant(options.MerchantId, options.AppId);
        _platform = new EmulatedPlatform(time.GetUtcNow());
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
        _orders = new OrderBook(options.MerchantId, options.AppId, options.RefundTakes, numbers);
        _queue = new NotificationQueue(
            new NotificationWriter(_platform, Merchant, () => NotificationSigning, nonces), () => Weather, faults, _http, time);
        _routes = new WeChatPayRoutes(this, _orders, _queue, _platform, nonces, time);
        _pump = options.AutoDeliver ? Task.Run(() => _queue.RunAsync(_stopping.Token)) : Task.CompletedTask;
    }

    /// <summary>The merchant's side of the keys: what an operator would put into the settings.</summary>
    public EmulatedMerchant Merchant { get; }

    /// <summary>The platform certificate, as a merchant may keep it; it can also be downloaded.</summary>
    public string PlatformCertificatePem => _platform.CertificatePem;

    public string PlatformCertificateSerial => _platform.CertificateSerial;

    /// <summary>The name of the bare public key, <c>PUB_KEY_ID_...</c>.</summary>
    public string PlatformPublicKeyId => _platform.PublicKeyId;

    public string PlatformPublicKeyPem => _platform.PublicKeyPem;

    /// <summary>How often things go wrong by chance.</summary>
    public NotificationWeather Weather { get; set; }

    public PlatformSigning NotificationSigning { get; set; }

    /// <summary>The address when started on its own; throws when it is mapped into another application.</summary>
    public Uri BaseAddress => _host?.Address ?? throw new InvalidOperationException("This emulator has no address of its own.");

    /// <summary>What was sent so far, the oldest first.</summary>
    public IReadOnlyList<NotificationSending> Sendings => _queue.Log;

    /// <summary>The path of the page on which the payer confirms, below the emulator's address.</summary>
    public static string PhonePage(string outTradeNo) => "_emulator/phone/" + Uri.EscapeDataString(outTradeNo);

    /// <summary>Starts on this machine alone, on a free port.</summary>
    public static async Task<WeChatPayEmulator> StartAsync(
        WeChatPayEmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var emulator = new WeChatPayEmulator(options, time);
        emulator._host = await LoopbackHost.StartAsync(emulator.Map, cancellationToken).ConfigureAwait(false);
        return emulator;
    }

    /// <summary>Adds the routes to an application, for example to a group with a prefix.</summary>
    public void Map(IEndpointRouteBuilder routes) => _routes.Map(routes);

    /// <summary>The next sendings go wrong in this way, one each.</summary>
    public void FaultNext(params IReadOnlyList<NotificationFault> faults) => _queue.Script(faults);

    /// <summary>The payer confirms. Null when the order is unknown, closed, too old or paid; otherwise the transaction id.</summary>
    public string? Confirm(string outTradeNo, string? openId = null)
    {
        DateTimeOffset now = _time.GetUtcNow();
        EmulatedOrder? paid = _orders.Pay(outTradeNo, openId, now);
        if (paid is null) return null;
        _queue.Add("TRANSACTION.SUCCESS", _orders.Describe(paid), paid.NotifyAddress, now + _options.NotificationDelay);
        return paid.TransactionId;
    }

    /// <summary>Sends what is due now; returns the number of sendings.</summary>
    public Task<int> DeliverDueAsync(CancellationToken cancellationToken) => _queue.DeliverDueAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _pump.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how the pump ends.
        }

        if (_host is not null) await _host.DisposeAsync().ConfigureAwait(false);
        _queue.Dispose();
        _http.Dispose();
        _platform.Dispose();
        Merchant.Dispose();
        _stopping.Dispose();
    }

    internal void AnnounceRefund(EmulatedRefund refund)
    {
        if (refund.NotifyAddress is null) return;
        var content = new JsonObject
        {
            ["mchid"] = Merchant.MerchantId,
            ["out_trade_no"] = refund.OutTradeNo,
            ["transaction_id"] = refund.TransactionId,
            ["out_refund_no"] = refund.OutRefundNo,
            ["refund_id"] = refund.RefundId,
            ["refund_status"] = "SUCCESS",
            ["success_time"] = PlatformTime.Format(refund.SucceedsAt),
            ["user_received_account"] = "支付用户零钱",
            ["amount"] = new JsonObject { ["total"] = refund.Total, ["refund"] = refund.Amount, ["payer_total"] = refund.Total, ["payer_refund"] = refund.Amount },
        };
        _queue.Add("REFUND.SUCCESS", content, refund.NotifyAddress, refund.SucceedsAt);
    }
}
