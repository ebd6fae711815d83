using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Latchkey.Sts;

/// <summary>EA07 tables as a JSON document: <c>{"s1":[16 numbers],"s2":[16],"p":[64]}</c>.</summary>
/// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm; the form of the file is ours.</remarks>
public static class StaTablesFile
{
    private const int MaxLength = 65_536;

    /// <summary>Reads the document; false where it is not JSON of this form or a list is not a permutation. Never throws.</summary>
    /// <param name="utf8">The document, at most 64 KiB.</param>
    /// <param name="tables">The tables, or null.</param>
    /// <param name="fault">What is wrong with it, or null.</param>
    /// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm; the form of the file is ours.</remarks>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out StaTables? tables, [NotNullWhen(false)] out string? fault)
    {
        tables = null;
        fault = utf8.Length > MaxLength ? "the file is larger than 64 KiB" : null;
        if (fault is not null) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            if (!JsonUnicode.IsWellFormed(document.RootElement))
            {
                fault = "it holds text that is not Unicode";
                return false;
            }

            byte[]? s1 = List(document.RootElement, "s1");
            byte[]? s2 = List(document.RootElement, "s2");
            byte[]? p = List(document.RootElement, "p");
            if (s1 is null || s2 is null || p is null) fault = "it needs the lists s1, s2 and p of small numbers";
            else if (!StaTables.TryCreate(s1, s2, p, out tables)) fault = "s1 and s2 must be permutations of 0 to 15, and p of 0 to 63";
        }
        catch (JsonException e)
        {
            fault = "it is not JSON: " + e.Message;
        }

        return fault is null;
    }

    private static byte[]? List(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array) return null;
        byte[] values = new byte[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetByte(out values[i++])) return null;
        }

        return values;
    }
}
