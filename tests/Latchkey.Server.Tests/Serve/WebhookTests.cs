using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Latchkey.Messaging.Webhooks;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Storage;
using Latchkey.Storage.HeadEnd;
using Latchkey.Storage.Messaging;
using Latchkey.Storage.Vending;
using Latchkey.Testing;
using Latchkey.Vending;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Serve;

/// <summary>Webhooks from the sale to the receiver: told once the fact is a fact, signed, repeated until taken, never to the inside.</summary>
public sealed class WebhookTests
{
    private const string Address = "https://receiver.example/hooks";

    [Fact]
    public async Task Event_IsThereExactlyWhenItsOrderIs()
    {
        await using var seller = new SellerServer();
        await seller.InitializeAsync();
        (_, HttpClient http) = await seller.ClientAsync([ApiScopes.Sell, ApiScopes.Webhooks]);
        (_, HttpClient other) = await seller.ClientAsync([ApiScopes.Sell, ApiScopes.Webhooks]);
        Guid endpoint = TopUpIds.Next(), theirs = TopUpIds.Next();
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(http, endpoint, Address)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(other, theirs, Address)).StatusCode);
        Guid[] bought = [.. Enumerable.Range(0, 5).Select(_ => TopUpIds.Next())];
        foreach (Guid id in bought) await SellerServer.BuyAsync(http, id);
        await SellerServer.BuyAsync(http, bought[0]);

        // A step that fails is undone with its event.
        VendOrder order = seller.Server.Platform.Vending.Desk.Find(bought[0])!;
        await Assert.ThrowsAsync<InvalidOperationException>(() => seller.Server.Platform.Vending.Store.UpdateAsync<bool>(
            books =>
            {
                books.Advance(order with { State = OrderState.Credited, Times = order.Times with { Credited = TimeProvider.System.GetUtcNow() } });
                throw new InvalidOperationException("the disk is full");
            },
            CancellationToken.None));
        await seller.StopAsync();
        string[] told = Told(seller.Path, endpoint);
        Assert.Equal(bought.Select(id => $"purchase.posted {id}").Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.Empty(Told(seller.Path, theirs));
    }

    [Fact]
    public async Task Endpoint_IsTheClientsOwn_ItsSecretIsShownOnce_AndTheInsideIsRefused()
    {
        await using var seller = new SellerServer();
        await seller.InitializeAsync();
        (_, HttpClient http) = await seller.ClientAsync([ApiScopes.Webhooks]);
        (_, HttpClient other) = await seller.ClientAsync([ApiScopes.Webhooks]);
        Guid id = TopUpIds.Next();
        string secret = (await SellerServer.JsonAsync(await PutAsync(http, id, Address))).GetProperty("secret").GetString()!;
        Assert.StartsWith(StandardWebhook.SecretPrefix, secret, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await (await SellerServer.GetAsync(http, "/v1/webhooks")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(id.ToString(), await (await SellerServer.GetAsync(other, "/v1/webhooks")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(new Uri($"/v1/webhooks/{id}", UriKind.Relative))).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await PutAsync(http, TopUpIds.Next(), "https://127.0.0.1/x"), HttpStatusCode.BadRequest, "malformed-parameter");
        await PurchaseApiTests.IsProblemAsync(await PutAsync(http, TopUpIds.Next(), Address, "everything"), HttpStatusCode.BadRequest, "malformed-parameter");
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync(new Uri($"/v1/webhooks/{id}", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://2130706433/")]
    [InlineData("http://example.org/")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("nothing")]
    public void Address_OfTheInside_IsNotKept(string address) => Assert.NotNull(WebhookAddresses.Fault(address, allowPrivate: false, out _));

    [Fact]
    public void Address_Outside_IsKept_AndTheInsideWhereSettingsAllowIt()
    {
        Assert.Null(WebhookAddresses.Fault(Address, allowPrivate: false, out _));
        Assert.Null(WebhookAddresses.Fault("http://127.0.0.1:8080/", allowPrivate: true, out _));
    }

    // A public name may be pointed at the inside after it was kept: what counts is where the connection goes.
    [Fact]
    public async Task Connection_ToTheInside_IsNotMade()
    {
        using var http = new HttpClient(WebhookAddresses.Handler(allowPrivate: false));
        Exception refused = await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(new Uri("http://localhost:9/")));
        Assert.Contains("loopback or private", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_IsRepeatedByTheScheduleUnderOneIdAndBody_AndEndsWhenItIsTaken()
    {
        await using Trial trial = await Trial.StartAsync();
        trial.Receiver.Statuses.Enqueue(HttpStatusCode.InternalServerError);
        trial.Receiver.Statuses.Enqueue(HttpStatusCode.Redirect);
        WebhookEndpoint endpoint = await trial.AddAsync();
        await trial.Store.TestAsync(endpoint.Id, trial.Time.GetUtcNow(), CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            await trial.Pump.RunAsync(CancellationToken.None);
            Assert.Equal(i + 1, trial.Receiver.Taken.Count);
            await trial.Pump.RunAsync(CancellationToken.None);
            Assert.Equal(i + 1, trial.Receiver.Taken.Count);
            trial.Time.Advance(WebhookPump.Schedule[i]);
        }

        await trial.Pump.RunAsync(CancellationToken.None);
        Received[] taken = [.. trial.Receiver.Taken];
        Assert.Equal(3, taken.Length);
        Assert.Single(taken.Select(t => (t.Headers.Id, t.Body)).Distinct());
        var verifier = new StandardWebhook(endpoint.Secret);
        Assert.All(taken, t => Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(t.Headers, Encoding.UTF8.GetBytes(t.Body), t.At)));
        Assert.Equal("webhook.test", JsonDocument.Parse(taken[0].Body).RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Delivery_ThatIsNeverTaken_EndsAfterItsRetries_AndTheEndpointAfterFiveDays()
    {
        await using Trial trial = await Trial.StartAsync();
        trial.Receiver.Default = HttpStatusCode.InternalServerError;
        WebhookEndpoint endpoint = await trial.AddAsync();
        await trial.Store.TestAsync(endpoint.Id, trial.Time.GetUtcNow(), CancellationToken.None);
        for (int i = 0; i <= WebhookPump.Schedule.Count; i++)
        {
            await trial.Pump.RunAsync(CancellationToken.None);
            trial.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.NotNull(trial.Store.Find(endpoint.Id)!.DisabledReason);
        int attempts = trial.Receiver.Taken.Count;
        Assert.InRange(attempts, 5, WebhookPump.Schedule.Count + 1);
        await trial.Pump.RunAsync(CancellationToken.None);
        Assert.Equal(attempts, trial.Receiver.Taken.Count);
    }

    [Fact]
    public async Task Events_OfOneMeter_KeepTheirOrderOverRetries_AndOthersDoNotWaitForThem()
    {
        await using Trial trial = await Trial.StartAsync();
        WebhookEndpoint endpoint = await trial.AddAsync();
        await trial.FactsAsync("1", "2", "1", "3");
        trial.Receiver.Statuses.Enqueue(HttpStatusCode.ServiceUnavailable);
        await trial.Pump.RunAsync(CancellationToken.None);
        await trial.Pump.RunAsync(CancellationToken.None);
        Assert.Equal(["evt_1", "evt_2", "evt_4"], trial.Receiver.Taken.Select(t => t.Headers.Id));
        trial.Time.Advance(WebhookPump.Schedule[0]);
        await trial.Pump.RunAsync(CancellationToken.None);
        Assert.Equal(["evt_1", "evt_2", "evt_4", "evt_1", "evt_3"], trial.Receiver.Taken.Select(t => t.Headers.Id));
        Assert.Equal((4, 0, 0), (trial.Store.StandingOf(endpoint.Id).Taken, trial.Store.StandingOf(endpoint.Id).Waiting, trial.Store.StandingOf(endpoint.Id).GivenUp));
    }

    [Fact]
    public async Task Endpoint_WhoseReceiverIsAway_KeepsNobodyElseWaiting()
    {
        await using Trial trial = await Trial.StartAsync();
        WebhookEndpoint away = await trial.AddAsync(), there = await trial.AddAsync();
        trial.Receiver.Away.Add(away.Id);
        await trial.FactsAsync([.. Enumerable.Range(0, 300).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        for (int i = 0; i < 20; i++) await trial.Pump.RunAsync(CancellationToken.None);
        Assert.Equal(300, trial.Store.StandingOf(there.Id).Taken);
        Assert.Equal(300, trial.Store.StandingOf(away.Id).Waiting);
    }

    [Fact]
    public async Task Secret_Changed_SignsBesideTheOldOneForItsTime_AndReplaySendsAgain()
    {
        await using Trial trial = await Trial.StartAsync();
        WebhookEndpoint endpoint = await trial.AddAsync();
        await trial.Store.TestAsync(endpoint.Id, trial.Time.GetUtcNow(), CancellationToken.None);
        string fresh = StandardWebhook.SecretPrefix + Convert.ToBase64String(new byte[24]);
        await trial.Store.ChangeAsync(endpoint.Id, e => e with { Secret = fresh, EarlierSecret = e.Secret, EarlierUntil = trial.Time.GetUtcNow().AddHours(1) }, CancellationToken.None);
        await trial.Pump.RunAsync(CancellationToken.None);
        trial.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await trial.Store.ReplayAsync(endpoint.Id, DateTimeOffset.UnixEpoch, trial.Time.GetUtcNow(), CancellationToken.None));
        await trial.Pump.RunAsync(CancellationToken.None);
        Received[] taken = [.. trial.Receiver.Taken];
        Assert.Equal([(true, true), (true, false)], taken.Select(t => (Genuine(fresh, t), Genuine(endpoint.Secret, t))));
        static bool Genuine(string secret, Received t) => new StandardWebhook(secret).Verify(t.Headers, Encoding.UTF8.GetBytes(t.Body), t.At) == WebhookVerdict.Genuine;
    }

    [Fact]
    public async Task Answer_Gone_EndsTheEndpoint()
    {
        await using Trial trial = await Trial.StartAsync();
        trial.Receiver.Default = HttpStatusCode.Gone;
        WebhookEndpoint endpoint = await trial.AddAsync();
        await trial.Store.TestAsync(endpoint.Id, trial.Time.GetUtcNow(), CancellationToken.None);
        await trial.Pump.RunAsync(CancellationToken.None);
        Assert.Equal("the receiver answered 410 Gone", trial.Store.Find(endpoint.Id)!.DisabledReason);
    }

    [Fact]
    public async Task File_HasNoSecretInIt_AndAnotherKeyOpensNone()
    {
        await using Trial trial = await Trial.StartAsync();
        WebhookEndpoint endpoint = await trial.AddAsync();
        byte[] secret = Encoding.ASCII.GetBytes(endpoint.Secret);
        trial.Close();
        Assert.DoesNotContain(Directory.GetFiles(trial.Path, "latchkey.db*"), file => File.ReadAllBytes(file).AsSpan().IndexOf(secret) >= 0);
        string key = System.IO.Path.Combine(trial.Path, "webhooks.key");
        await File.WriteAllBytesAsync(key, new byte[32]);
        await trial.OpenAsync();
        Assert.Throws<StorageException>(() => trial.Store.Find(endpoint.Id));
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, Guid id, string address, string kind = "*") => http.PutAsync(
        new Uri($"/v1/webhooks/{id}", UriKind.Relative), new StringContent($$"""{"url":"{{address}}","events":["{{kind}}"]}""", Encoding.UTF8, "application/json"));

    /// <summary>What a directory has on its way to an endpoint, as kind and purchase.</summary>
    private static string[] Told(string path, Guid endpoint)
    {
        using SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(path), TimeProvider.System, Trial.Rooms);
        using SqliteWebhooks store = SqliteWebhooks.OpenAsync(database, path, CancellationToken.None).GetAwaiter().GetResult();
        store.SpreadAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None).GetAwaiter().GetResult();
        return [.. store.Due(DateTimeOffset.MaxValue, 1_000).Where(d => d.Endpoint.Id == endpoint).Select(d => $"{d.Event.Type} {JsonDocument.Parse(d.Event.Data).RootElement.GetProperty("purchaseId").GetString()}")];
    }

    private sealed record Received(WebhookHeaders Headers, string Body, DateTimeOffset At);

    private sealed class FakeReceiver(TimeProvider time) : HttpMessageHandler
    {
        public ConcurrentQueue<HttpStatusCode> Statuses { get; } = new();

        public HttpStatusCode Default { get; set; } = HttpStatusCode.NoContent;

        public ConcurrentQueue<Received> Taken { get; } = new();

        /// <summary>Endpoints that take nothing.</summary>
        public ConcurrentBag<Guid> Away { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = new WebhookHeaders(One(WebhookHeaders.IdName), One(WebhookHeaders.TimestampName), One(WebhookHeaders.SignatureName));
            Taken.Enqueue(new Received(headers, await request.Content!.ReadAsStringAsync(cancellationToken), time.GetUtcNow()));
            if (Away.Any(id => request.RequestUri!.Query.Contains(id.ToString(), StringComparison.Ordinal))) return new HttpResponseMessage(HttpStatusCode.BadGateway);
            return new HttpResponseMessage(Statuses.TryDequeue(out HttpStatusCode status) ? status : Default);
            string One(string name) => string.Join(' ', request.Headers.GetValues(name));
        }
    }

    /// <summary>A store with a pump in virtual time and a receiver that answers as told.</summary>
    private sealed class Trial : IAsyncDisposable
    {
        private readonly TemporaryDirectory _directory = new();
        private SqliteDatabase? _database;
        private HttpClient? _http;

        private Trial() => Receiver = new FakeReceiver(Time);

        public static IReadOnlyList<RoomSchema> Rooms { get; } = [.. VendingHouse.Rooms, HeadEndSchema.Room, WebhooksSchema.Room];

        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

        public FakeReceiver Receiver { get; }

        public SqliteWebhooks Store { get; private set; } = null!;

        public WebhookPump Pump { get; private set; } = null!;

        public string Path => _directory.Path;

        public static async Task<Trial> StartAsync()
        {
            var trial = new Trial();
            await trial.OpenAsync();
            return trial;
        }

        public async Task OpenAsync()
        {
            _database = SqliteDatabase.Open(new SqliteDatabaseOptions(Path), Time, Rooms);
            Store = await SqliteWebhooks.OpenAsync(_database, Path, CancellationToken.None);
            _http = new HttpClient(Receiver, disposeHandler: false);
            Pump = new WebhookPump(Store, _http, Time, NullLogger<WebhookPump>.Instance);
        }

        /// <summary>Facts of these meters, in this order.</summary>
        public Task FactsAsync(params string[] meters) => _database!.WriteAsync(
            s =>
            {
                foreach (string meter in meters)
                    s.Execute("INSERT INTO webhook_event (type, at, client, data) VALUES ('purchase.posted', ?1, 'till', json_object('meterPan', ?2))", Time.GetUtcNow().ToUnixTimeMilliseconds(), meter);
            },
            CancellationToken.None);

        public async Task<WebhookEndpoint> AddAsync()
        {
            string secret = StandardWebhook.SecretPrefix + Convert.ToBase64String(Encoding.ASCII.GetBytes("0123456789abcdef01234567"));
            Guid id = TopUpIds.Next();
            var endpoint = new WebhookEndpoint(id, "till", new Uri($"{Address}?{id}"), ["*"], false, secret, Time.GetUtcNow());
            Assert.True(await Store.AddAsync(endpoint, CancellationToken.None));
            return endpoint;
        }

        public void Close()
        {
            Store.Dispose();
            _http?.Dispose();
            _database?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Close();
            Receiver.Dispose();
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
