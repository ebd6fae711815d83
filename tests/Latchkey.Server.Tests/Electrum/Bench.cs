using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Meter;
using Latchkey.Server.ElectrumApi.Seed;
using Latchkey.Server.Serve;
using Latchkey.Simulator;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>The served case meters, as a foreign vending client meets them: over HTTP, on a free port.</summary>
public sealed class Bench : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<HttpClient> _clients = [];
    private PlatformServer? _server;

    public ElectrumSeed Seed { get; private set; } = null!;

    public PlatformServer Server => _server!;

    public HttpClient Client { get; private set; } = null!;

    public string Directory => _directory.Path;

    public async ValueTask InitializeAsync()
    {
        Seed = ElectrumSeed.Open(_directory.Path);
        await StartAsync();
    }

    /// <summary>Stops the server and opens the same directory again, as after a crash that left everything written.</summary>
    /// <param name="signer">Another signer than its own; then the bench's keys are not taken in again.</param>
    /// <param name="makers">Makes whose own services make their meters' tokens.</param>
    public async Task RestartAsync(IOutsideSigner? signer = null, MakerServices? makers = null)
    {
        await _server!.DisposeAsync();
        await StartAsync(signer, makers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HttpClient client in _clients) client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Seed.Dispose();
        _directory.Dispose();
    }

    public HttpClient ClientOf(string user, string password)
    {
        var client = new HttpClient { BaseAddress = new Uri(_server!.Addresses[0], "/prepaidutility/v3/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        _clients.Add(client);
        return client;
    }

    public async Task<Reply> PostAsync(string path, JsonObject body, HttpClient? client = null)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await (client ?? Client).PostAsync(new Uri(path, UriKind.Relative), content);
        string text = await answer.Content.ReadAsStringAsync();
        return new Reply(answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone(), text);
    }

    public Task<Reply> LookUpAsync(string meter)
    {
        JsonObject body = Message(meter);
        return PostAsync("meterLookups/" + body["id"], body);
    }

    /// <summary>A purchase at the meter's least amount, as the lookup tells it.</summary>
    public async Task<(JsonObject Request, Reply Reply)> BuyAsync(string meter)
    {
        Reply lookup = await LookUpAsync(meter);
        JsonObject body = Purchase(meter, lookup.Json.GetProperty("minAmount").GetProperty("amount").GetInt64());
        return (body, await PostAsync("tokenPurchases/" + body["id"], body));
    }

    public static JsonObject Purchase(string meter, long amount)
    {
        JsonObject body = Message(meter);
        body["purchaseAmount"] = new JsonObject { ["amount"] = amount.ToString(), ["currency"] = "710" };
        return body;
    }

    /// <summary>The common part of every request, with ids as foreign clients make them: hexadecimal, of no version.</summary>
    public static JsonObject Message(string meter) => new()
    {
        ["id"] = NewId(),
        ["time"] = "2017-07-28T12:06:18.303+02:00",
        ["meter"] = new JsonObject { ["meterId"] = meter },
        ["originator"] = JsonNode.Parse("""
            {"institution":{"id":"123456","name":"Test"},"terminalId":"12345678",
             "merchant":{"merchantId":"123456789012345","merchantType":"0000","merchantName":{"name":"Tést","city":"Cape Town","region":"WC","country":"ZA"}}}
            """),
        ["client"] = JsonNode.Parse("""{"id":"001","name":"PostmanTest"}"""),
        ["settlementEntity"] = JsonNode.Parse("""{"id":"000","name":"None"}"""),
        ["receiver"] = JsonNode.Parse("""{"id":"999","name":"Electrum Test Server"}"""),
        ["thirdPartyIdentifiers"] = JsonNode.Parse("""
            [{"institutionId":"123456","transactionIdentifier":"298e1679"},{"institutionId":"001","transactionIdentifier":"4261f085"}]
            """),
        ["unknownField"] = 1,
    };

    public static JsonObject Advice(JsonObject purchase) => new()
    {
        ["id"] = NewId(),
        ["requestId"] = purchase["id"]!.GetValue<string>(),
        ["time"] = "2017-07-28T12:07:00.000Z",
        ["thirdPartyIdentifiers"] = purchase["thirdPartyIdentifiers"]?.DeepClone(),
    };

    /// <summary>A virtual meter as the case meter was installed, with a keypad and no module.</summary>
    public VirtualMeter Install(string meterId)
    {
        DecoderKeyAttributes attributes = Seed.AttributesOf(meterId);
        byte[] bytes = Seed.VendingKeyBytes(attributes.KeyRevision.Value);
        Assert.True(VendingKey.TryCreate(bytes, out VendingKey? vendingKey));
        using (vendingKey)
        {
            using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, attributes);
            var options = new VirtualMeterOptions
            {
                Profile = MeterProfile.Kpm31, Attributes = attributes, Key = key, MessageKey = new byte[32], Start = TimeProvider.System.GetUtcNow(), NoModule = true,
            };
            var meter = new VirtualMeter(options, new MemoryNvmImage());
            meter.Advance(TimeSpan.FromSeconds(20));
            return meter;
        }
    }

    public static string NewId()
    {
        string hex = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    private async Task StartAsync(IOutsideSigner? signer = null, MakerServices? makers = null)
    {
        var options = new ServerOptions { DataDirectory = _directory.Path, Urls = "http://127.0.0.1:0", Quiet = true };
        _server = await PlatformServer.StartAsync(options, Seed.Settings with { Signer = signer, Vending = Seed.Settings.Vending with { Makers = makers ?? MakerServices.None } }, TimeProvider.System, signer is null ? Seed.ApplyAsync : null, CancellationToken.None);
        Client = ClientOf("test", "test");
    }
}

public sealed record Reply(HttpStatusCode Status, JsonElement Json, string Text)
{
    public IReadOnlyList<JsonElement> Tokens => [.. Json.GetProperty("tokens").EnumerateArray()];

    public string[] Digits => [.. Tokens.Select(t => t.GetProperty("token").GetString()!)];

    public string? ErrorType => Json.TryGetProperty("errorType", out JsonElement type) ? type.GetString() : null;
}
