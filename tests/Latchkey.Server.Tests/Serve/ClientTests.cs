using System.Net;
using System.Text.Json;
using Latchkey.Server.Access;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Serve;

/// <summary>What keeps one client from another's things, and each within its limits.</summary>
public sealed class ClientTests(SellerServer seller) : IClassFixture<SellerServer>
{
    private static readonly string[] Selling = [ApiScopes.Sell];

    [Fact]
    public async Task Purchase_OfOneClient_IsInvisibleToAnother()
    {
        (_, HttpClient mine) = await seller.ClientAsync([ApiScopes.Sell, ApiScopes.ReceiptsRead]);
        (_, HttpClient theirs) = await seller.ClientAsync([ApiScopes.Sell, ApiScopes.ReceiptsRead]);
        (_, HttpClient auditor) = await seller.ClientAsync([ApiScopes.ReportsRead]);
        Guid id = TopUpIds.Next();
        Assert.Equal(HttpStatusCode.Created, (await SellerServer.BuyAsync(mine, id)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(mine, $"/v1/purchases/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(mine, $"/v1/purchases/{id}/receipt?format=json")).StatusCode);
        foreach (string path in (string[])[$"/v1/purchases/{id}", $"/v1/purchases/{id}/receipt?format=json"])
            Assert.Equal(HttpStatusCode.NotFound, (await SellerServer.GetAsync(theirs, path)).StatusCode);

        // The very same request under the same id gives the other client nothing of it either.
        HttpResponseMessage stolen = await SellerServer.BuyAsync(theirs, id);
        await PurchaseApiTests.IsProblemAsync(stolen, HttpStatusCode.Conflict, "purchase-id-reused");
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(auditor, $"/v1/purchases/{id}")).StatusCode);
    }

    [Theory]
    [InlineData(ApiScopes.MetersRead, "/v1/rooms")]
    [InlineData(ApiScopes.ReportsRead, "/v1/meters/600727000000000009")]
    [InlineData(ApiScopes.Webhooks, "/v1/deliveries")]
    [InlineData(ApiScopes.MetersRead, "/v1/messages")]
    public async Task Get_WithoutTheScope_IsRefused(string has, string address)
    {
        (_, HttpClient http) = await seller.ClientAsync([has]);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(http, address), HttpStatusCode.Forbidden, ApiGate.ScopeMissing);
    }

    [Fact]
    public async Task Put_WithoutTheScope_SellsNothing()
    {
        (_, HttpClient http) = await seller.ClientAsync([ApiScopes.MetersRead, ApiScopes.ReportsRead, ApiScopes.Operate]);
        Guid id = TopUpIds.Next();
        await PurchaseApiTests.IsProblemAsync(await SellerServer.BuyAsync(http, id), HttpStatusCode.Forbidden, ApiGate.ScopeMissing);
        Assert.Null(seller.Server.Platform.Vending.Desk.Find(id));
    }

    [Fact]
    public async Task Put_AboveTheDay_IsRefusedUntilARefusalGivesRoomBack()
    {
        (ApiClient client, HttpClient http) = await seller.ClientAsync(Selling, ApiClientLimits.Usual with { MinorUnitsPerDay = 10_000 });
        Guid first = TopUpIds.Next();
        Assert.Equal(HttpStatusCode.Created, (await SellerServer.BuyAsync(http, first, 6_000)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.BuyAsync(http, first, 6_000)).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.BuyAsync(http, TopUpIds.Next(), 4_001), HttpStatusCode.UnprocessableEntity, "day-limit");
        await PurchaseApiTests.IsProblemAsync(await SellerServer.BuyAsync(http, TopUpIds.Next(), 4_000, "600727000000000025"), HttpStatusCode.UnprocessableEntity, "unknown-meter");
        Assert.Equal(HttpStatusCode.Created, (await SellerServer.BuyAsync(http, TopUpIds.Next(), 4_000)).StatusCode);
        Assert.Equal(10_000, seller.Clients.SoldOn(client.Name, Today()));
    }

