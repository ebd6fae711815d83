using Latchkey.Payments.Intents;

namespace Latchkey.Payments.Refunds;

/// <summary>What may be refunded. Pure; the store calls it inside its transaction, where no other refund can slip in between.</summary>
public static class RefundRules
{
    /// <summary>Refunds of one payment. Source: WeChat Pay APIv3, domestic refunds.</summary>
    public const int MaxRefunds = 50;

    /// <summary>After the payment. Source: WeChat Pay APIv3, domestic refunds: within one year.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromDays(365);

    /// <summary>The first rule the request breaks, as a stable code, or null. Closed refunds reserve nothing.</summary>
    public static string? FindFault(Payment payment, IReadOnlyCollection<Refund> earlier, RefundRequest request, DateTimeOffset now)
    {
        if (payment.State != PaymentState.Paid || payment.PaidAt is not { } paidAt) return PaymentCodes.NotPaid;
        if (request.Amount.Currency != payment.Intent.Amount.Currency) return PaymentCodes.CurrencyMismatch;
        if (request.Amount.MinorUnits == 0) return PaymentCodes.AmountZero;
        if (!request.Amount.IsPositive) return PaymentCodes.AmountNegative;
        if (request.Reason.Length is 0 or > RefundRequest.MaxReasonLength) return PaymentCodes.DescriptionLength;
        if (earlier.Count >= MaxRefunds) return PaymentCodes.RefundTooMany;
        if (now - paidAt > Deadline) return PaymentCodes.RefundTooLate;

        Int128 reserved = earlier.Where(r => r.State != RefundState.Closed)
            .Aggregate(Int128.Zero, (sum, r) => sum + r.Request.Amount.MinorUnits);
        return reserved + request.Amount.MinorUnits > payment.Intent.Amount.MinorUnits ? PaymentCodes.RefundTooHigh : null;
    }
}
