using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.WeChatPay;

/// <summary>WeChat Pay APIv3: JSAPI and native orders, query, close, refund, notifications.</summary>
public sealed class WeChatPayProvider : IPaymentProvider, IDisposable
{
    public const string ProviderName = "wechatpay";

    private readonly WeChatPayOptions _options;
    private readonly MerchantCredential _credential;
    private readonly TimeProvider _time;
    private readonly WeChatPayClient _client;
    private readonly NotificationReader _notifications;
    private readonly TransactionReader _transactions;

    /// <param name="http">A client without a base address; its time-out bounds every exchange.</param>
    /// <param name="options">Who we are and where the service is.</param>
    /// <param name="credential">Signs; stays the caller's to dispose.</param>
    /// <param name="apiKey">Opens resources; stays the caller's to dispose.</param>
    /// <param name="keys">The platform keys known at start: a public key, certificates, or none (they are then downloaded).</param>
    /// <param name="time">The clock.</param>
    public WeChatPayProvider(
        HttpClient http, WeChatPayOptions options, MerchantCredential credential, ApiV3Key apiKey, PlatformKeyRing keys, TimeProvider time)
    {
        options.RequireValid();
        if (credential.MerchantId != options.MerchantId) throw new ArgumentException("The credential is another merchant's.", nameof(credential));
        _options = options;
        _credential = credential;
        _time = time;
        _client = new WeChatPayClient(http, options, credential, apiKey, keys, time);
        _notifications = new NotificationReader(options, apiKey);
        _transactions = new TransactionReader(options);
    }

    public string Name => ProviderName;

    public async Task<OrderOutcome> CreateIntentAsync(PaymentIntent intent, CancellationToken cancellationToken)
    {
        (string path, string field) = intent.Method switch
        {
            PaymentMethod.Jsapi => ("/v3/pay/transactions/jsapi", "prepay_id"),
            PaymentMethod.Native => ("/v3/pay/transactions/native", "code_url"),
            _ => (string.Empty, string.Empty),
        };
        if (path.Length == 0) return new OrderOutcome.Refused(PaymentCodes.MethodNotOffered, intent.Method.ToString());

        Answer answer = await _client.PostAsync(path, RequestBodies.Order(_options, intent), cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            Answer.Good good => Placed(intent, good.Body, field),
            Answer.Error { Meaning: ErrorMeaning.OrderPaid } => new OrderOutcome.AlreadyPaid(),
            Answer.Error { Meaning: ErrorMeaning.TryLater or ErrorMeaning.Configuration } e => new OrderOutcome.Unavailable(e.Code),
            Answer.Error e => new OrderOutcome.Refused(e.Code, e.Detail),
            Answer.Unavailable u => new OrderOutcome.Unavailable(u.Code),
            _ => throw new UnreachableException(),
        };
    }

    public PaymentPrompt PromptFor(PaymentIntent intent, string providerReference) => intent.Method == PaymentMethod.Native
        ? new PaymentPrompt.QrCode(providerReference)
        : Invocation(providerReference);

    public async Task<NotificationReading> ReadNotificationAsync(NotificationRequest request, CancellationToken cancellationToken)
    {
        if (request.Body.Length > NotificationRequest.MaxBodyBytes) return new NotificationReading.Rejected(PaymentCodes.BodyTooLong);
        Verification verification = await _client
            .VerifyAsync(SignatureFields.From(request.Header), request.Body, cancellationToken).ConfigureAwait(false);
        return verification == Verification.Genuine
            ? _notifications.Read(request.Body)
            : new NotificationReading.Rejected(AnswerVerifier.CodeOf(verification));
    }

    // A forgery is told 401, a genuine statement that does not fit 400: both make WeChat Pay repeat it and show up in its own statistics.
    public NotificationReply Reply(string? failureCode) => failureCode switch
    {
        null => new NotificationReply(204),
        PaymentCodes.SignatureMissing or PaymentCodes.SignatureProbe or PaymentCodes.SignatureInvalid or PaymentCodes.SerialUnknown
            or PaymentCodes.TimestampOutsideWindow => Fail(401, failureCode),
        PaymentCodes.BodyTooLong => Fail(413, failureCode),
        _ => Fail(400, failureCode),
    };

