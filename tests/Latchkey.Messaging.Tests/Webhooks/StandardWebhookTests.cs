using System.Text;
using System.Text.Json;
using CsCheck;
using Latchkey.Messaging.Webhooks;
using Latchkey.Testing;

namespace Latchkey.Messaging.Tests.Webhooks;

public sealed class StandardWebhookTests
{
    private static readonly JsonElement File = JsonVectors.Read("comms", "standard_webhooks.json");
    private static readonly JsonElement[] Vectors = [.. File.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Ids => [.. Vectors.Select(v => v.TextAt("id"))];

    [Theory, MemberData(nameof(Ids))]
    public void Verify_PublishedMessage_GivesPublishedVerdict(string id)
    {
        JsonElement v = Find(id);
        Assert.Equal(v.GetProperty("valid").GetBoolean(), Verify(v, seconds: 0) == WebhookVerdict.Genuine);
    }

    [Fact]
    public void Sign_PublishedMessage_GivesPublishedSignature()
    {
        JsonElement v = Find("sign-1");
        Assert.Equal(v.TextAt("webhook_signature"), new StandardWebhook(v.TextAt("secret")).Sign(v.TextAt("webhook_id"), TimeOf(v), Payload(v)).Signature);
    }

    [Fact]
    public void Verify_OutsideTheTolerance_IsRefused()
    {
        int tolerance = File.GetProperty("tolerance_seconds").GetInt32();
        JsonElement v = Find("sign-1");
        Assert.Equal(WebhookVerdict.Genuine, Verify(v, tolerance));
        Assert.Equal(WebhookVerdict.Genuine, Verify(v, -tolerance));
        Assert.Equal(WebhookVerdict.TimestampOutsideWindow, Verify(v, tolerance + 1));
        Assert.Equal(WebhookVerdict.TimestampOutsideWindow, Verify(v, -tolerance - 1));
    }

    [Fact]
    public void Verify_AnyHeadersAndBody_GivesAVerdict()
    {
        var webhook = new StandardWebhook(Find("sign-1").TextAt("secret"));
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Byte.Array).Sample((id, time, signature, body) =>
            webhook.Verify(new WebhookHeaders(id, time, signature), body, TimeOf(Find("sign-1"))) != WebhookVerdict.Genuine, iter: 500);
    }

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_AAAA")]
    [InlineData("not base64!")]
    public void Constructor_ShortOrStrangeSecret_IsRefused(string secret) => Assert.Throws<ArgumentException>(() => new StandardWebhook(secret));

    private static WebhookVerdict Verify(JsonElement v, int seconds) => new StandardWebhook(v.TextAt("secret")).Verify(
        new WebhookHeaders(v.TextAt("webhook_id"), v.GetProperty("webhook_timestamp").GetRawText(), v.TextAt("webhook_signature")), Payload(v), TimeOf(v).AddSeconds(seconds));

    private static JsonElement Find(string id) => Vectors.Single(v => v.TextAt("id") == id);

    private static byte[] Payload(JsonElement v) => Encoding.UTF8.GetBytes(v.TextAt("payload"));

    private static DateTimeOffset TimeOf(JsonElement v) => DateTimeOffset.FromUnixTimeSeconds(v.GetProperty("webhook_timestamp").GetInt64());
}
