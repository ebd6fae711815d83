using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Emulators.WeChatPay;
using Latchkey.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Latchkey.Emulators.Tests;

/// <summary>The emulator must refuse what the real service refuses; a soft one would hide the client's faults.</summary>
public sealed class WeChatPayEmulatorTests(WeChatPayEmulatorTests.Shared shared) : IClassFixture<WeChatPayEmulatorTests.Shared>
{
    private const string Orders = "v3/pay/transactions/native";
    private readonly ManualClock _clock = shared.Clock;
    private readonly HttpClient _http = shared.Http;
    private readonly WeChatPayEmulator _emulator = shared.Emulator;
    private readonly string _number = shared.NextNumber();

    [Fact]
    public async Task Request_WellSigned_IsTakenAndTheAnswerIsSignedByThePlatform()
    {
        HttpResponseMessage answer = await SendAsync(Order(_number));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        string body = await answer.Content.ReadAsStringAsync();
        string text = $"{Header(answer, "Wechatpay-Timestamp")}\n{Header(answer, "Wechatpay-Nonce")}\n{body}\n";
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(_emulator.PlatformCertificatePem);
        Assert.True(System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate)!.VerifyData(
            Encoding.UTF8.GetBytes(text), Convert.FromBase64String(Header(answer, "Wechatpay-Signature")), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Request_Unsigned_IsRefused() =>
        Assert.Equal("SIGN_ERROR", await CodeAsync(await _http.PostAsync(At(Orders), Json(Order(_number)))));

    [Fact]
    public async Task Request_SignedForAnotherBody_IsRefused() =>
        Assert.Equal("SIGN_ERROR", await CodeAsync(await SendAsync(Order(_number), signedBody: Order(_number).Replace("5000", "1"))));

    [Fact]
    public async Task Request_SignedSixMinutesAgo_IsRefused() =>
        Assert.Equal("SIGN_ERROR", await CodeAsync(await SendAsync(Order(_number), secondsAgo: 360)));

    [Theory]
    [InlineData("\"total\":5000", "\"total\":0", "PARAM_ERROR")]
    [InlineData("\"total\":5000", "\"total\":\"5000\"", "PARAM_ERROR")]
    [InlineData("CNY", "KES", "PARAM_ERROR")]
    [InlineData("LK0", "x!", "PARAM_ERROR")]
    [InlineData("http://127.0.0.1", "ftp://127.0.0.1", "PARAM_ERROR")]
    [InlineData("/notify", "/notify?a=1", "PARAM_ERROR")]
    [InlineData("1900006511", "1900006512", "APPID_MCHID_NOT_MATCH")]
    [InlineData("{", "[", "PARAM_ERROR")]
    [InlineData("\"amount\"", "\"mchid\":\"1900006511\",\"amount\"", "PARAM_ERROR")]
    [InlineData("Electricity", "\\ud800", "PARAM_ERROR")]
    public async Task Order_ThatIsWrong_IsRefused(string part, string wrong, string code) =>
        Assert.Equal(code, await CodeAsync(await SendAsync(Order(_number).Replace(part, wrong))));

    [Fact]
    public async Task Order_SameNumberOtherAmount_IsUsed()
    {
        await SendAsync(Order(_number));
        Assert.Equal("OUT_TRADE_NO_USED", await CodeAsync(await SendAsync(Order(_number).Replace("5000", "5001"))));
    }

    [Fact]
    public async Task Pay_ByThePage_ShowsTheAmountThenThatItIsPaid()
    {
        await SendAsync(Order(_number));
        string page = await _http.GetStringAsync(At(WeChatPayEmulator.PhonePage(_number) + "?lang=zh&back=/rooms/7"));
        Assert.Contains("¥50.00", page);
        Assert.Contains("确认支付", page);
        Assert.Contains("href=\"/rooms/7\"", page);

        using var press = new HttpRequestMessage(HttpMethod.Post, At($"_emulator/pay/{_number}?lang=zh&back=/rooms/7"));
        press.Headers.Add("Accept", "text/html");
        HttpResponseMessage pressed = await _http.SendAsync(press);
        Assert.Equal(HttpStatusCode.SeeOther, pressed.StatusCode);
        string after = await _http.GetStringAsync(new Uri(press.RequestUri!, pressed.Headers.Location!));
        Assert.Contains("支付成功", after);
        Assert.DoesNotContain("<button", after);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Page_WithAWayBackToElsewhere_LeavesItOut(string back)
    {
        await SendAsync(Order(_number));
        string page = await _http.GetStringAsync(At(WeChatPayEmulator.PhonePage(_number) + "?back=" + Uri.EscapeDataString(back)));
        Assert.DoesNotContain("elsewhere", page);
        Assert.DoesNotContain("javascript", page);
    }

    [Fact]
    public async Task Page_OfADescriptionWithMarkup_EncodesIt()
    {
        await SendAsync(Order(_number).Replace("Electricity", "<script>"));
        Assert.DoesNotContain("<script>", await _http.GetStringAsync(At(WeChatPayEmulator.PhonePage(_number))));
    }

    [Fact]
    public async Task Pay_ASecondTime_IsAConflict()
    {
        await SendAsync(Order(_number));
        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync(At($"_emulator/pay/{_number}"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _http.PostAsync(At($"_emulator/pay/{_number}"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _http.PostAsync(At("_emulator/pay/NOBODY"), null)).StatusCode);
    }

    [Fact]
    public async Task Notification_NobodyAnswers_IsRepeatedOnThePublishedScheduleAndGivenUp()
    {
        var clock = new ManualClock();
        await using WeChatPayEmulator emulator = await WeChatPayEmulator.StartAsync(new WeChatPayEmulatorOptions { AutoDeliver = false }, clock, default);
        (await _http.SendAsync(Signed(emulator, clock, Order(_number), new Uri(emulator.BaseAddress, Orders), Order(_number), 0))).EnsureSuccessStatusCode();
        emulator.Confirm(_number);
        DateTimeOffset start = clock.GetUtcNow();
        for (int i = 0; i < 26 * 60 * 4; i++)
        {
            await emulator.DeliverDueAsync(default);
            clock.Advance(TimeSpan.FromSeconds(15));
        }

        double[] minutes = [.. emulator.Sendings.Select(s => (s.At - start).TotalMinutes)];
        Assert.Equal([0, .25, .5, 1, 4, 14, 34, 64, 94, 124, 184, 364, 544, 724, 1084, 1444], minutes); // 24 h 4 min in all
        Assert.All(emulator.Sendings, s => Assert.Equal(0, s.StatusCode));
    }

    [Fact]
    public async Task Faults_FromOneSeed_AreTheSameEachTime()
    {
        string first = await WeatherAsync(seed: 5), again = await WeatherAsync(seed: 5), other = await WeatherAsync(seed: 6);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Faults_OverTheControlInterface_AreTakenByNameOnly()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await _http.PostAsync(At("_emulator/faults"), Json("""{"next":["lostOnce","repeated"]}"""))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.PostAsync(At("_emulator/faults"), Json("""{"next":["sunshine"]}"""))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.PostAsync(At("_emulator/faults"), Json("nonsense"))).StatusCode);
    }

    [Fact]
    public async Task MappedUnderAPrefix_SignsAndVerifiesWithThePrefix()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        _emulator.Map(app.MapGroup("/emulators/wechatpay"));
        await app.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Order(_number), new Uri(app.Urls.First() + "/emulators/wechatpay/" + Orders))).StatusCode);
        Assert.Contains("¥50.00", await _http.GetStringAsync(new Uri(app.Urls.First() + "/emulators/wechatpay/" + WeChatPayEmulator.PhonePage(_number))));
    }

    /// <summary>One emulator for all tests, because making RSA keys takes its time; every test has an order number of its own.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private int _numbers;

        public ManualClock Clock { get; } = new();

        public HttpClient Http { get; } = new(new HttpClientHandler { AllowAutoRedirect = false });

        public WeChatPayEmulator Emulator { get; private set; } = null!;

        public string NextNumber() => $"LK{Interlocked.Increment(ref _numbers):D6}";

        public async ValueTask InitializeAsync() =>
            Emulator = await WeChatPayEmulator.StartAsync(new WeChatPayEmulatorOptions { AutoDeliver = false }, Clock, default);

        public async ValueTask DisposeAsync()
        {
            await Emulator.DisposeAsync();
            Http.Dispose();
        }
    }

    private static async Task<string> WeatherAsync(int seed)
    {
        var clock = new ManualClock();
        var options = new WeChatPayEmulatorOptions { AutoDeliver = false, Seed = seed, Weather = new NotificationWeather(40, 20, 20) };
        await using WeChatPayEmulator emulator = await WeChatPayEmulator.StartAsync(options, clock, default);
        using var http = new HttpClient();
        for (int i = 0; i < 10; i++)
        {
            string number = $"LK000{i}";
            (await http.SendAsync(Signed(emulator, clock, Order(number), new Uri(emulator.BaseAddress, Orders), Order(number), 0))).EnsureSuccessStatusCode();
            emulator.Confirm(number);
        }

        for (int i = 0; i < 20; i++)
        {
            await emulator.DeliverDueAsync(default);
            clock.Advance(TimeSpan.FromSeconds(15));
        }

        return string.Join(' ', emulator.Sendings.Select(s => $"{s.NotificationId}:{s.Fault}"));
    }

    private Task<HttpResponseMessage> SendAsync(string body, Uri? address = null, string? signedBody = null, int secondsAgo = 0) =>
        _http.SendAsync(Signed(_emulator, _clock, body, address ?? At(Orders), signedBody ?? body, secondsAgo));

    /// <summary>A merchant's signature, written apart from the client's.</summary>
    private static HttpRequestMessage Signed(WeChatPayEmulator emulator, ManualClock clock, string body, Uri address, string signedBody, int secondsAgo)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(emulator.Merchant.ExportPrivateKeyPem());
        string time = clock.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] text = Encoding.UTF8.GetBytes($"POST\n{address.PathAndQuery}\n{time}\nN0\n{signedBody}\n");
        string signature = Convert.ToBase64String(key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Json(body) };
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"WECHATPAY2-SHA256-RSA2048 mchid=\"{emulator.Merchant.MerchantId}\",nonce_str=\"N0\",timestamp=\"{time}\",serial_no=\"{emulator.Merchant.CertificateSerial}\",signature=\"{signature}\"");
        return request;
    }

    private static string Order(string number) =>
        $$"""{"mchid":"1900006511","appid":"wxd678efh567hg6787","description":"Electricity","out_trade_no":"{{number}}","notify_url":"http://127.0.0.1:9/notify","amount":{"total":5000,"currency":"CNY"} }""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private Uri At(string path) => new(_emulator.BaseAddress, path);
}
