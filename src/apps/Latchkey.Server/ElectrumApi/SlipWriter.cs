using System.Text.Json;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The printed slip of an answer: the utility's own lines, then the receipts.</summary>
internal static class SlipWriter
{
    /// <summary>A key-change token on the slip, in the groups in which it is typed.</summary>
    public static IEnumerable<string> KeyLines(string digits) =>
        ["Key change, type this first:", string.Join(' ', digits.Chunk(4).Select(group => new string(group)))];

    public static void Write(Utf8JsonWriter json, IReadOnlyList<SlipText> heading, IReadOnlyList<string> lines, string reference)
    {
        json.WriteStartObject("slipData");
        json.WriteNumber("slipWidth", ReceiptText.Columns);
        json.WriteString("issuerReference", reference);
        json.WriteStartArray("messageLines");
        foreach (SlipText line in heading)
        {
            json.WriteStartObject();
            json.WriteString("text", line.Text);
            if (line.WidthScale is { } width) json.WriteNumber("fontWidthScaleFactor", width);
            if (line.HeightScale is { } height) json.WriteNumber("fontHeightScaleFactor", height);
            json.WriteEndObject();
        }

        foreach (string line in lines)
        {
            json.WriteStartObject();
            json.WriteString("text", line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
