using System.Text;
using System.Text.Json;
using Latchkey.Payments.WeChatPay;
using Latchkey.Testing;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Vectors of the official SDKs and self-made ones, through the code that runs in production.</summary>
public sealed class WeChatPayVectorTests
{
    private static readonly JsonElement Vectors = JsonVectors.Read("comms", "wechatpay_v3.json");
    private static readonly JsonElement SelfMade = Vectors.GetProperty("self_generated");

    public static TheoryData<string> Signatures => Ids("sign");

    public static TheoryData<string> RequestMessages => Ids("request_message");

    public static TheoryData<string> Sealed => Ids("aead");

    public static TheoryData<string> Notifications => Ids("notify");

    [Theory, MemberData(nameof(Signatures))]
    public void Sign_PublishedMessage_GivesPublishedSignature(string id)
    {
        JsonElement vector = Find("sign", id);
        using MerchantCredential credential = Credential("1900006XXX");
        Assert.Equal(vector.TextAt("signature"), credential.Sign(Encoding.UTF8.GetBytes(vector.TextAt("message"))));
    }

    [Theory, MemberData(nameof(RequestMessages))]
    public void OfRequest_PublishedRequest_GivesPublishedText(string id)
    {
        JsonElement v = Find("request_message", id);
        byte[] text = SignedText.OfRequest(
            v.TextAt("method"), v.TextAt("url"), v.GetProperty("timestamp").GetInt64(), v.TextAt("nonce"), Encoding.UTF8.GetBytes(v.TextAt("body")));
        Assert.Equal(v.TextAt("expected_message"), Encoding.UTF8.GetString(text));
    }

    [Theory, MemberData(nameof(RequestMessages))]
    public void Authorization_PublishedRequest_HasPublishedForm(string id)
    {
        JsonElement v = Find("request_message", id);
        using MerchantCredential credential = Credential("1230000109");
        long timestamp = v.GetProperty("timestamp").GetInt64();
        string signature = credential.Sign(Encoding.UTF8.GetBytes(v.TextAt("expected_message")));
        string expected = v.TextAt("authorization_format")
            .Replace("{mchid}", "1230000109").Replace("{nonce}", v.TextAt("nonce")).Replace("{timestamp}", $"{timestamp}")
            .Replace("{serial}", credential.CertificateSerial).Replace("{signature}", signature);
        Assert.Equal(expected, credential.Authorization(v.TextAt("method"), v.TextAt("url"), timestamp, v.TextAt("nonce"), Encoding.UTF8.GetBytes(v.TextAt("body"))));
    }

    [Fact]
    public void Authorization_OrderWithBody_CarriesTheVectorsSignature()
    {
        JsonElement v = SelfMade.GetProperty("jsapi_request");
        using MerchantCredential credential = Credential("1900006XXX");
        string authorization = credential.Authorization(
            v.TextAt("method"), v.TextAt("url"), long.Parse(v.TextAt("timestamp")), v.TextAt("nonce"), Encoding.UTF8.GetBytes(v.TextAt("body")));
        Assert.EndsWith($"signature=\"{v.TextAt("signature")}\"", authorization);
    }

    [Fact]
    public void PhoneInvocation_OfTheVector_HasItsPaySign()
    {
        JsonElement v = SelfMade.GetProperty("jsapi_invoke");
        using MerchantCredential credential = Credential("1900006XXX");
        var invocation = PhoneInvocations.Sign(
            credential, v.TextAt("appId"), v.TextAt("timeStamp"), v.TextAt("nonceStr"), v.TextAt("package")["prepay_id=".Length..]);
        Assert.Equal((v.TextAt("package"), v.TextAt("signType"), v.TextAt("paySign")), (invocation.Package, invocation.SignType, invocation.PaySign));
    }

    [Theory, MemberData(nameof(Sealed))]
    public void TryOpen_PublishedResource_GivesPublishedText(string id)
    {
        JsonElement v = Find("aead", id);
        using ApiV3Key key = ApiV3Key.FromText(v.TextAt("key"));
        Assert.True(key.TryOpen(v.TextAt("nonce"), v.TextAt("associated_data"), v.TextAt("ciphertext"), out byte[] plaintext));
        Assert.Equal(v.TextAt("plaintext"), Encoding.UTF8.GetString(plaintext));
    }

    [Theory, MemberData(nameof(Notifications))]
    public void Verify_PublishedNotification_IsGenuineByItsCertificate(string id)
    {
        JsonElement v = Find("notify", id);
        Assert.True(PlatformKey.TryFromCertificatePem(Vectors.TextAt("keys", "notify_certificate_pem"), out PlatformKey? key));
        Assert.Equal(Vectors.TextAt("keys", "notify_certificate_serial"), key!.Id);
        var clock = new ManualClock(DateTimeOffset.FromUnixTimeSeconds(v.GetProperty("validation_clock").GetInt64()));
        Assert.Equal(Verification.Genuine, Verify(v, key, clock));
    }

