using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Providers;

/// <summary>One payment service. Every call is idempotent in the caller's number; a world that fails comes back as Unavailable.</summary>
public interface IPaymentProvider
{
    /// <summary>A short stable name, stored with every payment: <c>wechatpay</c>.</summary>
    string Name { get; }

    /// <summary>Places the order. The same intent again gives the same order.</summary>
    Task<OrderOutcome> CreateIntentAsync(PaymentIntent intent, CancellationToken cancellationToken);

    /// <summary>The prompt for an order that was placed before; nothing is sent.</summary>
    PaymentPrompt PromptFor(PaymentIntent intent, string providerReference);

    /// <summary>Verifies and reads a notification. Changes nothing; total on any input.</summary>
    Task<NotificationReading> ReadNotificationAsync(NotificationRequest request, CancellationToken cancellationToken);

    /// <summary>The acknowledgement the provider wants: <paramref name="failureCode"/> null means "taken, do not repeat".</summary>
    NotificationReply Reply(string? failureCode);

    Task<QueryOutcome> QueryAsync(PaymentIntent intent, CancellationToken cancellationToken);

    /// <summary>Takes an unpaid order back. After Done nobody can pay it any more.</summary>
    Task<CloseOutcome> CloseAsync(PaymentIntent intent, CancellationToken cancellationToken);

    Task<RefundReading> RefundAsync(Payment payment, RefundRequest request, CancellationToken cancellationToken);

    Task<RefundReading> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken);
}
