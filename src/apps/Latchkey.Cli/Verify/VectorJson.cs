using System.Text.Json;

namespace Latchkey.Cli.Verify;

/// <summary>Reads the parts of vector files; a part that is missing makes that one vector fail, never the run.</summary>
internal static class VectorJson
{
    public static string Text(this JsonElement element, params string[] path) => element.At(path).ToString();

    public static long Number(this JsonElement element, params string[] path) => element.At(path).GetInt64();

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    public static bool Has(this JsonElement element, params string[] names) =>
        element.ValueKind == JsonValueKind.Object && names.All(name => element.TryGetProperty(name, out _));

    /// <summary>Runs one vector's comparison; whatever its form makes it throw is that vector's failure.</summary>
    public static VectorOutcome Judge(string id, Func<string?> difference)
    {
        try
        {
            return difference() is { } found ? VectorOutcome.Failed(id, found) : VectorOutcome.Passed(id);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or JsonException or OverflowException)
        {
            return VectorOutcome.Failed(id, "malformed vector: " + e.Message);
        }
    }

    public static string? Difference(string name, string expected, string actual) =>
        expected == actual ? null : $"{name}: expected {Short(expected)}, computed {Short(actual)}";

    private static JsonElement At(this JsonElement element, string[] path) =>
        path.Aggregate(element, (at, name) => at.TryGetProperty(name, out JsonElement next)
            ? next
            : throw new KeyNotFoundException($"'{name}' is missing"));

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
