using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Quantities;

namespace Latchkey.Payments.Providers;

/// <summary>What a provider says of an order.</summary>
public enum ReportedTrade
{
    Success = 1,
    Refund = 2,
    NotPaid = 3,
    Closed = 4,
    PayerIsPaying = 5,
    Error = 6,

    /// <summary>The provider does not know the number.</summary>
    Unknown = 7,
}

/// <summary>An authenticated statement of the provider about one order: from a verified notification or a verified answer.</summary>
/// <param name="OutTradeNo">Our number of the payment.</param>
/// <param name="Trade">What the provider says.</param>
/// <param name="TransactionId">The provider's number of the money movement, once there is one.</param>
/// <param name="Amount">The order's amount; null where the provider gives none.</param>
/// <param name="PaidAt">When the payer paid.</param>
public sealed record PaymentReport(
    OutTradeNo OutTradeNo, ReportedTrade Trade, string? TransactionId, Money? Amount, DateTimeOffset? PaidAt);

/// <summary>An authenticated statement of the provider about one refund.</summary>
public sealed record RefundReport(
    OutTradeNo OutRefundNo, RefundState State, string? RefundId, Money? Amount, DateTimeOffset? SucceededAt);
