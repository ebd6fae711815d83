using System.Globalization;
using System.Text;
using System.Text.Json;
using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Verification;

/// <summary>A decoded APDU as names and values, to be laid beside the JSON of a vector.</summary>
internal sealed class Tree : Dictionary<string, object?>
{
    public Tree(string kind)
        : base(StringComparer.Ordinal) => this["_"] = kind;

    public static object? Octets(ReadOnlySpan<byte> octets) => octets.IsEmpty ? null : Hex(octets);

    public static Tree Hex(ReadOnlySpan<byte> octets) => new(string.Empty) { ["hex"] = Convert.ToHexStringLower(octets) };

    /// <summary>A data value without its types: numbers, texts, octets as hex, lists.</summary>
    public static object? Plain(DataView value)
    {
        if (value.Tag is DataTag.Array or DataTag.Structure)
        {
            var items = new List<object?>();
            foreach (DataView item in value.Items) items.Add(Plain(item));
            return items;
        }

        if (value.Tag == DataTag.OctetString && value.TryGetOctets(out ReadOnlySpan<byte> octets)) return Hex(octets);
        if (value.TryGetOctets(out ReadOnlySpan<byte> text)) return Encoding.UTF8.GetString(text);
        if (value.Tag == DataTag.Boolean) return value.TryGetInteger(out long flag) && flag != 0;
        if (value.TryGetInteger(out long number)) return number;
        return value.IsNull ? null : Hex(value.Encoded);
    }

    /// <summary>A data value with its types.</summary>
    public static Tree Typed(DataView value)
    {
        if (value.Tag is not (DataTag.Array or DataTag.Structure)) return new Tree(TreeNames.Data(value.Tag)) { ["value"] = Plain(value) };
        var items = new List<object?>();
        foreach (DataView item in value.Items) items.Add(Typed(item));
        return new Tree(TreeNames.Data(value.Tag)) { ["value"] = items };
    }

    /// <summary>Where <paramref name="actual"/> differs from what the vector says; null where it does not.</summary>
    public static string? Difference(string path, JsonElement expected, object? actual)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                return DifferenceOfObject(path, expected, actual);
            case JsonValueKind.Array:
                return DifferenceOfList(path, expected, actual as List<object?>);
            case JsonValueKind.Null:
                return actual is null ? null : $"{path}: expected nothing";
            default:
                string text = expected.ValueKind == JsonValueKind.String ? expected.GetString()! : expected.GetRawText();
                string? given = actual switch
                {
                    bool flag => flag ? "true" : "false",
                    IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                    _ => actual as string,
                };
                return string.Equals(text, given, StringComparison.Ordinal) ? null : $"{path}: expected {text}, got {given ?? "nothing"}";
        }
    }

    private static string? DifferenceOfObject(string path, JsonElement expected, object? actual)
    {
        if (actual is not Tree tree) return $"{path}: expected an object";
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            tree.TryGetValue(property.Name, out object? value);
            string? difference = Difference($"{path}.{property.Name}", property.Value, value);
            if (difference is not null) return difference;
        }

        return null;
    }

    private static string? DifferenceOfList(string path, JsonElement expected, List<object?>? actual)
    {
        if (actual is null || actual.Count != expected.GetArrayLength()) return $"{path}: expected {expected.GetArrayLength()} elements";
        int index = 0;
        foreach (JsonElement item in expected.EnumerateArray())
        {
            string? difference = Difference($"{path}[{index}]", item, actual[index]);
            if (difference is not null) return difference;
            index++;
        }

        return null;
    }
}
