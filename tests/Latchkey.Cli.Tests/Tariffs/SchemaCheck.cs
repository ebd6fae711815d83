using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Cli.Tests.Tariffs;

/// <summary>As much of JSON Schema as the published schema uses; a word it does not know fails, so that the schema cannot outgrow it.</summary>
internal sealed class SchemaCheck(JsonElement root)
{
    private static readonly HashSet<string> Notes = ["$schema", "title", "description", "$defs"];

    /// <summary>Null, or the first place that does not fit.</summary>
    public string? Fault(JsonElement value, JsonElement schema, string path = "$")
    {
        foreach (JsonProperty rule in schema.EnumerateObject())
        {
            if (!Notes.Contains(rule.Name) && Broken(value, rule, path) is { } fault) return fault;
        }

        return null;
    }

    private string? Broken(JsonElement value, JsonProperty rule, string path) => rule.Name switch
    {
        "$ref" => Fault(value, root.GetProperty("$defs").GetProperty(rule.Value.GetString()!["#/$defs/".Length..]), path),
        "type" => IsOfType(value, rule.Value) ? null : $"{path}: not of type {rule.Value}",
        "enum" => rule.Value.EnumerateArray().Any(known => JsonElement.DeepEquals(known, value)) ? null : $"{path}: none of {rule.Value}",
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : $"{path}: does not fit {rule.Value}",
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= rule.Value.GetDecimal() ? null : $"{path}: below {rule.Value}",
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= rule.Value.GetDecimal() ? null : $"{path}: above {rule.Value}",
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= rule.Value.GetInt32() ? null : $"{path}: too many items",
        "required" => value.ValueKind != JsonValueKind.Object ? null : rule.Value.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _)).Select(n => $"{path}: {n} is missing").FirstOrDefault(),
        "properties" => value.ValueKind != JsonValueKind.Object ? null : rule.Value.EnumerateObject()
            .Select(p => value.TryGetProperty(p.Name, out JsonElement member) ? Fault(member, p.Value, $"{path}.{p.Name}") : null).FirstOrDefault(f => f is not null),
        "items" => value.ValueKind != JsonValueKind.Array ? null : value.EnumerateArray().Select((item, i) => Fault(item, rule.Value, $"{path}[{i}]")).FirstOrDefault(f => f is not null),
        "anyOf" => rule.Value.EnumerateArray().Any(option => Fault(value, option, path) is null) ? null : $"{path}: fits no option",
        "oneOf" => rule.Value.EnumerateArray().Count(option => Fault(value, option, path) is null) == 1 ? null : $"{path}: fits none or several options",
        _ => throw new NotSupportedException(rule.Name),
    };

    private static bool IsOfType(JsonElement value, JsonElement types) => types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Any(t => IsOf(value, t.GetString()!)) : IsOf(value, types.GetString()!);

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
