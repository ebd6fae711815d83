using Latchkey.Payments.Intents;
using Latchkey.Quantities;

namespace Latchkey.Payments.Refunds;

/// <summary>Where a refund stands. The numbers are stored.</summary>
public enum RefundState
{
    /// <summary>Written down and reserved against the payment; the provider may or may not know of it yet.</summary>
    Requested = 1,

    /// <summary>The provider took it; the money is on its way.</summary>
    Processing = 2,

    /// <summary>The payer has the money.</summary>
    Succeeded = 3,

    /// <summary>The provider closed it; nothing moved.</summary>
    Closed = 4,

    /// <summary>The payer's bank refused the money; a person must act at the provider.</summary>
    Abnormal = 5,
}

/// <summary>A wish to give money back. The number makes it idempotent.</summary>
/// <param name="OutTradeNo">The payment.</param>
/// <param name="OutRefundNo">The caller's number of the refund; the same number again is the same refund.</param>
/// <param name="Amount">Above zero, and with all other refunds at most what was paid.</param>
/// <param name="Reason">What the payer reads, at most 80 characters.</param>
public sealed record RefundRequest(OutTradeNo OutTradeNo, OutTradeNo OutRefundNo, Money Amount, string Reason)
{
    public const int MaxReasonLength = 80;
}

/// <summary>One refund as it is stored.</summary>
public sealed record Refund
{
    public required string Provider { get; init; }

    public required RefundRequest Request { get; init; }

    public required RefundState State { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The provider's number of the refund.</summary>
    public string? RefundId { get; init; }

    public DateTimeOffset? SucceededAt { get; init; }

    public int QueriesDone { get; init; }

    /// <summary>When the provider is asked next; null once the refund has ended.</summary>
    public DateTimeOffset? NextQueryAt { get; init; }

    public int Version { get; init; } = 1;

    public bool IsOpen => State is RefundState.Requested or RefundState.Processing;
}
