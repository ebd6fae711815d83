using System.Text.Json;

namespace Latchkey.Cli.Sts;

/// <summary>The form of a vector file: an object with a list <c>vectors</c>, or the list alone.</summary>
internal static class StsVectorFile
{
    public static JsonElement.ArrayEnumerator? Vectors(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) return root.EnumerateArray();
        bool has = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("vectors", out JsonElement list) && list.ValueKind == JsonValueKind.Array;
        return has ? root.GetProperty("vectors").EnumerateArray() : null;
    }
}
