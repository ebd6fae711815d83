using System.Text;
using Spectre.Console;

namespace Latchkey.Cli.Books;

/// <summary>How a sheet is written.</summary>
internal enum SheetForm
{
    Table,
    Json,
    Csv,
}

/// <summary>A list of the books for people, for spreadsheets and for programs.</summary>
/// <param name="Heading">Lines above the table.</param>
/// <param name="Columns">A name ending in <c>#</c> is a number: it stands right.</param>
/// <param name="Footing">Lines below the table.</param>
/// <param name="Document">The same for programs: amounts in the smallest step of their unit.</param>
internal sealed record Sheet(
    IReadOnlyList<string> Heading, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Footing, object Document)
{
    private const string FormulaStarts = "=+-@\t\r";

    public void Write(SheetForm form)
    {
        if (form == SheetForm.Json) CommandOutput.WriteJson(Document);
        else if (form == SheetForm.Csv) WriteCsv();
        else WriteTable();
    }

    private void WriteTable()
    {
        foreach (string line in Heading) Console.Out.WriteLine(line);
        Table table = new Table().RoundedBorder();
        foreach (string column in Columns)
        {
            var head = new TableColumn(Markup.Escape(column.TrimEnd('#')));
            table.AddColumn(column.EndsWith('#') ? head.RightAligned().NoWrap() : head);
        }

        foreach (IReadOnlyList<string> row in Rows) table.AddRow([.. row.Select(Markup.Escape)]);
        if (Rows.Count > 0) AnsiConsole.Write(table);
        foreach (string line in Footing) Console.Out.WriteLine(line);
    }

    private void WriteCsv()
    {
        var text = new StringBuilder();
        Line(text, [.. Columns.Select(c => c.TrimEnd('#'))], isNumber: _ => false);
        foreach (IReadOnlyList<string> row in Rows) Line(text, row, isNumber: i => Columns[i].EndsWith('#'));
        Console.Out.Write(text);
    }

    /// <summary>RFC 4180; a text that a spreadsheet would take for a formula is made plain text.</summary>
    private static void Line(StringBuilder to, IReadOnlyList<string> cells, Func<int, bool> isNumber)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            string cell = !isNumber(i) && cells[i].Length > 0 && FormulaStarts.Contains(cells[i][0], StringComparison.Ordinal) ? "'" + cells[i] : cells[i];
            bool quote = cell.AsSpan().IndexOfAny("\",\r\n") >= 0;
            to.Append(i == 0 ? string.Empty : ",").Append(quote ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : cell);
        }

        to.Append("\r\n");
    }
}
