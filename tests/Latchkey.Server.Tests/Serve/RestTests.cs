using System.Net;
using System.Text;
using System.Text.Json;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Tests.Serve;

/// <summary>The interface over a seller's own books: meters, trials, reversals, tariffs, vendors.</summary>
public sealed class RestTests(SellerServer seller) : IClassFixture<SellerServer>
{
    private static readonly string[] Everything = [ApiScopes.MetersRead, ApiScopes.Sell, ApiScopes.ReceiptsRead, ApiScopes.ReportsRead, ApiScopes.Operate];

    [Fact]
    public async Task Meters_PageByPage_AreAllOfThemOnce()
    {
        HttpClient http = await ClientAsync(ApiScopes.MetersRead);
        List<string> seen = [];
        string? after = null;
        do
        {
            JsonElement page = await GetAsync(http, "/v1/meters?limit=1" + (after is null ? string.Empty : "&after=" + after));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("meterPan").GetString()!));
            after = page.GetProperty("nextAfter").GetString();
        }
        while (after is not null);
        Assert.Equal([SellerServer.Meter, SellerServer.Other], seen);
        Assert.Empty((await GetAsync(http, "/v1/meters?tariff=NONE")).GetProperty("items").EnumerateArray());
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(http, "/v1/meters?limit=1001"), HttpStatusCode.BadRequest, "malformed-parameter");
    }

    [Fact]
    public async Task Record_AskedForAgainWithItsTag_IsNotSentAgain()
    {
        HttpClient http = await ClientAsync(ApiScopes.MetersRead);
        HttpResponseMessage first = await SellerServer.GetAsync(http, $"/v1/meters/{SellerServer.Other}/record");
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1/meters/{SellerServer.Other}/record", UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, (await http.SendAsync(again)).StatusCode));
    }

    [Fact]
    public async Task Trial_IsTheSaleWithoutItsToken_AndKeepsNothing()
    {
        HttpClient http = await ClientAsync(Everything);
        string body = $$"""{"meterPan":"{{SellerServer.Other}}","amountMinorUnits":4321,"currency":"CNY"}""";
        JsonElement trial = await SellerServer.JsonAsync(await PostAsync(http, "/v1/purchases/trial", body));
        Guid id = TopUpIds.Next();
        JsonElement sale = await SellerServer.JsonAsync(await SellerServer.BuyAsync(http, id, 4321, SellerServer.Other));
        Assert.Equal(sale.GetProperty("tenthsGranted").GetInt64(), trial.GetProperty("energyTenths").GetInt64());
        Assert.Equal(sale.GetProperty("lines").GetArrayLength(), trial.GetProperty("lines").GetArrayLength());
        JsonElement bought = await GetAsync(http, $"/v1/meters/{SellerServer.Other}/purchases");
        Assert.Equal(1, bought.GetProperty("items").EnumerateArray().Count(p => p.GetProperty("amountMinorUnits").GetInt64() == 4321));
    }

    [Fact]
    public async Task Reversal_OfATokenThatIsOut_IsRefused_AndReprintGivesTheSameBytes()
    {
        HttpClient http = await ClientAsync(ApiScopes.Sell);
        Guid id = TopUpIds.Next();
        byte[] sold = await (await SellerServer.BuyAsync(http, id)).Content.ReadAsByteArrayAsync();
        await PurchaseApiTests.IsProblemAsync(await PostAsync(http, $"/v1/purchases/{id}/reversal", """{"reason":"timeout"}"""), HttpStatusCode.Conflict, "token-already-issued");
        Assert.Equal(sold, await (await PostAsync(http, $"/v1/purchases/{id}/reprint", "{}")).Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(http, $"/v1/purchases/{id}/confirmation", "{}")).StatusCode);
        HttpClient stranger = await ClientAsync(ApiScopes.Sell);
        foreach (string step in (string[])["reversal", "reprint", "confirmation"])
            await PurchaseApiTests.IsProblemAsync(await PostAsync(stranger, $"/v1/purchases/{id}/{step}", """{"reason":"x"}"""), HttpStatusCode.NotFound, "unknown-purchase");
    }

    [Fact]
    public async Task Block_ByAnOperatorsClient_EndsSellingUntilUnblocked()
    {
        HttpClient http = await ClientAsync(Everything);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(http, $"/v1/meters/{SellerServer.Meter}/block", "{}")).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.BuyAsync(http, TopUpIds.Next()), HttpStatusCode.UnprocessableEntity, "meter-blocked");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(http, $"/v1/meters/{SellerServer.Meter}/unblock", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await SellerServer.BuyAsync(http, TopUpIds.Next())).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await PostAsync(await ClientAsync(ApiScopes.MetersRead), $"/v1/meters/{SellerServer.Meter}/block", "{}"), HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task Tariff_PricedBothWays_Agrees()
    {
        HttpClient http = await ClientAsync(ApiScopes.MetersRead);
        JsonElement byMoney = await SellerServer.JsonAsync(await PostAsync(http, "/v1/tariffs/STARTER/price", """{"amountMinorUnits":5000}"""));
        JsonElement byEnergy = await SellerServer.JsonAsync(await PostAsync(http, "/v1/tariffs/STARTER/price", """{"energyTenths":500}"""));
        Assert.Equal((500, 5000), (byMoney.GetProperty("energyTenths").GetInt64(), byEnergy.GetProperty("amountMinorUnits").GetInt64()));
        Assert.Equal("STARTER", (await GetAsync(http, "/v1/tariffs/STARTER")).GetProperty("id").GetString());
        await PurchaseApiTests.IsProblemAsync(await PostAsync(http, "/v1/tariffs/NONE/price", """{"amountMinorUnits":5000}"""), HttpStatusCode.NotFound, "unknown-tariff");
        await PurchaseApiTests.IsProblemAsync(await PostAsync(http, "/v1/tariffs/STARTER/price", "{}"), HttpStatusCode.BadRequest, "malformed-parameter");
        JsonElement simulated = await SellerServer.JsonAsync(await PostAsync(http, "/v1/tariffs/STARTER/simulation", """{"against":"STARTER","purchases":[{"meter":"A","day":"2026-01-03","energyTenths":800}]}"""));
        Assert.Equal("0", simulated.GetProperty("meters")[0].GetProperty("change").GetString());
    }

    [Fact]
    public async Task Vendor_IsSeenByItsOwnClientAlone()
    {
        VendingHouse house = seller.Server.Platform.Vending;
        string code = "kiosk-" + TopUpIds.Next().ToString("N")[..6];
        await house.VendorDesk.SaveAsync(new Vendor(code, "Kiosk", Latchkey.Quantities.Currency.Cny, 1, 100_000_00, false, []), CancellationToken.None);
        HttpClient own = await ClientAsync(ApiScopes.SellVendorPrefix + code), other = await ClientAsync(ApiScopes.SellVendorPrefix + "another");
        Assert.Equal(code, (await GetAsync(own, "/v1/vendors/" + code)).GetProperty("code").GetString());
        Assert.Empty((await GetAsync(own, $"/v1/vendors/{code}/statement")).GetProperty("items").EnumerateArray());
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(other, "/v1/vendors/" + code), HttpStatusCode.NotFound, "unknown-vendor");

        // Its float is empty: what it sells is refused, and the seller's own channel is not used instead.
        await PurchaseApiTests.IsProblemAsync(await SellerServer.BuyAsync(own, TopUpIds.Next()), HttpStatusCode.UnprocessableEntity, VendingCodes.InsufficientFunds);
    }

    private async Task<HttpClient> ClientAsync(params string[] scopes) => (await seller.ClientAsync(scopes)).Http;

    private static async Task<JsonElement> GetAsync(HttpClient http, string address)
    {
        HttpResponseMessage answer = await SellerServer.GetAsync(http, address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await SellerServer.JsonAsync(answer);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string address, string body) =>
        http.PostAsync(new Uri(address, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
