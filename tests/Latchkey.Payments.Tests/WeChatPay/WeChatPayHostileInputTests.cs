using System.Text;
using CsCheck;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;
using Latchkey.Testing;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Whatever comes from outside: an answer, never an exception; and nothing but the genuine bytes is genuine.</summary>
public sealed class WeChatPayHostileInputTests
{
    private static readonly (SignatureFields Fields, byte[] Body, PlatformKey Key) Genuine = WeChatPayVectorTests.GenuineNotification();
    private static readonly ManualClock Clock = new(DateTimeOffset.FromUnixTimeSeconds(long.Parse(Genuine.Fields.Timestamp)));
    private static readonly AnswerVerifier Verifier = new(new PlatformKeyRing([Genuine.Key]), TimeSpan.FromMinutes(5), Clock);
    private static readonly ApiV3Key Key = ApiV3Key.FromText("0123456789abcdef0123456789ABCDEF");

    [Fact]
    public void Verify_AnyByteOfTheBodyChanged_IsNotGenuine()
    {
        for (int i = 0; i < Genuine.Body.Length; i += 7)
        {
            byte[] changed = [.. Genuine.Body];
            changed[i] ^= 1;
            Assert.Equal(Verification.SignatureInvalid, Verifier.Verify(Genuine.Fields, changed));
        }

        Assert.Equal(Verification.Genuine, Verifier.Verify(Genuine.Fields, Genuine.Body));
    }

    [Fact]
    public void Verify_AnyFields_GivesAVerdict() =>
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.String, Gen.Byte.Array).Sample((t, n, s, g, body) =>
            Verifier.Verify(new SignatureFields(t, n, s, g), body) != Verification.Genuine, iter: 500);

    [Fact]
    public void Verify_GenuineFieldsWithAnyOneReplaced_IsNotGenuine() =>
        Gen.Select(Gen.Int[0, 3], Gen.String).Sample((which, text) =>
        {
            SignatureFields f = Genuine.Fields;
            SignatureFields changed = which switch
            {
                0 => f with { Timestamp = text },
                1 => f with { Nonce = text },
                2 => f with { Serial = text },
                _ => f with { Signature = text },
            };
            return changed == f || Verifier.Verify(changed, Genuine.Body) != Verification.Genuine;
        }, iter: 500);

    [Fact]
    public void ReadNotification_AnyBytesThatVerify_GivesAReading()
    {
        var reader = new NotificationReader(Options, Key);
        Gen.Byte.Array[0, 400].Sample(body => reader.Read(body) is NotificationReading.Rejected, iter: 500);
    }

    [Fact]
    public void ReadNotification_EveryPrefix_IsRejectedAndTheWholeIsRead()
    {
        var reader = new NotificationReader(Options, Key);
        for (int length = 0; length < Genuine.Body.Length; length++)
            Assert.IsType<NotificationReading.Rejected>(reader.Read(Genuine.Body.AsMemory(0, length)));
        var read = Assert.IsType<NotificationReading.OfPayment>(reader.Read(Genuine.Body));
        Assert.Equal("4200002025112200000000000001", read.Report.TransactionId);
    }

    [Fact]
    public void ReadNotification_JsonOfAnyShape_GivesAReading()
    {
        var reader = new NotificationReader(Options, Key);
        string[] shapes = ["null", "[]", "\"x\"", "1", "{}", """{"id":1,"event_type":[],"resource":"x"}""",
            """{"id":"a","id":"b","event_type":"X","resource":{}}""",
            """{"id":"a","event_type":"TRANSACTION.SUCCESS","resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"\ud800","ciphertext":"AA==","associated_data":null}}""",
            """{"id":"a","event_type":"TRANSACTION.SUCCESS","resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"123456789012","ciphertext":"*"}}""",
            new string('[', 5000)];
        Assert.All(shapes, shape => Assert.IsType<NotificationReading.Rejected>(reader.Read(Encoding.UTF8.GetBytes(shape))));
    }

    [Fact]
    public void TryOpen_AnyTexts_NeverThrows() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((nonce, data, text) => !Key.TryOpen(nonce, data, text, out _), iter: 500);

    [Fact]
    public async Task ReadNotification_BodyOverTheLimit_IsRefusedUnread()
    {
        using var http = new HttpClient();
        using MerchantCredential credential = WeChatPayVectorTests.Credential(Options.MerchantId);
        using var provider = new WeChatPayProvider(http, Options, credential, Key, new PlatformKeyRing([Genuine.Key]), Clock);
        var request = new NotificationRequest([], new byte[NotificationRequest.MaxBodyBytes + 1]);
        var rejected = Assert.IsType<NotificationReading.Rejected>(await provider.ReadNotificationAsync(request, default));
        Assert.Equal(PaymentCodes.BodyTooLong, rejected.Code);
    }

    [Fact]
    public void PlatformKeys_FromAnyText_AreRefusedQuietly() =>
        Gen.String.Sample(text => !PlatformKey.TryFromCertificatePem(text, out _) && !PlatformKey.TryFromPublicKeyPem("PUB_KEY_ID_1", text, out _), iter: 300);

    private static WeChatPayOptions Options => new()
    {
        MerchantId = "1900006XXX",
        AppId = "wxd678efh567hg6787",
        NotifyAddress = new Uri("https://example.org/pay/wechat/notify"),
    };
}
