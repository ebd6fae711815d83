using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.WeChatPay;

/// <summary>The bodies we send. What is signed is these bytes, so they are written once and sent as they are.</summary>
internal static class RequestBodies
{
    // Chinese in descriptions stays readable in the provider's tools; the body is never put into a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Order(WeChatPayOptions options, PaymentIntent intent) => Write(json =>
    {
        json.WriteString("appid", options.AppId);
        json.WriteString("mchid", options.MerchantId);
        json.WriteString("description", intent.Description);
        json.WriteString("out_trade_no", intent.OutTradeNo.Value);
        json.WriteString("time_expire", intent.ExpiresAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture));
        json.WriteString("notify_url", options.NotifyAddress.AbsoluteUri);
        json.WriteStartObject("amount");
        json.WriteNumber("total", intent.Amount.MinorUnits);
        json.WriteString("currency", intent.Amount.Currency.Code);
        json.WriteEndObject();
        if (intent.Method != PaymentMethod.Jsapi) return;
        json.WriteStartObject("payer");
        json.WriteString("openid", intent.Payer);
        json.WriteEndObject();
    });

    public static byte[] Close(WeChatPayOptions options) => Write(json => json.WriteString("mchid", options.MerchantId));

    public static byte[] Refund(WeChatPayOptions options, Payment payment, RefundRequest request) => Write(json =>
    {
        json.WriteString("out_trade_no", request.OutTradeNo.Value);
        json.WriteString("out_refund_no", request.OutRefundNo.Value);
        json.WriteString("reason", request.Reason);
        if (options.RefundNotifyAddress is { } address) json.WriteString("notify_url", address.AbsoluteUri);
        json.WriteStartObject("amount");
        json.WriteNumber("refund", request.Amount.MinorUnits);
        json.WriteNumber("total", payment.Intent.Amount.MinorUnits);
        json.WriteString("currency", request.Amount.Currency.Code);
        json.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
