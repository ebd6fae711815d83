using System.Net;
using System.Text;
using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Somebody sits on the wire between the merchant and WeChat Pay.</summary>
public sealed class WeChatPayWireTests(WeChatPayTrial trial) : IClassFixture<WeChatPayTrial>
{
    [Fact]
    public async Task Order_AnswerUntouched_IsPlaced() => Assert.IsType<OrderOutcome.Placed>(await PlaceAsync(answer => answer));

    [Fact]
    public async Task Order_AnswerChangedOnTheWay_IsNotBelieved() =>
        await UnavailableAsync(PaymentCodes.AnswerNotVerified, answer => WithBody(answer, body => body.Replace("wx", "wy")));

    [Theory]
    [InlineData("Wechatpay-Signature")]
    [InlineData("Wechatpay-Timestamp")]
    [InlineData("Wechatpay-Nonce")]
    [InlineData("Wechatpay-Serial")]
    public async Task Order_AnswerWithoutASignatureField_IsNotBelieved(string field) => await UnavailableAsync(PaymentCodes.AnswerNotVerified, answer =>
    {
        answer.Headers.Remove(field);
        return answer;
    });

    [Fact]
    public async Task Order_AnswerTooLong_IsNotHeld() => await UnavailableAsync(PaymentCodes.BodyTooLong, answer =>
    {
        answer.Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]);
        return answer;
    });

    [Fact]
    public async Task Order_AnErrorPageOfSomeProxy_IsTriedLater() => await UnavailableAsync(
        PaymentCodes.ProviderBusy, _ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("<html>no</html>") });

    [Fact]
    public async Task Order_AnOldAnswerPlayedBack_IsNotBelieved()
    {
        PaymentIntent intent = trial.NewIntent();
        Func<HttpResponseMessage>? kept = null;
        using WeChatPayProvider provider = NewProvider(answer => IsCertificates(answer) ? answer : (kept ??= Recording(answer))());
        Assert.IsType<OrderOutcome.Placed>(await provider.CreateIntentAsync(intent, default));
        trial.Clock.Advance(TimeSpan.FromMinutes(5));
        var outcome = Assert.IsType<OrderOutcome.Unavailable>(await provider.CreateIntentAsync(intent, default));
        Assert.Equal(PaymentCodes.AnswerNotVerified, outcome.Code);
    }

    [Fact]
    public async Task Query_AnswerAboutAnotherOrder_IsRejected()
    {
        PaymentIntent asked = await trial.PlacedAsync(), other = await trial.PlacedAsync();
        using WeChatPayProvider provider = NewProvider(answer => answer, address => new Uri(address.AbsoluteUri.Replace(asked.OutTradeNo.Value, other.OutTradeNo.Value)));

        // The request is signed for another address, so the service refuses it; were it to answer, the number would not fit.
        Assert.Equal(PaymentCodes.ProviderConfiguration, Assert.IsType<QueryOutcome.Unavailable>(await provider.QueryAsync(asked, default)).Code);
    }

    [Fact]
    public async Task Notification_WithUnknownSerialsAllTheTime_AsksForCertificatesOnceAMinute()
    {
        int downloads = 0;
        using WeChatPayProvider provider = NewProvider(answer => answer, address =>
        {
            if (address.AbsolutePath.EndsWith("/v3/certificates", StringComparison.Ordinal)) downloads++;
            return address;
        });
        for (int i = 0; i < 50; i++)
        {
            await provider.ReadNotificationAsync(Forged(), default);
            trial.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(2, downloads); // 100 seconds
    }

    private NotificationRequest Forged() => new(
        [
            KeyValuePair.Create("Wechatpay-Timestamp", $"{trial.Clock.GetUtcNow().ToUnixTimeSeconds()}"), KeyValuePair.Create("Wechatpay-Nonce", "n"),
            KeyValuePair.Create("Wechatpay-Serial", "ABCD"), KeyValuePair.Create("Wechatpay-Signature", "AAAA"),
        ],
        Encoding.UTF8.GetBytes("{}"));

    private async Task<OrderOutcome> PlaceAsync(Func<HttpResponseMessage, HttpResponseMessage> onAnswer)
    {
        using WeChatPayProvider provider = NewProvider(onAnswer);
        return await provider.CreateIntentAsync(trial.NewIntent(), default);
    }

    private async Task UnavailableAsync(string code, Func<HttpResponseMessage, HttpResponseMessage> onAnswer) =>
        Assert.Equal(code, Assert.IsType<OrderOutcome.Unavailable>(await PlaceAsync(onAnswer)).Code);

    private WeChatPayProvider NewProvider(Func<HttpResponseMessage, HttpResponseMessage> onAnswer, Func<Uri, Uri>? onAddress = null) =>
        trial.NewProvider(trial.Options, new PlatformKeyRing([]), new HttpClient(new Wire(onAnswer, onAddress ?? (address => address))));

    private static bool IsCertificates(HttpResponseMessage answer) =>
        answer.RequestMessage!.RequestUri!.AbsolutePath.EndsWith("/v3/certificates", StringComparison.Ordinal);

    private static Func<HttpResponseMessage> Recording(HttpResponseMessage answer)
    {
        using var body = new MemoryStream();
        answer.Content.ReadAsStream().CopyTo(body);
        return () =>
        {
            var copy = new HttpResponseMessage(answer.StatusCode) { Content = new ByteArrayContent(body.ToArray()) };
            foreach ((string name, IEnumerable<string> values) in answer.Headers) copy.Headers.TryAddWithoutValidation(name, values);
            return copy;
        };
    }

    private static HttpResponseMessage WithBody(HttpResponseMessage answer, Func<string, string> change)
    {
        if (IsCertificates(answer)) return answer;
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        answer.Content = new StringContent(change(reader.ReadToEnd()));
        return answer;
    }

    private sealed class Wire(Func<HttpResponseMessage, HttpResponseMessage> onAnswer, Func<Uri, Uri> onAddress) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = onAddress(request.RequestUri!);
            return onAnswer(await base.SendAsync(request, cancellationToken));
        }
    }
}
