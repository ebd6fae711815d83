using System.Text.Encodings.Web;
using System.Text.Json;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Serve;

/// <summary>The published description of the interface: reviewed like code, rewritten only on request.</summary>
public sealed class OpenApiTests(PurchaseApiTests.SharedServer shared) : IClassFixture<PurchaseApiTests.SharedServer>
{
    // LATCHKEY_WRITE_GOLDEN=1 writes the file instead of comparing.
    private const string Request = "LATCHKEY_WRITE_GOLDEN";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HashSet<string> Methods = ["get", "put", "post", "delete"];

    [Fact]
    public async Task Description_IsTheOneThatIsPublished()
    {
        string path = RepositoryRoot.Combine("docs", "openapi", "v1.json");
        string text = JsonSerializer.Serialize(await DocumentAsync(), Indented) + "\n";
        if (Environment.GetEnvironmentVariable(Request) == "1") await File.WriteAllTextAsync(path, text);
        Assert.Equal(await File.ReadAllTextAsync(path), text);
    }

    [Fact]
    public async Task EveryOperation_SaysItsScopeAndItsRefusals_AndShowsABody()
    {
        List<string> faults = [];
        foreach (JsonProperty path in (await DocumentAsync()).GetProperty("paths").EnumerateObject().Where(p => p.Name is not ("/v1/payments/wechat/notify" or "/v1/keys/receipts")))
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(o => Methods.Contains(o.Name)))
            {
                string name = $"{operation.Name} {path.Name}";
                if (!operation.Value.TryGetProperty("description", out JsonElement text) || !text.GetString()!.Contains("Scope: ", StringComparison.Ordinal)) faults.Add(name + ": no scope");
                foreach (string status in (string[])["401", "403", "429"])
                {
                    if (!operation.Value.GetProperty("responses").TryGetProperty(status, out _)) faults.Add($"{name}: no {status}");
                }

                if (operation.Value.TryGetProperty("requestBody", out JsonElement body) && !body.GetProperty("content").EnumerateObject().All(c => c.Value.TryGetProperty("example", out _))) faults.Add(name + ": no example");
                if (!operation.Value.TryGetProperty("summary", out _)) faults.Add(name + ": no summary");
            }
        }

        Assert.Empty(faults);
    }

    private async Task<JsonElement> DocumentAsync() => JsonDocument.Parse(await shared.Client.GetByteArrayAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;
}
