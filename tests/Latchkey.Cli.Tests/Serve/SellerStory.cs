using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Latchkey.Cli.Tests.Signing;
using Latchkey.Storage.Ledger;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>A seller made and run by the commands alone: <c>init</c>, <c>serve</c>, <c>signer run</c>, over HTTP like anybody else.</summary>
internal sealed class SellerStory : IDisposable
{
    public const string Meter = "600727000000000009", Client = "till-1";
    private readonly TemporaryDirectory _place = new();
    private readonly Dictionary<string, string> _environment;
    private RunningCommand? _server, _signer;

    private SellerStory(IReadOnlyDictionary<string, string>? environment) => _environment = new Dictionary<string, string>(environment ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    public string Data => Path.Combine(_place.Path, "shop");

    public string SignerData => Path.Combine(_place.Path, "signer");

    public string Socket => Path.Combine(_place.Path, "run", "signer");

    /// <summary>The first two operators.</summary>
    public string[] People { get; private set; } = [];

    public RunningCommand Server => _server!;

    public HttpClient Http { get; private set; } = new();

    /// <summary>A seller with a meter and a client that may do everything, whose settings say <paramref name="signer"/> of the signer.</summary>
    public static async Task<SellerStory> CreateAsync(Func<SellerStory, string> signer, IReadOnlyDictionary<string, string>? environment = null)
    {
        var story = new SellerStory(environment);
        JsonElement operators = JsonDocument.Parse(await story.DoAsync("init", story.Data, "--name", "Riverside", "--utc-offset", "+08:00", "--json")).RootElement.GetProperty("operators");

        // The two whom 'init' made answer for keys with passwords of their own.
        story._environment["LATCHKEY_FIRST_PASSWORD"] = operators[0].GetProperty("password").GetString()!;
        story._environment["LATCHKEY_SECOND_PASSWORD"] = operators[1].GetProperty("password").GetString()!;
        story.People = [operators[0].GetProperty("name").GetString()!, operators[1].GetProperty("name").GetString()!];
        await story.SettingsAsync("\"signer\": { \"kind\": \"in-process\" }\n", $"\"signer\": {signer(story)}\n");
        await story.DoAsync("meters", "import", story.Data, Path.Combine(story.Data, "meters-example.csv"));
        return story;
    }

    /// <summary>The signer's own directory, with the key of the books' seal copied into it as the operator does.</summary>
    public void MakeSignerDirectory()
    {
        Directory.CreateDirectory(SignerData);
        File.Copy(Path.Combine(Data, LedgerSeal.FileName), Path.Combine(SignerData, LedgerSeal.FileName));
    }

    public async Task SettingsAsync(string old, string fresh)
    {
        string path = Path.Combine(Data, "settings.json"), text = await File.ReadAllTextAsync(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(old, fresh, StringComparison.Ordinal));
    }

    /// <summary>Serves on a free port; the client calls it from then on.</summary>
    public async Task ServeAsync()
    {
        string key = JsonDocument.Parse(await DoAsync(
            "clients", "add", Data, Client, "--scope", "sell", "meters.read", "receipts.read", "webhooks", "--per-minute", "100000", "--concurrent", "100", "--json")).RootElement.GetProperty("key").GetString()!;
        await ServeAgainAsync();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task ServeAgainAsync()
    {
        AuthenticationHeaderValue? who = Http.DefaultRequestHeaders.Authorization;
        _server?.Dispose();
        _server = RunningCommand.Start(_environment, "serve", "--data", Data, "--urls", "http://127.0.0.1:0");
        string line = await _server.LineAsync("is served by Latchkey: ");
        Http.Dispose();
        Http = new HttpClient { BaseAddress = new Uri(line[(line.LastIndexOf(' ') + 1)..]), Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = who;
    }

    public void KillServer() => _server!.Kill();

    public async Task StartSignerAsync(params string[] more)
    {
        _signer = RunningCommand.Start(_environment, ["signer", "run", "--data", SignerData, "--ledger", Data, "--socket", Socket, .. more]);
        await _signer.LineAsync("signing at ");
    }

    public void KillSigner()
    {
        _signer!.Dispose();
        _signer = null;
    }

    /// <summary>Runs a command that must succeed; its standard output.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        (int exit, string output, string error) = await TryAsync(arguments);
        Assert.True(exit == 0, $"latchkey {string.Join(' ', arguments)}: {exit}\n{error}");
        return output;
    }

    public Task<(int Exit, string Output, string Error)> TryAsync(params string[] arguments) => SignerProcess.RunAsync(_environment, arguments);

    public Task<HttpResponseMessage> BuyAsync(Guid id, long minorUnits = 5_000, string meter = Meter) => Http.PutAsync(
        new Uri($"/v1/purchases/{id}", UriKind.Relative),
        new StringContent($$"""{"meterPan":"{{meter}}","amountMinorUnits":{{minorUnits}},"currency":"CNY"}""", Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> ReverseAsync(Guid id) => Http.PostAsync(
        new Uri($"/v1/purchases/{id}/reversal", UriKind.Relative), new StringContent("""{"reason":"timeout"}""", Encoding.UTF8, "application/json"));

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string address)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(address, UriKind.Relative));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Waits until an address answers with a status; the self-check has its own pace.</summary>
    public async Task<JsonElement> UntilAsync(string address, HttpStatusCode wanted, Func<JsonElement, bool>? holds = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            (HttpStatusCode status, JsonElement body) = await GetAsync(address);
            if (status == wanted && (holds is null || holds(body))) return body;
            Assert.False(limit.IsCancellationRequested, $"{address} stays {status}: {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    public static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;

    public void Dispose()
    {
        _server?.Dispose();
        _signer?.Dispose();
        Http.Dispose();
        _place.Dispose();
    }
}
