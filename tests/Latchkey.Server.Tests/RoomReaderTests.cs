using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.Api;
using Latchkey.Server.Demo;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Orders;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Server.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests;

/// <summary>The readers over the real rooms: a park of three, stepped by hand.</summary>
public sealed class RoomReaderTests(RoomReaderTests.SmallPark park) : IClassFixture<RoomReaderTests.SmallPark>
{
    private static readonly string Wang = DemoRoomPlan.Park[0].TenantId.ToString("D"), Li = DemoRoomPlan.Park[1].TenantId.ToString("D");

    [Fact]
    public async Task ATopUp_IsSeenByItsTenantAlone()
    {
        var topUps = park.Get<ITopUps>();
        Guid id = TopUpIds.Next();
        Assert.IsType<TopUpStart.Waiting>(await topUps.StartAsync(Wang, id, FakePark.Yuan(2000), CancellationToken.None));
        Assert.NotNull(await topUps.FindAsync(Wang, id, CancellationToken.None));
        Assert.Null(await topUps.FindAsync(Li, id, CancellationToken.None));
        Assert.Null(await topUps.FindAsync("nobody", id, CancellationToken.None));
        Assert.DoesNotContain(await topUps.ListAsync(Li, 50, CancellationToken.None), topUp => topUp.TopUpId == id);
    }

    [Fact]
    public async Task AnotherTenant_CannotTakeOverAnId()
    {
        var topUps = park.Get<ITopUps>();
        Guid id = TopUpIds.Next();
        await topUps.StartAsync(Wang, id, FakePark.Yuan(2000), CancellationToken.None);
        Assert.Equal("purchase-id-reused", Assert.IsType<TopUpStart.Refused>(await topUps.StartAsync(Li, id, FakePark.Yuan(2000), CancellationToken.None)).Code);
    }

    // The notification goes nowhere here: the payment is found by asking.
    [Fact]
    public async Task APaidTopUp_ReachesTheMeter_AndItsTenantAloneIsTold()
    {
        Guid id = TopUpIds.Next();
        await park.Get<ITopUps>().StartAsync(Wang, id, FakePark.Yuan(2000), CancellationToken.None);
        await park.PayAsync(id);
        await park.LiveAsync(TimeSpan.FromMinutes(15));

        TopUpProgress? topUp = await park.Get<ITopUps>().FindAsync(Wang, id, CancellationToken.None);
        Assert.Equal([TopUpStep.Ordered, TopUpStep.Paid, TopUpStep.TokenMade, TopUpStep.Sent, TopUpStep.Delivered, TopUpStep.Credited], topUp!.Times.Keys.Order());
        var messages = park.Get<IMessageView>();
        Assert.Contains(await messages.ListAsync(Wang, 500, CancellationToken.None), message => message.Token == topUp.Token);
        Assert.All(await messages.ListAsync(Li, 500, CancellationToken.None), message => Assert.Equal(Guid.Parse(Li), Guid.Parse(message.TenantId)));
    }

    [Fact]
    public async Task AQuote_IsWhatThePurchaseThenGives()
    {
        var priced = Assert.IsType<TopUpQuote.Priced>(await park.Get<ITopUps>().QuoteAsync(Wang, FakePark.Yuan(3000), CancellationToken.None));
        Assert.Equal(priced.Amount, priced.Lines.Aggregate(Money.Zero(Currency.Cny), (sum, line) => sum + line.Amount));
        PurchaseOutcome sold = await park.Get<IPurchases>().PurchaseAsync(new PurchaseCommand(TopUpIds.Next(), park.Pan(0), FakePark.Yuan(3000), "till", null), CancellationToken.None);
        using JsonDocument receipt = JsonDocument.Parse(Assert.IsType<PurchaseOutcome.Issued>(sold).Answer);
        Assert.Equal(priced.Units.TenthsOfKilowattHour, receipt.RootElement.GetProperty("tenthsGranted").GetInt64());
    }

    [Theory]
    [InlineData(0, "amount-zero")]
    [InlineData(-5, "amount-zero")]
    public async Task AQuote_OfNothing_IsRefused(long fen, string code) =>
        Assert.Equal(code, Assert.IsType<TopUpQuote.Refused>(await park.Get<ITopUps>().QuoteAsync(Wang, FakePark.Yuan(fen), CancellationToken.None)).Code);

    [Fact]
    public async Task TheApi_SellsOnceForOneId_AndTheMeterProvesIt()
    {
        using HttpClient client = park.Caller();
        string address = $"/v1/purchases/{TopUpIds.Next()}", body = $$"""{"meterPan":"{{park.Pan(1)}}","amountMinorUnits":1500,"currency":"CNY"}""";
        HttpResponseMessage first = await PutAsync(client, address, body), again = await PutAsync(client, address, body);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());