    [Theory, MemberData(nameof(Notifications))]
    public void TryOpen_PublishedNotification_GivesPublishedText(string id)
    {
        JsonElement v = Find("notify", id);
        using JsonDocument body = JsonDocument.Parse(v.TextAt("body"));
        JsonElement resource = body.RootElement.GetProperty("resource");

        // The published key has 16 bytes, which no merchant's key has: the cipher takes it, ApiV3Key does not.
        byte[] key = Encoding.ASCII.GetBytes(v.TextAt("apiv3_key"));
        Assert.True(ResourceCipher.TryOpen(key, resource.TextAt("nonce"), resource.TextAt("associated_data"), resource.TextAt("ciphertext"), out byte[] plaintext));
        Assert.Equal(v.TextAt("plaintext"), Encoding.UTF8.GetString(plaintext));
        Assert.Throws<ArgumentException>(() => ApiV3Key.FromText(v.TextAt("apiv3_key")));
    }

    [Fact]
    public void Verify_SelfMadeNotification_IsGenuineUntilTheWindowCloses()
    {
        JsonElement v = SelfMade.GetProperty("notify_success");
        Assert.True(PlatformKey.TryFromCertificatePem(Vectors.TextAt("keys", "certificate_pem"), out PlatformKey? key));
        Assert.Equal(Vectors.TextAt("keys", "certificate_serial"), key!.Id);
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(v.TextAt("headers", "Wechatpay-Timestamp")));
        Assert.Equal(Verification.Genuine, Verify(v, key, new ManualClock(signedAt.AddSeconds(299))));
        Assert.Equal(Verification.Genuine, Verify(v, key, new ManualClock(signedAt.AddSeconds(-299))));
        Assert.Equal(Verification.TimestampOutsideWindow, Verify(v, key, new ManualClock(signedAt.AddSeconds(300))));
        Assert.Equal(Verification.TimestampOutsideWindow, Verify(v, key, new ManualClock(signedAt.AddSeconds(-300))));
    }

    [Fact]
    public void Verify_InPublicKeyMode_AsksForTheNamedKey()
    {
        string pem = Vectors.TextAt("keys", "public_key_pem");
        Assert.False(PlatformKey.TryFromPublicKeyPem("F5765756002FDD77", pem, out _));
        Assert.True(PlatformKey.TryFromPublicKeyPem("PUB_KEY_ID_0001", pem, out PlatformKey? key));
        JsonElement v = SelfMade.GetProperty("notify_success");
        SignatureFields named = Fields(v) with { Serial = "PUB_KEY_ID_0001" };
        var clock = new ManualClock(DateTimeOffset.FromUnixTimeSeconds(long.Parse(named.Timestamp)));
        var verifier = new AnswerVerifier(new PlatformKeyRing([key!]), TimeSpan.FromMinutes(5), clock);
        Assert.Equal(Verification.Genuine, verifier.Verify(named, Encoding.UTF8.GetBytes(v.TextAt("body"))));
        Assert.Equal(Verification.SerialUnknown, verifier.Verify(Fields(v), Encoding.UTF8.GetBytes(v.TextAt("body"))));
    }

    internal static MerchantCredential Credential(string merchantId) =>
        MerchantCredential.FromPem(merchantId, Vectors.TextAt("keys", "certificate_serial"), Vectors.TextAt("keys", "merchant_private_key_pem"));

    internal static (SignatureFields Fields, byte[] Body, PlatformKey Key) GenuineNotification()
    {
        JsonElement v = SelfMade.GetProperty("notify_success");
        PlatformKey.TryFromCertificatePem(Vectors.TextAt("keys", "certificate_pem"), out PlatformKey? key);
        return (Fields(v), Encoding.UTF8.GetBytes(v.TextAt("body")), key!);
    }

    private static Verification Verify(JsonElement v, PlatformKey key, ManualClock clock) =>
        new AnswerVerifier(new PlatformKeyRing([key]), TimeSpan.FromMinutes(5), clock).Verify(Fields(v), Encoding.UTF8.GetBytes(v.TextAt("body")));

    private static SignatureFields Fields(JsonElement vector) => SignatureFields.From(name => vector.TextAt("headers", name));

    private static TheoryData<string> Ids(string group) => [.. Vectors.GetProperty(group).EnumerateArray().Select(v => v.TextAt("id"))];

    private static JsonElement Find(string group, string id) => Vectors.GetProperty(group).EnumerateArray().Single(v => v.TextAt("id") == id);
}
