using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Server.Serve;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Serve;

/// <summary>A seller's own server as 'init' and 'serve' make it, with a drawn key and two meters, on a free port.</summary>
public sealed class SellerServer : IAsyncLifetime
{
    public const string Meter = "600727000000000009", Other = "600727000000000017";
    private readonly TemporaryDirectory _directory = new();
    private PlatformServer? _server;

    public string Path => _directory.Path + "/park";

    public PlatformServer Server => _server!;

    public SqliteApiClients Clients => new(_server!.Platform.Database);

    /// <summary>Changes the written settings before the server starts.</summary>
    public Func<string, string> Edit { get; init; } = text => text;

    public Func<ServerOptions, ServerOptions> Options { get; init; } = options => options;

    /// <summary>Changes what the next start serves with.</summary>
    public Func<ServeSettings, ServeSettings> Serving { get; set; } = settings => settings;

    public async ValueTask InitializeAsync()
    {
        await SellerDirectory.CreateAsync(Path, "Test Park", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None);
        string settings = Path + "/settings.json";
        await File.WriteAllTextAsync(settings, Edit(await File.ReadAllTextAsync(settings)));
        await StartAsync();
        byte[] key = RandomNumberGenerator.GetBytes(VendingKey.HmacLength);
        var terms = new SigningKeyTerms(SupplyGroupCode.Parse("000001"), KeyRevisionNumber.FromValue(1), KeyType.Unique, BaseDate.Year2014, DateTimeOffset.UnixEpoch, null);
        Assert.Null(await Server.Platform.Vending.Keys.ImportAsync(key, terms, 1_000_000_00, new TwoPeople("a", "b"), CancellationToken.None));
        foreach (string number in (string[])[Meter, Other]) await Server.Platform.Vending.Meters.SaveAsync(Record(number), CancellationToken.None);
    }

    public async Task StartAsync()
    {
        (SellerDirectory? directory, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(Path);
        Assert.Empty(faults);
        ServerOptions options = directory!.ToServer("http://127.0.0.1:0") with { Quiet = true };
        _server = await PlatformServer.StartAsync(Options(options), Serving(directory.ToServe()), TimeProvider.System, null, CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _directory.Dispose();
    }

    public static MeterRecord Record(string number, string account = "C-1") => new(
        new DecoderKeyAttributes(
            MeterPan.TryParse(number, out MeterPan pan) ? pan : throw new ArgumentException(number), SupplyGroupCode.Parse("000001"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
            KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11),
        "STARTER", account, "Building 1 Room 101");

    /// <summary>A new client with these scopes, and an HTTP client that carries its key.</summary>
    public async Task<(ApiClient Client, HttpClient Http)> ClientAsync(string[] scopes, ApiClientLimits? limits = null, Func<ApiClient, ApiClient>? change = null)
    {
        (string key, string digest) = ClientAccess.NewKey();
        var client = new ApiClient("client-" + TopUpIds.Next().ToString("N")[..12], scopes, limits ?? ApiClientLimits.Usual, TimeProvider.System.GetUtcNow(), digest);
        client = change?.Invoke(client) ?? client;
        Assert.True(await Clients.AddAsync(client, CancellationToken.None));
        return (client, With(key));
    }

    public HttpClient With(string key)
    {
        var http = new HttpClient { BaseAddress = Server.Addresses[0] };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    public static Task<HttpResponseMessage> BuyAsync(HttpClient http, Guid id, long minor = 5000, string meter = Meter) => http.PutAsync(
        new Uri($"/v1/purchases/{id}", UriKind.Relative),
        new StringContent($$"""{"meterPan":"{{meter}}","amountMinorUnits":{{minor}},"currency":"CNY"}""", Encoding.UTF8, "application/json"));

    public static Task<HttpResponseMessage> GetAsync(HttpClient http, string address) => http.GetAsync(new Uri(address, UriKind.Relative));

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement.Clone();
}
