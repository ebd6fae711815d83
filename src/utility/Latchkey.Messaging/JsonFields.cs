using System.Text.Json;

namespace Latchkey.Messaging;

/// <summary>Reads outside JSON field by field; a field of another kind is the same as none.</summary>
internal static class JsonFields
{
    // A name given twice has no one meaning, so the whole document is refused.
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, Limits);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Child(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement child) ? child : null;

    public static string? Text(this JsonElement parent, string name)
    {
        if (parent.Child(name) is not { ValueKind: JsonValueKind.String } child) return null;
        try
        {
            return child.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape is valid JSON but not a text.
            return null;
        }
    }

    public static long? Integer(this JsonElement parent, string name) =>
        parent.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetInt64(out long value) ? value : null;
}
