using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Server.Tests;

/// <summary>Programmes of key changes over REST and in the portal.</summary>
public sealed class ProgrammeApiTests
{
    [Fact]
    public async Task Programme_ShowsItsCohortsDaysAndDeadline()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller();
        JsonElement list = await client.GetFromJsonAsync<JsonElement>(new Uri("/v1/key-changes/programmes", UriKind.Relative));
        Assert.Equal("running", Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("state").GetString());

        JsonElement programme = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/key-changes/programmes/{FakeProgrammes.Id}", UriKind.Relative));
        Assert.Equal("2024-11-24T20:15:00", programme.GetProperty("deadline").GetString());
        Assert.Equal([5_000, 2_000, 1_000], programme.GetProperty("cohorts").EnumerateArray().Select(c => c.GetProperty("meters").GetInt32()));
        Assert.Equal("started", programme.GetProperty("events")[0].GetProperty("act").GetString());
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("?state=dark", 1)]
    [InlineData("?cohort=Shops%20%26%20halls", 2)]
    [InlineData("?limit=2", 2)]
    public async Task Dark_IsNarrowedByTheAddress(string query, int expected)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller();
        JsonElement list = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/key-changes/programmes/{FakeProgrammes.Id}/dark{query}", UriKind.Relative));
        Assert.Equal(expected, list.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("/00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound, "unknown-programme")]
    [InlineData("/nonsense", HttpStatusCode.NotFound, "unknown-programme")]
    [InlineData("/5f4dcc3b-aa76-4c80-9dd8-000000000002/dark?cohort=none", HttpStatusCode.NotFound, "unknown-programme")]
    [InlineData("/5f4dcc3b-aa76-4c80-9dd8-000000000002/dark?state=lit", HttpStatusCode.BadRequest, "malformed-parameter")]
    [InlineData("/5f4dcc3b-aa76-4c80-9dd8-000000000002/dark?limit=0", HttpStatusCode.BadRequest, "malformed-parameter")]
    public async Task Programme_OfAWrongAddress_SaysWhy(string address, HttpStatusCode status, string code)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller();
        HttpResponseMessage answer = await client.GetAsync(new Uri("/v1/key-changes/programmes" + address, UriKind.Relative));
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Programme_WithoutAKey_IsNotShown()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/v1/key-changes/programmes", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Page_ShowsProgressAndKeepsItsFilterInTheAddress()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync("operator", server.OperatorPassword);
        string page = await browser.ReadAsync("/roll-over?state=dark");
        Assert.Contains("aria-valuenow=\"73\"", page, StringComparison.Ordinal);
        Assert.Contains("600727000000000009", page, StringComparison.Ordinal);
        Assert.DoesNotContain("600727000000000017", page, StringComparison.Ordinal);
        Assert.Contains("&cohort=Shops%20%26%20halls&state=dark", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
    }
}
