using System.Globalization;
using System.Text;
using System.Text.Json;
using Latchkey.Payments.WeChatPay;

namespace Latchkey.Cli.Verify;

/// <summary>WeChat Pay APIv3: signing, the signed text, verification of notifications, opening of resources.</summary>
internal sealed class WeChatPayArea : IVectorArea
{
    public string Name => "wechat pay";

    public bool Recognises(string fileName, JsonElement document) => document.Has("keys", "notify", "aead");

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) =>
    [
        .. document.Items("sign").Select(v => VectorJson.Judge(v.Text("id"), () => Sign(document, v))),
        .. document.Items("request_message").Select(v => VectorJson.Judge(v.Text("id"), () => RequestText(v))),
        .. document.Items("notify").Select(v => VectorJson.Judge(v.Text("id"), () => Notification(document, v))),
        .. document.Items("aead").Select(v => VectorJson.Judge(v.Text("id"), () => Resource(v))),
        .. document.TryGetProperty("self_generated", out JsonElement own) ? OwnVectors(document, own) : [],
    ];

    private static IEnumerable<VectorOutcome> OwnVectors(JsonElement document, JsonElement own)
    {
        if (own.Has("jsapi_request")) yield return VectorJson.Judge("jsapi_request", () => Order(document, own.GetProperty("jsapi_request")));
        if (own.Has("jsapi_invoke")) yield return VectorJson.Judge("jsapi_invoke", () => Invocation(document, own.GetProperty("jsapi_invoke")));
        if (own.Has("notify_success")) yield return VectorJson.Judge("notify_success", () => OwnNotification(document, own));
    }

    private static string? Order(JsonElement document, JsonElement vector)
    {
        byte[] text = SignedText.OfRequest(
            vector.Text("method"), vector.Text("url"), long.Parse(vector.Text("timestamp"), CultureInfo.InvariantCulture), vector.Text("nonce"),
            Encoding.UTF8.GetBytes(vector.Text("body")));
        using MerchantCredential credential = Credential(document);
        return VectorJson.Difference("message", vector.Text("message"), Encoding.UTF8.GetString(text))
            ?? VectorJson.Difference("signature", vector.Text("signature"), credential.Sign(text));
    }

    private static string? Invocation(JsonElement document, JsonElement vector)
    {
        using MerchantCredential credential = Credential(document);
        string prepayId = vector.Text("package").Replace("prepay_id=", string.Empty, StringComparison.Ordinal);
        var signed = PhoneInvocations.Sign(credential, vector.Text("appId"), vector.Text("timeStamp"), vector.Text("nonceStr"), prepayId);
        return VectorJson.Difference("package", vector.Text("package"), signed.Package)
            ?? VectorJson.Difference("paySign", vector.Text("paySign"), signed.PaySign);
    }

    private static string? OwnNotification(JsonElement document, JsonElement own)
    {
        JsonElement vector = own.GetProperty("notify_success");
        long clock = long.Parse(vector.Text("headers", "Wechatpay-Timestamp"), CultureInfo.InvariantCulture);
        return Notification(vector, document.Text("keys", "certificate_pem"), clock, own.Text("apiv3_key"));
    }

    private static MerchantCredential Credential(JsonElement document) => MerchantCredential.FromPem(
        "1900006XXX", document.Text("keys", "certificate_serial"), document.Text("keys", "merchant_private_key_pem"));

    private static string? Sign(JsonElement document, JsonElement vector)
    {
        using MerchantCredential credential = Credential(document);
        return VectorJson.Difference("signature", vector.Text("signature"), credential.Sign(Encoding.UTF8.GetBytes(vector.Text("message"))));
    }

    private static string? RequestText(JsonElement vector) => VectorJson.Difference(
        "message",
        vector.Text("expected_message"),
        Encoding.UTF8.GetString(SignedText.OfRequest(
            vector.Text("method"), vector.Text("url"), vector.Number("timestamp"), vector.Text("nonce"), Encoding.UTF8.GetBytes(vector.Text("body")))));

    private static string? Notification(JsonElement document, JsonElement vector) => Notification(
        vector, document.Text("keys", "notify_certificate_pem"), vector.Number("validation_clock"), vector.Text("apiv3_key"));

    private static string? Notification(JsonElement vector, string certificatePem, long clockSeconds, string apiV3Key)
    {
        if (!PlatformKey.TryFromCertificatePem(certificatePem, out PlatformKey? key)) return "the certificate cannot be read";
        var clock = new StandingClock(DateTimeOffset.FromUnixTimeSeconds(clockSeconds));
        var verifier = new AnswerVerifier(new PlatformKeyRing([key!]), TimeSpan.FromMinutes(5), clock);
        Verification verdict = verifier.Verify(SignatureFields.From(name => vector.Text("headers", name)), Encoding.UTF8.GetBytes(vector.Text("body")));
        if (verdict != Verification.Genuine) return "not genuine: " + verdict;

        using JsonDocument body = JsonDocument.Parse(vector.Text("body"));
        return Open(body.RootElement.GetProperty("resource"), apiV3Key, vector.Text("plaintext"));
    }

    private static string? Resource(JsonElement vector) => Open(vector, vector.Text("key"), vector.Text("plaintext"));

    private static string? Open(JsonElement sealedPart, string key, string plaintext) =>
        ResourceCipher.TryOpen(
            Encoding.ASCII.GetBytes(key), sealedPart.Text("nonce"), sealedPart.Text("associated_data"), sealedPart.Text("ciphertext"), out byte[] opened)
            ? VectorJson.Difference("plaintext", plaintext, Encoding.UTF8.GetString(opened))
            : "the resource does not open";

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
