using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Sts;

/// <summary>Compares a computed result with the keys an expectation names; keys it does not name are not judged.</summary>
internal static class StsVectorComparison
{
    internal static string? Difference(JsonElement expected, JsonNode? actual, string path) => expected.ValueKind switch
    {
        JsonValueKind.Object when actual is JsonObject found => InObject(expected, found, path),
        JsonValueKind.String when actual is JsonValue text && text.TryGetValue(out string? value) && value == expected.GetString() => null,
        JsonValueKind.Number when actual is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.ToJsonString() == expected.GetRawText() => null,
        JsonValueKind.True or JsonValueKind.False when actual is JsonValue flag && flag.TryGetValue(out bool value) && value == expected.GetBoolean() => null,
        _ => string.Create(CultureInfo.InvariantCulture, $"{path} is {actual?.ToJsonString() ?? "missing"}, expected {expected.GetRawText()}"),
    };

    private static string? InObject(JsonElement expected, JsonObject actual, string path)
    {
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            string? difference = Difference(property.Value, actual[property.Name], path.Length == 0 ? property.Name : path + "." + property.Name);
            if (difference is not null) return difference;
        }

        return null;
    }
}
