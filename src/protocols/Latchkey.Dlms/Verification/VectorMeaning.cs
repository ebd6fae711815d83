using System.Globalization;
using System.Text;
using System.Text.Json;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Verification;

/// <summary>Compares a data value with its meaning in words: every number, name, date and text of the meaning must be found in the value.</summary>
internal static class VectorMeaning
{
    public static void Require(VectorCheck check, string what, JsonElement meaning, DataView value)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Collect(value, found);
        RequireLeaves(check, what, meaning, found);
    }

    private static void RequireLeaves(VectorCheck check, string what, JsonElement meaning, HashSet<string> found)
    {
        switch (meaning.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in meaning.EnumerateObject()) RequireLeaves(check, $"{what}.{property.Name}", property.Value, found);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in meaning.EnumerateArray()) RequireLeaves(check, what, item, found);
                break;
            case JsonValueKind.Number:
                check.Require(found.Contains(meaning.GetRawText()), $"{what}: {meaning.GetRawText()} is not in the value");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                check.Require(found.Contains(meaning.GetBoolean() ? "1" : "0"), $"{what}: {meaning.GetRawText()} is not in the value");
                break;
            case JsonValueKind.String:
                string text = meaning.GetString()!;
                check.Require(found.Contains(text) || IsFoundInParts(text, found), $"{what}: '{text}' is not in the value");
                break;
        }
    }

    // "2 prepayment" names a number, "3/1.0.1.8.0.255/2" an attribute; a sentence that starts with a letter is a remark.
    private static bool IsFoundInParts(string text, HashSet<string> found)
    {
        string[] parts = text.Split('/');
        if (parts.Length == 3 && !text.Contains(' ', StringComparison.Ordinal)) return parts.All(found.Contains);
        string[] words = text.Split(' ');
        bool numbered = words.Length > 1 && long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return numbered ? found.Contains(words[0]) : words.Length > 1;
    }

    private static void Collect(DataView value, HashSet<string> found)
    {
        if (value.TryGetInteger(out long number)) found.Add(number.ToString(CultureInfo.InvariantCulture));
        if (value.TryGetLogicalName(out LogicalName name)) found.Add(name.ToString());
        if (value.TryGetDateTime(out CosemDateTime time)) found.Add(time.ToString()[..19]);
        if (value.TryGetOctets(out ReadOnlySpan<byte> octets))
        {
            found.Add(Encoding.UTF8.GetString(octets));
            found.Add(Convert.ToHexString(octets));
        }

        if (value.Tag is not (DataTag.Array or DataTag.Structure)) return;
        found.Add(value.Count.ToString(CultureInfo.InvariantCulture));
        foreach (DataView item in value.Items) Collect(item, found);
    }
}
