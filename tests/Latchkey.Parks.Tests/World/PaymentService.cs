using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;

namespace Latchkey.Parks.Tests;

/// <summary>A payment service that is paid when the test says so.</summary>
internal sealed class PaymentService(TimeProvider time) : IPaymentProvider
{
    private readonly Dictionary<OutTradeNo, PaymentIntent> _orders = [];
    private readonly HashSet<OutTradeNo> _paid = [];

    public string Name => "testpay";

    public bool IsDown { get; set; }

    public int OrderCount => _orders.Count;

    public Dictionary<OutTradeNo, RefundRequest> Refunds { get; } = [];

    /// <summary>The tenant confirms in the phone.</summary>
    public void Pay(Guid topUpId) => _paid.Add(OutTradeNo.FromOrder(topUpId));

    public Task<OrderOutcome> CreateIntentAsync(PaymentIntent intent, CancellationToken cancellationToken)
    {
        if (IsDown) return Task.FromResult<OrderOutcome>(new OrderOutcome.Unavailable("provider-unreachable"));
        _orders[intent.OutTradeNo] = intent;
        return Task.FromResult<OrderOutcome>(_paid.Contains(intent.OutTradeNo)
            ? new OrderOutcome.AlreadyPaid()
            : new OrderOutcome.Placed("code-" + intent.OutTradeNo, PromptFor(intent, "code-" + intent.OutTradeNo)));
    }

    public PaymentPrompt PromptFor(PaymentIntent intent, string providerReference) => new PaymentPrompt.QrCode(providerReference);

    public Task<NotificationReading> ReadNotificationAsync(NotificationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<NotificationReading>(new NotificationReading.Rejected("signature-invalid"));

    public NotificationReply Reply(string? failureCode) => new(failureCode is null ? 204 : 400);

    public Task<QueryOutcome> QueryAsync(PaymentIntent intent, CancellationToken cancellationToken)
    {
        if (IsDown) return Task.FromResult<QueryOutcome>(new QueryOutcome.Unavailable("provider-unreachable"));
        bool paid = _paid.Contains(intent.OutTradeNo);
        ReportedTrade trade = paid ? ReportedTrade.Success : _orders.ContainsKey(intent.OutTradeNo) ? ReportedTrade.NotPaid : ReportedTrade.Unknown;
        var report = new PaymentReport(intent.OutTradeNo, trade, paid ? "tx-" + intent.OutTradeNo : null, intent.Amount, paid ? time.GetUtcNow() : null);
        return Task.FromResult<QueryOutcome>(new QueryOutcome.Known(report));
    }

    public Task<CloseOutcome> CloseAsync(PaymentIntent intent, CancellationToken cancellationToken) =>
        Task.FromResult(_paid.Contains(intent.OutTradeNo) ? CloseOutcome.AlreadyPaid : CloseOutcome.Done);

    /// <summary>How the service answers to refunds; paid at once where it is null.</summary>
    public Func<RefundRequest, RefundReading>? OnRefund { get; set; }

    /// <summary>Every refund that was asked for, in order, repeats included.</summary>
    public List<OutTradeNo> RefundsAsked { get; } = [];

    public Task<RefundReading> RefundAsync(Payment payment, RefundRequest request, CancellationToken cancellationToken)
    {
        RefundsAsked.Add(request.OutRefundNo);
        if (OnRefund is { } answer) return Task.FromResult(answer(request));
        Refunds[request.OutRefundNo] = request;
        return Task.FromResult<RefundReading>(Report(request, RefundState.Succeeded));
    }

    public RefundReading.Known Report(RefundRequest request, RefundState state) => new(
        new RefundReport(request.OutRefundNo, state, "refund-1", request.Amount, state == RefundState.Succeeded ? time.GetUtcNow() : null));

    public Task<RefundReading> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Refunds.ContainsKey(request.OutRefundNo) && OnRefund is { } answer ? answer(request) : new RefundReading.NotFound());
}
