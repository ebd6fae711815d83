using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Latchkey.Emulators.Sms;
using Latchkey.Emulators.WeChat;
using Latchkey.Testing;

namespace Latchkey.Emulators.Tests;

public sealed class WeChatEmulatorTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly HttpClient _http = new();
    private WeChatEmulator _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await WeChatEmulator.StartAsync(
        new WeChatEmulatorOptions
        {
            Templates = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["T1"] = ["thing1", "amount2"] },
            DailyQuota = 5,
        },
        _clock,
        default);

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Token_AskedForAgain_IsTheSameUntilTheLastFiveMinutes()
    {
        string first = await TokenAsync();
        _clock.Advance(TimeSpan.FromSeconds(6899));
        Assert.Equal(first, await TokenAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, await TokenAsync(), StringComparer.Ordinal);
        Assert.Equal(0, await SendAsync(first)); // the old one lives on to its end
        _clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(42001, await SendAsync(first));
    }

    [Fact]
    public async Task Token_Forced_EndsTheOldOneAtOnce()
    {
        string first = await TokenAsync();
        Assert.NotEqual(first, await TokenAsync(force: true), StringComparer.Ordinal);
        Assert.Equal(40001, await SendAsync(first));
    }

    [Theory]
    [InlineData("thing1", "123456789012345678901", 47003)]
    [InlineData("thing1", "12345678901234567890", 0)]
    [InlineData("amount2", "9.50元", 0)]
    [InlineData("amount2", "-9.50元", 47003)]
    [InlineData("thing9", "not in the template", 47003)]
    public async Task Send_AField_IsHeldToItsRule(string key, string value, int error) =>
        Assert.Equal(error, await SendAsync(await TokenAsync(), data: $$"""{"{{key}}": {"value":"{{value}}"} }"""));

    [Fact]
    public async Task Send_OverTheDailyQuota_Is45009UntilTheNextDay()
    {
        string token = await TokenAsync();
        for (int i = 0; i < 5; i++) Assert.Equal(0, await SendAsync(token));
        Assert.Equal(45009, await SendAsync(token));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await SendAsync(await TokenAsync()));
    }

    [Fact]
    public async Task Send_SameClientMessageIdWithinTenMinutes_IsDropped()
    {
        string token = await TokenAsync();
        await SendAsync(token, "template", "c1");
        await SendAsync(token, "template", "c1");
        Assert.Single(_emulator.Received);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SendAsync(token, "template", "c1");
        Assert.Equal(2, _emulator.Received.Count);
    }

    [Theory]
    [InlineData("""{"touser":"","template_id":"T1","data":{}}""", 40003)]
    [InlineData("""{"touser":"o1","template_id":"T2","data":{}}""", 40037)]
    [InlineData("""{"touser":"o1","template_id":"T1"}""", 47003)]
    [InlineData("nonsense", 40003)]
    [InlineData("""{"touser":"o1","touser":"o2","template_id":"T1","data":{}}""", 40003)]
    [InlineData("""{"touser":"\ud800","template_id":"T1","data":{}}""", 40003)]
    [InlineData("""{"touser":{"a":[]},"template_id":"T1","data":{}}""", 40003)]
    public async Task Send_ABodyThatIsWrong_IsRefused(string body, int error) =>
        Assert.Equal(error, await PostAsync($"cgi-bin/message/subscribe/send?access_token={await TokenAsync()}", body));

    [Fact]
    public async Task Phone_ShowsWhatArrived_AsAPageAndAsData()
    {
        await SendAsync(await TokenAsync(), data: """{"thing1":{"value":"<b>余额</b>"}}""");
        Assert.Contains("&lt;b&gt;余额&lt;/b&gt;", await _http.GetStringAsync(At("_emulator/phone/o1?lang=zh")));
        Assert.Contains("没有消息", await _http.GetStringAsync(At("_emulator/phone/o2?lang=zh")));
        Assert.Single((await _http.GetFromJsonAsync<JsonElement>(At("_emulator/inbox/o1"))).EnumerateArray());
    }

    [Fact]
    public async Task Gateway_TakesOnlyItsOwnKey()
    {
        await using SmsEmulator gateway = await SmsEmulator.StartAsync("sandbox", _clock, default);
        async Task<int> SendAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.BaseAddress, "version1/messaging"));
            request.Headers.Add("apiKey", key);
            request.Content = new FormUrlEncodedContent([new("username", "sandbox"), new("to", "+254711000000"), new("message", "Token: 1234")]);
            return (int)(await _http.SendAsync(request)).StatusCode;
        }

        Assert.Equal((401, 200), (await SendAsync("wrong"), await SendAsync(gateway.ApiKeyText)));
        Assert.Equal("Token: 1234", Assert.Single(gateway.Received).Fields[0].Value);
    }

    private Task<int> SendAsync(string token, string way = "subscribe", string? clientId = null, string data = """{"thing1":{"value":"x"}}""")
    {
        string path = way == "template" ? "template/send" : "subscribe/send";
        string id = clientId is null ? string.Empty : $"\"client_msg_id\":\"{clientId}\",";
        return PostAsync($"cgi-bin/message/{path}?access_token={token}", $$"""{ {{id}} "touser":"o1","template_id":"T1","data":{{data}} }""");
    }

    private async Task<int> PostAsync(string path, string body)
    {
        HttpResponseMessage answer = await _http.PostAsync(At(path), new StringContent(body, Encoding.UTF8, "application/json"));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errcode").GetInt32();
    }

    private async Task<string> TokenAsync(bool force = false)
    {
        HttpResponseMessage answer = await _http.PostAsJsonAsync(
            At("cgi-bin/stable_token"), new { grant_type = "client_credential", appid = _emulator.AppId, secret = _emulator.AppSecretText, force_refresh = force });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private Uri At(string path) => new(_emulator.BaseAddress, path);
}
