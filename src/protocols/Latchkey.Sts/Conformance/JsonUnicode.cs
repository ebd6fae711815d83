using System.Text.Json;

namespace Latchkey.Sts;

/// <summary>The platform's reader takes JSON whose text is no Unicode (bytes that are not UTF-8, half a surrogate pair) and throws only when the text is asked for.</summary>
internal static class JsonUnicode
{
    /// <summary>Whether every text and every name in an element can be asked for.</summary>
    internal static bool IsWellFormed(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return CanRead(() => element.GetString());
            case JsonValueKind.Array:
                return element.EnumerateArray().All(IsWellFormed);
            case JsonValueKind.Object:
                return element.EnumerateObject().All(property => CanRead(() => property.Name) && IsWellFormed(property.Value));
            default:
                return true;
        }
    }

    private static bool CanRead(Func<string?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
