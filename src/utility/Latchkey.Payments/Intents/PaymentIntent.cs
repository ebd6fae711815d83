using Latchkey.Quantities;

namespace Latchkey.Payments.Intents;

/// <summary>What is to be paid, by whom and until when. Never changes once a payment was started with it.</summary>
/// <param name="OutTradeNo">The number made by the caller; the same number again is the same payment.</param>
/// <param name="Amount">What is asked, above zero.</param>
/// <param name="Method">How the payer is asked.</param>
/// <param name="Payer">The payer at the provider: a WeChat openid, a phone number; null where anyone may pay (QR).</param>
/// <param name="Description">What the payer reads, at most 127 characters.</param>
/// <param name="ExpiresAt">After this the order is closed at the provider.</param>
public sealed record PaymentIntent(
    OutTradeNo OutTradeNo,
    Money Amount,
    PaymentMethod Method,
    string? Payer,
    string Description,
    DateTimeOffset ExpiresAt)
{
    public const int MaxDescriptionLength = 127;

    /// <summary>The first rule this intent breaks, as a stable code, or null when it may be started.</summary>
    public string? FindFault(DateTimeOffset now)
    {
        if (OutTradeNo.Value.Length == 0) return PaymentCodes.TradeNumberMalformed;
        if (Amount.MinorUnits == 0) return PaymentCodes.AmountZero;
        if (!Amount.IsPositive) return PaymentCodes.AmountNegative;
        if (Description.Length is 0 or > MaxDescriptionLength) return PaymentCodes.DescriptionLength;
        if (Method != PaymentMethod.Native && string.IsNullOrEmpty(Payer)) return PaymentCodes.PayerMissing;
        return ExpiresAt <= now ? PaymentCodes.ExpiryPassed : null;
    }

    /// <summary>Same in everything that decides about money. Wording and deadline may differ in a retry.</summary>
    public bool AsksTheSameAs(PaymentIntent other) =>
        OutTradeNo == other.OutTradeNo && Amount == other.Amount && Method == other.Method
        && string.Equals(Payer, other.Payer, StringComparison.Ordinal);

    /// <summary>Leaves the payer out: an openid or a phone number belongs in no log.</summary>
    public override string ToString() => $"{OutTradeNo} {Amount}";
}
