using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Latchkey.Server.Portal.TopUps;

namespace Latchkey.Server.Tests;

public sealed class PurchaseApiTests(PurchaseApiTests.SharedServer shared) : IClassFixture<PurchaseApiTests.SharedServer>
{
    private readonly string _id = TopUpIds.Next().ToString();
    private readonly HttpClient _client = shared.Client;

    [Fact]
    public async Task Put_ForTheFirstTime_IsCreatedAtItsAddress()
    {
        HttpResponseMessage answer = await PutAsync(_id, Purchase(5000));
        Assert.Equal((HttpStatusCode.Created, $"/v1/purchases/{_id}"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Put_Again_GivesTheSameBytes()
    {
        byte[] first = await (await PutAsync(_id, Purchase(5000))).Content.ReadAsByteArrayAsync();
        HttpResponseMessage again = await PutAsync(_id, Purchase(5000));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first, await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Put_WithOtherContent_IsRefusedAsReused()
    {
        await PutAsync(_id, Purchase(5000));
        await IsProblemAsync(await PutAsync(_id, Purchase(6000)), HttpStatusCode.Conflict, "purchase-id-reused");
    }

    [Theory]
    [InlineData("""{"meterPan":"600727000000000017","amountMinorUnits":5000,"currency":"CNY"}""", "unknown-meter")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":0,"currency":"CNY"}""", "amount-zero")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":5000,"currency":"XXX"}""", "currency-unknown")]
    public async Task Put_OfARefusedPurchase_SaysWhy(string body, string code) => await IsProblemAsync(await PutAsync(_id, body), HttpStatusCode.UnprocessableEntity, code);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":"5000","currency":"CNY"}""")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":50.5,"currency":"CNY"}""")]
    [InlineData("""{"meterPan":null,"amountMinorUnits":5000,"currency":"CNY"}""")]
    [InlineData("""{"meterPan":"600727000000000009","currency":"CNY"}""")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":5000,"currency":"CNY","amount":1}""")]
    [InlineData("""{"meterPan":"600727000000000009","amountMinorUnits":5000,"amountMinorUnits":1,"currency":"CNY"}""")]
    public async Task Put_OfAMalformedBody_IsABadRequest(string body) => await IsProblemAsync(await PutAsync(_id, body), HttpStatusCode.BadRequest, "malformed-body");

    [Theory]
    [InlineData("12")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Put_WithAMalformedId_IsABadRequest(string id) => await IsProblemAsync(await PutAsync(id, Purchase(5000)), HttpStatusCode.BadRequest, "malformed-parameter");

    [Fact]
    public async Task Put_OfAnotherMediaType_IsRefused() =>
        await IsProblemAsync(await _client.PutAsync(new Uri($"/v1/purchases/{_id}", UriKind.Relative), new StringContent("a=1", Encoding.UTF8, "text/plain")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task Put_OfAHugeBody_IsRefused() => await IsProblemAsync(await PutAsync(_id, new string(' ', 20_000) + Purchase(5000)), HttpStatusCode.RequestEntityTooLarge, "body-too-large");

    [Fact]
    public async Task Get_OfAnUnknownPurchase_IsNotFound() => await IsProblemAsync(await GetAsync($"/v1/purchases/{_id}"), HttpStatusCode.NotFound, "unknown-purchase");

    [Fact]
    public async Task Get_AfterThePut_TellsTheState()
    {
        await PutAsync(_id, Purchase(5000));
        JsonElement status = await (await GetAsync($"/v1/purchases/{_id}")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("posted", status.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound, "no-such-route")]
    [InlineData("/v1/meters/1", HttpStatusCode.NotFound, "unknown-meter")]
    [InlineData("/v1/deliveries?limit=0", HttpStatusCode.BadRequest, "malformed-parameter")]
    [InlineData("/v1/deliveries?limit=x", HttpStatusCode.BadRequest, "malformed-request")]
    [InlineData("/v1/meters/600727000000000009/readings?from=2026-02-01&to=2026-01-01", HttpStatusCode.BadRequest, "malformed-parameter")]
    public async Task Get_OfSomethingThatIsNot_IsAProblem(string address, HttpStatusCode status, string code) => await IsProblemAsync(await GetAsync(address), status, code);

    [Fact]
    public async Task AnotherMethod_IsRefused() => await IsProblemAsync(await _client.DeleteAsync(new Uri("/v1/rooms", UriKind.Relative)), HttpStatusCode.MethodNotAllowed, "method-not-allowed");

    [Fact]
    public async Task AFailureInside_IsAProblemThatTellsNothing()
    {
        shared.Server.Park.Fails = true;
        HttpResponseMessage answer = await GetAsync("/v1/rooms");
        shared.Server.Park.Fails = false;
        Assert.DoesNotContain("secret-path", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await IsProblemAsync(answer, HttpStatusCode.InternalServerError, "internal-error");
    }

    [Theory]
    [InlineData("/v1/rooms", "items")]
    [InlineData("/v1/meters/600727000000000009", "meterPan")]
    [InlineData("/v1/meters/600727000000000009/readings", "items")]
    [InlineData("/v1/meters/600727000000000009/events", "items")]
    [InlineData("/v1/deliveries", "items")]
    [InlineData("/v1/messages", "items")]
    public async Task Get_OfWhatIsThere_GivesIt(string address, string member)
    {
        HttpResponseMessage answer = await GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty(member, out _));
    }

    /// <summary>One server for all of these; each test buys under an id of its own.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        public ServerFixture Server { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await ServerFixture.StartAsync();
            Client = Server.Caller();
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
    }

    private static string Purchase(long fen) => $$"""{"meterPan":"{{FakePark.Pan}}","amountMinorUnits":{{fen}},"currency":"CNY"}""";

    private Task<HttpResponseMessage> GetAsync(string address) => _client.GetAsync(new Uri(address, UriKind.Relative));

    private Task<HttpResponseMessage> PutAsync(string id, string body) =>
        _client.PutAsync(new Uri($"/v1/purchases/{id}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    internal static async Task IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((code, $"urn:latchkey:problem:{code}", (int)status), (problem.GetProperty("title").GetString(), problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
    }
}
