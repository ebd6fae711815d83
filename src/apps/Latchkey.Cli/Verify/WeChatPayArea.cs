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
    ];

    private static string? Sign(JsonElement document, JsonElement vector)
    {
        using var credential = MerchantCredential.FromPem(
            "1900006XXX", document.Text("keys", "certificate_serial"), document.Text("keys", "merchant_private_key_pem"));
        return VectorJson.Difference("signature", vector.Text("signature"), credential.Sign(Encoding.UTF8.GetBytes(vector.Text("message"))));
    }

    private static string? RequestText(JsonElement vector) => VectorJson.Difference(
        "message",
        vector.Text("expected_message"),
        Encoding.UTF8.GetString(SignedText.OfRequest(
            vector.Text("method"), vector.Text("url"), vector.Number("timestamp"), vector.Text("nonce"), Encoding.UTF8.GetBytes(vector.Text("body")))));

    private static string? Notification(JsonElement document, JsonElement vector)
    {
        if (!PlatformKey.TryFromCertificatePem(document.Text("keys", "notify_certificate_pem"), out PlatformKey? key)) return "the certificate cannot be read";
        var clock = new StandingClock(DateTimeOffset.FromUnixTimeSeconds(vector.Number("validation_clock")));
        var verifier = new AnswerVerifier(new PlatformKeyRing([key]), TimeSpan.FromMinutes(5), clock);
        Verification verdict = verifier.Verify(SignatureFields.From(name => vector.Text("headers", name)), Encoding.UTF8.GetBytes(vector.Text("body")));
        if (verdict != Verification.Genuine) return "not genuine: " + verdict;

        using JsonDocument body = JsonDocument.Parse(vector.Text("body"));
        return Open(body.RootElement.GetProperty("resource"), vector.Text("apiv3_key"), vector.Text("plaintext"));
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