    [Fact]
    public async Task PutsAtOnce_NeverPassTheDay()
    {
        (ApiClient client, HttpClient http) = await seller.ClientAsync(Selling, ApiClientLimits.Usual with { MinorUnitsPerDay = 3_000, Concurrent = 100 });
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SellerServer.BuyAsync(http, TopUpIds.Next(), 1_000)));
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(3_000, seller.Clients.SoldOn(client.Name, Today()));
    }

    [Fact]
    public async Task Requests_AboveTheRate_AreToldWhenToComeAgain()
    {
        (_, HttpClient http) = await seller.ClientAsync([ApiScopes.ReportsRead], ApiClientLimits.Usual with { RequestsPerMinute = 3 });
        for (int i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(http, "/v1/rooms")).StatusCode);
        HttpResponseMessage over = await SellerServer.GetAsync(http, "/v1/rooms");
        Assert.InRange(over.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        await PurchaseApiTests.IsProblemAsync(over, HttpStatusCode.TooManyRequests, ApiGate.RateLimit);
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.Forbidden)]
    public async Task Call_FromAnAddress_IsTakenOnlyWhereItMayCome(string network, HttpStatusCode expected)
    {
        (_, HttpClient http) = await seller.ClientAsync([ApiScopes.ReportsRead], ApiClientLimits.Usual with { Networks = [network] });
        Assert.Equal(expected, (await SellerServer.GetAsync(http, "/v1/rooms")).StatusCode);
    }

    [Fact]
    public async Task Client_DisabledOrExpired_IsRefusedAtOnce()
    {
        (ApiClient client, HttpClient http) = await seller.ClientAsync([ApiScopes.ReportsRead]);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(http, "/v1/rooms")).StatusCode);
        await seller.Clients.ChangeAsync(client.Name, c => c with { IsDisabled = true }, CancellationToken.None);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(http, "/v1/rooms"), HttpStatusCode.Unauthorized, "client-disabled");
        await seller.Clients.ChangeAsync(client.Name, c => c with { IsDisabled = false, ExpiresAt = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(http, "/v1/rooms"), HttpStatusCode.Unauthorized, "api-key-expired");
    }

    [Fact]
    public async Task Key_Rotated_LivesBesideTheNewOneForItsTime()
    {
        (ApiClient client, HttpClient old) = await seller.ClientAsync([ApiScopes.ReportsRead]);
        (string key, string digest) = ClientAccess.NewKey();
        await RotateAsync(TimeProvider.System.GetUtcNow().AddHours(1));
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(old, "/v1/rooms")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(seller.With(key), "/v1/rooms")).StatusCode);
        await seller.Clients.ChangeAsync(client.Name, c => c with { EarlierUntil = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(old, "/v1/rooms"), HttpStatusCode.Unauthorized, "api-key-expired");
        Task<bool> RotateAsync(DateTimeOffset until) =>
            seller.Clients.ChangeAsync(client.Name, c => c with { KeySha256 = digest, EarlierKeySha256 = c.KeySha256, EarlierUntil = until }, CancellationToken.None);
    }

    [Fact]
    public async Task File_OfTheBooks_HasNoKeyInIt()
    {
        (string key, string digest) = ClientAccess.NewKey();
        Assert.True(await seller.Clients.AddAsync(new ApiClient("kept-" + TopUpIds.Next().ToString("N")[..8], Selling, ApiClientLimits.Usual, TimeProvider.System.GetUtcNow(), digest), CancellationToken.None));
        byte[] wanted = System.Text.Encoding.ASCII.GetBytes(key), hash = System.Text.Encoding.ASCII.GetBytes(digest);
        string[] files = Directory.GetFiles(seller.Path, "latchkey.db*");
        Assert.Contains(files, file => Bytes(file).AsSpan().IndexOf(hash) >= 0);
        Assert.DoesNotContain(files, file => Bytes(file).AsSpan().IndexOf(wanted) >= 0);
    }

    [Theory]
    [InlineData("meters.read", true)]
    [InlineData("sell.vendor:kiosk-1", true)]
    [InlineData("sell.vendor:", false)]
    [InlineData("sell.vendor:Kiosk", false)]
    [InlineData("everything", false)]
    public void Scope_ThatIsNone_IsNotKnown(string scope, bool isKnown) => Assert.Equal(isKnown, ApiScopes.IsKnown(scope));

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
