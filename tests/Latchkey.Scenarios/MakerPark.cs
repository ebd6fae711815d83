using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Emulators.Calin;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Serve;
using Latchkey.Server.Serve.Settings;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Scenarios;

/// <summary>A seller's server as 'init' and 'serve' make it, a maker's token service on another port, and one of the maker's meters.</summary>
internal sealed class MakerPark : IAsyncDisposable
{
    public const string Ours = "600727000000000017";
    private readonly TemporaryDirectory _directory = new();
    private readonly string _key;
    private readonly string _digest;
    private TestMint? _mint;
    private PlatformServer? _server;
    private HttpClient? _http;

    private MakerPark(CalinEmulator maker, ManualClock clock)
    {
        (Maker, Clock) = (maker, clock);
        (_key, _digest) = ClientAccess.NewKey();
    }

    public CalinEmulator Maker { get; }

    /// <summary>The seller's and the maker's.</summary>
    public ManualClock Clock { get; }

    public BareMeter Meter { get; private set; } = null!;

    public string Path => _directory.Path + "/park";

    public VendingHouse House => _server!.Platform.Vending;

    public static DecoderKeyAttributes Attributes { get; } = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("000001"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    /// <param name="secrets">The file of passwords; the right ones where it is null.</param>
    public static async Task<MakerPark> OpenAsync(CalinEmulatorOptions? options = null, string? secrets = null, int timeoutSeconds = 30)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));
        CalinEmulator maker = await CalinEmulator.StartAsync(options ?? new CalinEmulatorOptions(), clock, CancellationToken.None);
        var park = new MakerPark(maker, clock);
        maker.AddMeter(Attributes);
        await SellerDirectory.CreateAsync(park.Path, "Test Park", Currency.Cny, "+08:00", "UTC", park.Clock, CancellationToken.None);
        string id = options?.FindCall is { } call ? $", \"requestIdField\": \"{options.RequestIdField}\", \"findCall\": \"{call}\"" : string.Empty;
        string makers = $"\"makers\": [ {{ \"make\": \"Calin\", \"url\": \"{maker.BaseAddress}\", \"company\": \"Riverside\", \"user\": \"POS1\", \"secrets\": \"calin.secret\", \"timeoutSeconds\": {timeoutSeconds}{id} }} ],\n";
        string settings = park.Path + "/settings.json";
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings)).Replace("\"webhooks\":", makers + "\"webhooks\":", StringComparison.Ordinal));
        park.WriteSecrets(secrets ?? $"{maker.Password}\n{maker.VendPassword}\n");
        await park.StartAsync();
        await park.FurnishAsync();
        return park;
    }

    public void WriteSecrets(string text)
    {
        string path = Path + "/calin.secret";
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task RestartAsync()
    {
        await _server!.DisposeAsync();
        await StartAsync();
    }

    /// <summary>What the server does each minute, now.</summary>
    public async Task MinuteAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        await _server!.Platform.RunAsync(CancellationToken.None);
    }

    /// <summary>Minutes until the order stands in one of these states. A call that is under way takes its own time, whatever the clock says, and the server has a beat of its own.</summary>
    public async Task UntilAsync(int order, params OrderState[] states)
    {
        for (int tries = 0; tries < 200 && !states.Contains(House.Desk.Find(Id(order))!.State); tries++)
        {
            await MinuteAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Contains(House.Desk.Find(Id(order))!.State, states);
    }

    public static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 9]);

    public async Task<(int Status, JsonElement Body)> BuyAsync(int id, string? meter = null, long minor = 5_000)
    {
        string body = $$"""{"meterPan":"{{meter ?? Attributes.Pan.ToString()}}","amountMinorUnits":{{minor}},"currency":"CNY"}""";
        using HttpResponseMessage answer = await _http!.PutAsync(new Uri($"/v1/purchases/{Id(id)}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement.Clone());
    }

    public async Task<(int Status, string Body)> GetAsync(string address)
    {
        using HttpResponseMessage answer = await _http!.GetAsync(new Uri(address, UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static string TokenOf(JsonElement receipt) => receipt.GetProperty("tokens")[0].GetProperty("number").GetString()!;

    public static string CodeOf(JsonElement problem) => problem.GetProperty("code").GetString()!;

    /// <summary>Types a token at the maker's meter.</summary>
    public ModuleLink.Messages.TokenStatus Type(string token)
    {
        Meter.Type(TokenNumber.Parse(token));
        return Meter.Core.Snapshot.LastToken!.Status;
    }

    /// <summary>Two people say what the maker told them of an order's request: its token, or that there is none.</summary>
    public async Task<string?> SettleAsync(int order, string? token)
    {
        ApprovalEffect? effect = House.Makers.EffectOf(Id(order), token is null ? null : TokenNumber.Parse(token), out (string Code, string Detail)? problem);
        if (effect is null) return problem!.Value.Code;
        ApprovalPerson ann = ApprovalPerson.AtPortal("ann", isOperator: true), bo = ApprovalPerson.AtPortal("bo", isOperator: true);
        return await House.Acts.AskAndApproveAsync(Guid.CreateVersion7(), effect, "the maker's records", ann, bo, CancellationToken.None) is ApprovalOutcome.Refused refused ? refused.Code : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _http?.Dispose();
        Meter?.Dispose();
        _mint?.Dispose();
        await Maker.DisposeAsync();
        _directory.Dispose();
    }

    private async Task StartAsync()
    {
        (SellerDirectory? directory, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(Path);
        Assert.Empty(faults);
        _server = await PlatformServer.StartAsync(directory!.ToServer("http://127.0.0.1:0") with { Quiet = true }, directory.ToServe(), Clock, null, CancellationToken.None);
        _http?.Dispose();
        _http = new HttpClient { BaseAddress = _server.Addresses[0] };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
    }

    private async Task FurnishAsync()
    {
        byte[] key = RandomNumberGenerator.GetBytes(VendingKey.HmacLength);
        var terms = new SigningKeyTerms(Attributes.SupplyGroup, Attributes.KeyRevision, KeyType.Unique, BaseDate.Year2014, DateTimeOffset.UnixEpoch, null);
        Assert.Null(await House.Keys.ImportAsync(key, terms, 1_000_000_00, new TwoPeople("a", "b"), CancellationToken.None));
        await House.Meters.SaveAsync(new MeterRecord(Attributes, "STARTER", "C-1", "Room 101", Make: "CALIN"), CancellationToken.None);
        await House.Meters.SaveAsync(new MeterRecord(Attributes with { Pan = MeterPan.Parse(Ours) }, "STARTER", "C-2", "Room 102"), CancellationToken.None);
        var client = new ApiClient("till-1", [ApiScopes.Sell, ApiScopes.MetersRead, ApiScopes.ReceiptsRead], ApiClientLimits.Usual, Clock.GetUtcNow(), _digest);
        Assert.True(await new SqliteApiClients(_server!.Platform.Database).AddAsync(client, CancellationToken.None));
        _mint = new TestMint(Maker.KeyOf(Attributes), Attributes, 1);
        Meter = new BareMeter(_mint, new MemoryNvmImage(), 1);
        Meter.Manufacture();
        Meter.Boot();
        Meter.Wait(1_000);
    }
}