        await park.LiveAsync(TimeSpan.FromMinutes(10));
        JsonElement status = await client.GetFromJsonAsync<JsonElement>(new Uri(address, UriKind.Relative));
        Assert.Equal("credited", status.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("600727003100000136", "pan-check-digit")]
    [InlineData("12", "pan-format")]
    [InlineData("600727000000000009", "unknown-meter")]
    public async Task TheApi_ForAMeterThatIsNone_PostsNothing(string pan, string code)
    {
        using HttpClient client = park.Caller();
        long entries = (await park.Get<IOrderView>().LedgerAsync(CancellationToken.None)).Entries;
        HttpResponseMessage answer = await PutAsync(client, $"/v1/purchases/{TopUpIds.Next()}", $$"""{"meterPan":"{{pan}}","amountMinorUnits":1500,"currency":"CNY"}""");
        await PurchaseApiTests.IsProblemAsync(answer, HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(entries, (await park.Get<IOrderView>().LedgerAsync(CancellationToken.None)).Entries);
    }

    [Fact]
    public async Task AForgedNotification_IsRefusedWithItsCode()
    {
        using HttpClient client = park.Caller();
        HttpResponseMessage answer = await client.PostAsync(new Uri("/v1/payments/wechat/notify", UriKind.Relative), new StringContent("""{"id":"x"}""", Encoding.UTF8, "application/json"));
        await PurchaseApiTests.IsProblemAsync(answer, HttpStatusCode.Unauthorized, "signature-missing");
    }

    [Fact]
    public async Task ARoom_ShowsWhatItsMeterSays()
    {
        ParkOverview overview = await park.Get<IParkView>().ReadAsync(CancellationToken.None);
        RoomLine room = overview.Rooms.Single(line => line.Pan == park.Pan(0));
        Assert.Equal((SupplyState.On, LinkState.Online), (room.Supply, room.Link));
        Assert.True(room.Balance > Energy.Zero);
        Assert.NotEmpty(await park.Get<IMeterView>().HistoryAsync(park.Pan(0), park.Now.AddHours(-2), park.Now, 100, CancellationToken.None));
    }

    [Fact]
    public async Task TheMetersHash_IsTheOneOfItsMetrology() =>
        Assert.Equal(Latchkey.Simulator.VirtualMeter.MetrologyHash, (await park.Get<IMeterView>().FindAsync(park.Pan(0), CancellationToken.None))!.MetrologyHash);

    [Fact]
    public async Task ClearTamper_FromOnePersonAlone_IsRefused() =>
        Assert.Equal("approval-same-person", await park.Get<IMeterCommands>().ClearTamperAsync(park.Pan(0), "manager", "manager", CancellationToken.None));

    [Fact]
    public async Task TheLedger_IsShownBalancedWithOneLinePerFamily()
    {
        LedgerOverview ledger = await park.Get<IOrderView>().LedgerAsync(CancellationToken.None);
        Assert.True(ledger.Holds);
        Assert.Equal(ledger.Accounts.Select(account => account.Account).Distinct(StringComparer.Ordinal).Count(), ledger.Accounts.Count);
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string address, string body) =>
        client.PutAsync(new Uri(address, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>Three rooms of the demo park behind the server, in a time that moves when it is told to.</summary>
    public sealed class SmallPark : IAsyncLifetime
    {
        private static readonly DemoRoomPlan[] Rooms = [.. DemoRoomPlan.Park.Take(3)];
        private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-small-park-").FullName;
        private readonly WorldClock _clock = new(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero), 0, TimeProvider.System);
        private DemoWorld _world = null!;
        private WebApplication _app = null!;
        private string _key = "";

        public DateTimeOffset Now => _clock.GetUtcNow();

        public string Pan(int room) => Rooms[room].Meter.Attributes.Pan.ToString();

        public T Get<T>()
            where T : notnull => _app.Services.GetRequiredService<T>();

        public HttpClient Caller()
        {
            var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
            client.DefaultRequestHeaders.Add("X-Api-Key", _key);
            return client;
        }

        /// <summary>The tenant confirms in the phone.</summary>
        public async Task PayAsync(Guid topUp)
        {
            using var phone = new HttpClient { BaseAddress = _world.Services.Pay.BaseAddress };
            (await phone.PostAsync(new Uri("/_emulator/pay/" + topUp.ToString("N"), UriKind.Relative), null)).EnsureSuccessStatusCode();
        }

        public async Task LiveAsync(TimeSpan time)
        {
            for (DateTimeOffset until = Now + time; Now < until;)
            {
                _clock.Advance(TimeSpan.FromSeconds(30));
                await _world.StepAsync(CancellationToken.None);
            }
        }

        public async ValueTask InitializeAsync()
        {
            var options = new DemoWorldOptions { DataDirectory = _directory, NotifyAddress = new Uri("http://127.0.0.1:9/v1/payments/wechat/notify") };
            _world = await DemoWorld.OpenAsync(options, _clock, DemoSecrets.FromSeed(7), NullLoggerFactory.Instance, CancellationToken.None);
            await _world.FoundAsync(Rooms, CancellationToken.None);
            await LiveAsync(TimeSpan.FromMinutes(2));
            foreach (DemoRoomPlan room in Rooms)
            {
                await _world.MoveInAsync(room, CancellationToken.None);
                await _world.SellAtOfficeAsync(DemoIds.Of("test opening " + room.Number), room, FakePark.Yuan(800), CancellationToken.None);
            }

            await LiveAsync(TimeSpan.FromHours(1));
            WebApplicationBuilder builder = LatchkeyServer.CreateBuilder(new ServerOptions { DataDirectory = _directory, Urls = "http://127.0.0.1:0", Quiet = true });
            builder.Services.AddLatchkeyRooms(
                _world.Platform, new RoomSettings { Vending = DemoWorld.Vending, ApiChannel = DemoWorld.OfficeChannel, Hands = new FieldMeterHands(_world.Radio.Find, () => 1) }, _clock);
            _app = LatchkeyServer.Build(builder);
            _key = _app.Services.GetRequiredService<Access.AccountBook>().SetApiClient("till");
            await _app.StartAsync(CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            await _world.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
