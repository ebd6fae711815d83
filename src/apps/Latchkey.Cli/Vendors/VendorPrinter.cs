using System.Text.Json;
using Spectre.Console;

namespace Latchkey.Cli.Vendors;

/// <summary>Shows an answer as JSON, or as a table for people.</summary>
internal static class VendorPrinter
{
    public static void Print(object answer, bool asJson)
    {
        if (asJson)
        {
            CommandOutput.WriteJson(answer);
            return;
        }

        JsonElement document = JsonSerializer.SerializeToElement(answer, CommandOutput.Json);
        if (document.ValueKind == JsonValueKind.Array) PrintRows(document);
        else PrintFacts(document);
    }

    private static void PrintRows(JsonElement rows)
    {
        if (rows.GetArrayLength() == 0)
        {
            Console.Out.WriteLine("nothing");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        foreach (JsonProperty column in rows[0].EnumerateObject()) table.AddColumn(Markup.Escape(column.Name));
        foreach (JsonElement row in rows.EnumerateArray()) table.AddRow([.. row.EnumerateObject().Select(p => Markup.Escape(Text(p.Value)))]);
        AnsiConsole.Write(table);
    }

    private static void PrintFacts(JsonElement document)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("", "");
        foreach (JsonProperty fact in document.EnumerateObject()) table.AddRow(Markup.Escape(fact.Name), Markup.Escape(Text(fact.Value)));
        AnsiConsole.Write(table);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(p => $"{p.Name} {Text(p.Value)}")),
        _ => value.GetRawText(),
    };
}
