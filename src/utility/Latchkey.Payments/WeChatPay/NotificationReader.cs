using System.Text.Json;
using Latchkey.Payments.Providers;

namespace Latchkey.Payments.WeChatPay;

/// <summary>Opens a verified notification: envelope, encrypted resource, report. Total on any input.</summary>
internal sealed class NotificationReader(WeChatPayOptions options, ApiV3Key apiKey)
{
    private const string Algorithm = "AEAD_AES_256_GCM";
    private readonly TransactionReader _reader = new(options);

    public NotificationReading Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? json = JsonFields.TryParse(body);
        if (json?.RootElement is not { } envelope) return new NotificationReading.Rejected(PaymentCodes.BodyMalformed);
        if (envelope.Text("id") is not { } id || envelope.Text("event_type") is not { } eventType || envelope.Child("resource") is not { } resource)
            return new NotificationReading.Rejected(PaymentCodes.BodyMalformed);

        if (resource.Text("algorithm") != Algorithm
            || !apiKey.TryOpen(resource.Text("nonce"), resource.Text("associated_data"), resource.Text("ciphertext"), out byte[] plaintext))
            return new NotificationReading.Rejected(PaymentCodes.ResourceUndecipherable);

        using JsonDocument? content = JsonFields.TryParse(plaintext);
        return content is null
            ? new NotificationReading.Rejected(PaymentCodes.BodyMalformed)
            : ReadContent(id, eventType, content.RootElement);
    }

    private NotificationReading ReadContent(string id, string eventType, JsonElement content)
    {
        if (eventType == "TRANSACTION.SUCCESS")
        {
            (PaymentReport? report, string? code) = _reader.ReadPayment(content);
            return report is null ? new NotificationReading.Rejected(code!) : new NotificationReading.OfPayment(id, report);
        }

        if (eventType is "REFUND.SUCCESS" or "REFUND.ABNORMAL" or "REFUND.CLOSED")
        {
            (RefundReport? report, string? code) = _reader.ReadRefund(content, withMerchant: true);
            return report is null ? new NotificationReading.Rejected(code!) : new NotificationReading.OfRefund(id, report);
        }

        return new NotificationReading.OfOtherKind(id, eventType.Length > 64 ? eventType[..64] : eventType);
    }
}
