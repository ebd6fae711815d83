using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Tariffs;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Tariffs;

/// <summary>The published schema and the program's reader say the same of a tariff file.</summary>
public sealed class TariffSchemaTests
{
    // One tariff with every member that the schema names.
    private const string Whole = """
        {"id":"W","utility":"U","currency":"CNY","minor_digits":2,"valid":"2026-01-01/2026-12-31","accumulation":"calendar_month","accumulation_key":"meter",
         "vat":{"rate":0.13,"base":["energy"],"inclusive":false},
         "fixed":[{"name":"f","amount":1,"per":"month","max_share":0.5,"collected":"accumulated"}],"pro_rata":"days",
         "levies":[{"name":"l","basis":"per_kwh","rate":0.1,"rates":[{"valid":"2026-01","rate":0.2}]}],
         "subsidies":[{"name":"s","basis":"per_kwh","rate":0.1,"up_to":50}],
         "blocks":[{"from":0,"to":50,"rate":0.5},{"from":50,"to":null,"rate":0.8}],
         "free_units":{"kwh":50,"rule":"r","per":"month","average_below":400},"minimum":5,"rounding":"carry"}
        """;

    private const string Clock = """
        {"id":"C","currency":"CNY","minor_digits":2,
         "time_of_use":{"seasons":[{"name":"summer","from":"01-01","to":"06-30"},{"name":"rest","from":"07-01","to":"12-31"}],"holidays":["2026-10-01"],
          "periods":[{"name":"all days","season":null,"days":["weekdays","weekends"],"from":"00:00","to":"24:00","rate":0.9},
                     {"name":"holidays","days":["holidays"],"from":"00:00","to":"24:00","rate":0.5}]}}
        """;

    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("docs", "schemas", "tariff.schema.json"))).RootElement;
    private static readonly SchemaCheck Check = new(Schema);

    [Fact]
    public void EveryPublishedTariff_FitsTheSchema() =>
        Assert.Null(Check.Fault(JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("vectors", "tariffs", "tariffs.json"))).RootElement, Schema));

    [Theory]
    [InlineData(Whole)]
    [InlineData(Clock)]
    public void AWholeTariff_IsTakenByBoth_AndComesBackFromTheWriterFitting(string text)
    {
        JsonElement json = JsonDocument.Parse(text).RootElement;
        Assert.Null(Check.Fault(json, Schema));
        Assert.True(TariffJson.TryRead(json, out Tariff? tariff, out string? fault), fault);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) TariffWriter.Write(writer, tariff!);
        Assert.Null(Check.Fault(JsonDocument.Parse(stream.ToArray()).RootElement, Schema));
    }

    // Each member in turn is left out, or becomes something else: where the schema refuses, the reader does, and the other way round.
    [Theory]
    [InlineData(Whole)]
    [InlineData(Clock)]
    public void EveryMemberLeftOutOrOfAnotherKind_IsJudgedAlikeByBoth(string text)
    {
        int judged = 0;
        foreach (string path in Paths(JsonNode.Parse(text)!, string.Empty).Where(p => p.Length > 0))
        {
            foreach (JsonNode? other in (JsonNode?[])[null, JsonValue.Create("a text"), JsonValue.Create(true), new JsonObject(), new JsonArray(JsonValue.Create(1))])
            {
                JsonElement changed = Changed(text, path, other);
                bool fits = Check.Fault(changed, Schema) is null, isRead = TariffJson.TryRead(changed, out _, out string? fault);

                // The reader also knows what blocks, names and clocks must add up to; the schema knows shapes alone.
                if (fits) Assert.True(isRead || !IsShape(fault!), $"{path} = {other?.ToJsonString() ?? "left out"}: the schema takes it, the reader says {fault}");
                else Assert.False(isRead, $"{path} = {other?.ToJsonString() ?? "left out"}: the reader takes what the schema refuses: {Check.Fault(changed, Schema)}");
                judged++;
            }
        }

        Assert.True(judged > 100);
    }

    [Fact]
    public void TheTariffsUsedHere_NameEveryMemberOfTheSchema()
    {
        HashSet<string> used = [.. Paths(JsonNode.Parse(Whole)!, string.Empty).Concat(Paths(JsonNode.Parse(Clock)!, string.Empty)).Select(p => p.Split('.')[^1].Split('[')[0])];
        Assert.Empty(Names(Schema.GetProperty("$defs").GetProperty("tariff")).Where(name => !used.Contains(name)));
    }

    private static bool IsShape(string fault) => fault.Contains("is expected", StringComparison.Ordinal) || fault.Contains("is missing", StringComparison.Ordinal);

    private static IEnumerable<string> Names(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array) return schema.EnumerateArray().SelectMany(Names);
        if (schema.ValueKind != JsonValueKind.Object) return [];
        IEnumerable<string> own = schema.TryGetProperty("properties", out JsonElement properties) ? properties.EnumerateObject().Select(p => p.Name) : [];
        return own.Concat(schema.EnumerateObject().SelectMany(p => Names(p.Value)));
    }

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject o => o.SelectMany(m => (m.Value is null ? [] : Paths(m.Value, Joined(path, m.Key))).Prepend(Joined(path, m.Key))),
        JsonArray a => a.SelectMany((item, i) => item is null ? [] : Paths(item, $"{path}[{i}]")),
        _ => [],
    };

    private static string Joined(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static JsonElement Changed(string text, string path, JsonNode? value)
    {
        JsonNode root = JsonNode.Parse(text)!, at = root;
        string[] steps = path.Split('.');
        foreach (string step in steps[..^1]) at = Into(at, step);
        if (value is null) ((JsonObject)at).Remove(steps[^1]);
        else at[steps[^1]] = value.DeepClone();
        return JsonSerializer.SerializeToElement(root);
    }

    private static JsonNode Into(JsonNode node, string step)
    {
        string[] parts = step.Split('[', ']');
        JsonNode next = node[parts[0]]!;
        return parts.Length > 1 ? next[int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)]! : next;
    }
}
