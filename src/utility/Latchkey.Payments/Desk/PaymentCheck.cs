using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;

namespace Latchkey.Payments.Desk;

/// <summary>Does this statement pay this payment? The last look before Paid. Pure.</summary>
public static class PaymentCheck
{
    /// <summary>The first difference, as a stable code, or null when everything fits.</summary>
    public static string? FindMismatch(Payment payment, PaymentReport report)
    {
        if (report.OutTradeNo != payment.Intent.OutTradeNo) return PaymentCodes.PaymentUnknown;
        if (string.IsNullOrEmpty(report.TransactionId)) return PaymentCodes.TransactionMissing;
        if (report.Amount is not { } amount) return PaymentCodes.AmountMismatch;
        if (amount.Currency != payment.Intent.Amount.Currency) return PaymentCodes.CurrencyMismatch;
        if (amount != payment.Intent.Amount) return PaymentCodes.AmountMismatch;

        bool otherTransaction = payment.TransactionId is { } known && known != report.TransactionId;
        return otherTransaction ? PaymentCodes.TransactionDiffers : null;
    }
}
