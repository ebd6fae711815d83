namespace Latchkey.Payments;

/// <summary>The stable codes this room answers with. They go into problem details, logs and screens, and never change their meaning.</summary>
public static class PaymentCodes
{
    public const string TradeNumberMalformed = "trade-number-malformed";
    public const string AmountZero = "amount-zero";
    public const string AmountNegative = "amount-negative";
    public const string DescriptionLength = "payment-description-length";
    public const string PayerMissing = "payer-missing";
    public const string ExpiryPassed = "payment-expiry-passed";
    public const string IdReused = "payment-id-reused";
    public const string MethodNotOffered = "payment-method-not-offered";
    public const string PaymentUnknown = "payment-unknown";

    public const string SignatureMissing = "signature-missing";
    public const string SignatureProbe = "signature-probe";
    public const string TimestampOutsideWindow = "timestamp-outside-window";
    public const string SerialUnknown = "serial-unknown";
    public const string SignatureInvalid = "signature-invalid";
    public const string BodyMalformed = "body-malformed";
    public const string BodyTooLong = "body-too-long";
    public const string ResourceUndecipherable = "resource-undecipherable";

    public const string MerchantMismatch = "merchant-mismatch";
    public const string AppMismatch = "app-mismatch";
    public const string AmountMismatch = "amount-mismatch";
    public const string CurrencyMismatch = "currency-mismatch";
    public const string TransactionMissing = "transaction-missing";
    public const string TransactionIdUsed = "transaction-id-used";
    public const string TransactionDiffers = "transaction-differs";
    public const string RefundedOutside = "refunded-outside";

    public const string RefundIdReused = "refund-id-reused";
    public const string RefundTooHigh = "refund-too-high";
    public const string RefundTooMany = "refund-too-many";
    public const string RefundTooLate = "refund-too-late";
    public const string RefundUnknown = "refund-unknown";
    public const string NotPaid = "payment-not-paid";

    public const string ProviderUnreachable = "provider-unreachable";
    public const string AnswerNotVerified = "provider-answer-not-verified";
    public const string AnswerMalformed = "provider-answer-malformed";
    public const string ProviderBusy = "provider-busy";
    public const string ProviderRefused = "provider-refused";
    public const string ProviderConfiguration = "provider-configuration";
    public const string OrderNotFound = "provider-order-not-found";
    public const string OrderClosed = "provider-order-closed";
    public const string OrderPaid = "provider-order-paid";
    public const string TradeNumberUsed = "provider-trade-number-used";
    public const string PayerRefused = "provider-payer-refused";
    public const string FundsShort = "provider-funds-short";
    public const string PaymentError = "provider-payment-error";
}