    public async Task<QueryOutcome> QueryAsync(PaymentIntent intent, CancellationToken cancellationToken)
    {
        string path = $"/v3/pay/transactions/out-trade-no/{Uri.EscapeDataString(intent.OutTradeNo.Value)}?mchid={_options.MerchantId}";
        Answer answer = await _client.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            Answer.Good good => Known(intent, good.Body),
            Answer.Error { Meaning: ErrorMeaning.NotFound } =>
                new QueryOutcome.Known(new PaymentReport(intent.OutTradeNo, ReportedTrade.Unknown, null, null, null)),
            Answer.Error { Meaning: ErrorMeaning.OrderClosed } =>
                new QueryOutcome.Known(new PaymentReport(intent.OutTradeNo, ReportedTrade.Closed, null, null, null)),
            Answer.Error e => new QueryOutcome.Unavailable(e.Code),
            Answer.Unavailable u => new QueryOutcome.Unavailable(u.Code),
            _ => throw new UnreachableException(),
        };
    }

    public async Task<CloseOutcome> CloseAsync(PaymentIntent intent, CancellationToken cancellationToken)
    {
        string path = $"/v3/pay/transactions/out-trade-no/{Uri.EscapeDataString(intent.OutTradeNo.Value)}/close";
        Answer answer = await _client.PostAsync(path, RequestBodies.Close(_options), cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            Answer.Good => CloseOutcome.Done,
            Answer.Error { Meaning: ErrorMeaning.NotFound or ErrorMeaning.OrderClosed } => CloseOutcome.Done,
            Answer.Error { Meaning: ErrorMeaning.OrderPaid } => CloseOutcome.AlreadyPaid,
            _ => CloseOutcome.Unavailable,
        };
    }

    public async Task<RefundReading> RefundAsync(Payment payment, RefundRequest request, CancellationToken cancellationToken)
    {
        Answer answer = await _client
            .PostAsync("/v3/refund/domestic/refunds", RequestBodies.Refund(_options, payment, request), cancellationToken)
            .ConfigureAwait(false);
        return RefundOf(request, answer);
    }

    public async Task<RefundReading> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        string path = $"/v3/refund/domestic/refunds/{Uri.EscapeDataString(request.OutRefundNo.Value)}";
        Answer answer = await _client.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return answer is Answer.Error { Meaning: ErrorMeaning.NotFound } ? new RefundReading.NotFound() : RefundOf(request, answer);
    }

    public void Dispose() => _client.Dispose();

    private static NotificationReply Fail(int status, string code) =>
        new(status, "application/json", $$"""{"code":"FAIL","message":"{{code}}"}""");

    private OrderOutcome Placed(PaymentIntent intent, byte[] body, string field)
    {
        using JsonDocument? json = JsonFields.TryParse(body);
        return json?.RootElement.Text(field) is { Length: > 0 and <= 512 } reference
            ? new OrderOutcome.Placed(reference, PromptFor(intent, reference))
            : new OrderOutcome.Unavailable(PaymentCodes.AnswerMalformed);
    }

    private QueryOutcome Known(PaymentIntent intent, byte[] body)
    {
        using JsonDocument? json = JsonFields.TryParse(body);
        if (json is null) return new QueryOutcome.Unavailable(PaymentCodes.AnswerMalformed);
        (PaymentReport? report, string? code) = _transactions.ReadPayment(json.RootElement);
        if (report is null) return new QueryOutcome.Rejected(code!);
        return report.OutTradeNo == intent.OutTradeNo
            ? new QueryOutcome.Known(report)
            : new QueryOutcome.Rejected(PaymentCodes.PaymentUnknown);
    }

    private RefundReading RefundOf(RefundRequest request, Answer answer)
    {
        switch (answer)
        {
            case Answer.Error { Meaning: ErrorMeaning.TryLater or ErrorMeaning.Configuration } error:
                return new RefundReading.Unavailable(error.Code);
            case Answer.Error error:
                return new RefundReading.Refused(error.Code, error.Detail);
            case Answer.Unavailable unavailable:
                return new RefundReading.Unavailable(unavailable.Code);
            case Answer.Good good:
                using (JsonDocument? json = JsonFields.TryParse(good.Body))
                {
                    RefundReport? report = json is null ? null : _transactions.ReadRefund(json.RootElement, withMerchant: false).Report;
                    bool fits = report is not null && report.OutRefundNo == request.OutRefundNo && (report.Amount ?? request.Amount) == request.Amount;
                    return fits ? new RefundReading.Known(report!) : new RefundReading.Unavailable(PaymentCodes.AnswerMalformed);
                }

            default:
                throw new UnreachableException();
        }
    }

    private PaymentPrompt.PhoneInvocation Invocation(string prepayId) => PhoneInvocations.Sign(
        _credential,
        _options.AppId,
        _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        RandomNumberGenerator.GetHexString(32),
        prepayId);
}
