using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Emulators.Hosting;

/// <summary>JSON as clients send it. Total on any input; a field of another kind is the same as none.</summary>
internal static class JsonInput
{
    // A name given twice has no one meaning, so the whole document is refused.
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static JsonObject? TryParse(byte[]? body)
    {
        try
        {
            return JsonNode.Parse(body ?? [], documentOptions: Limits) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonObject json, string name)
    {
        if (json[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.String) return null;
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape is valid JSON but not a text.
            return null;
        }
    }

    public static long? Integer(this JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out long number) ? number : null;
}
