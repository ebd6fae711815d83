using System.Text;

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
/// <param name="Document">The same, in full, for programs: amounts in the smallest step of their unit.</param>
internal sealed record Sheet(
    IReadOnlyList<string> Heading, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Footing, object Document)
{
    /// <summary>The rows for spreadsheets where people are shown fewer; null where both see the same.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? AllRows { get; init; }

    private const string FormulaStarts = "=+-@\t\r";

    public void Write(SheetForm form)
    {
        if (form == SheetForm.Json) CommandOutput.WriteJson(Document);
        else if (form == SheetForm.Csv) WriteCsv();
        else WriteTable();
    }

    /// <summary>Plain columns that are never folded: a line of the books stays one line, on paper and in a pipe.</summary>
    private void WriteTable()
    {
        foreach (string line in Heading) Console.Out.WriteLine(line);
        if (Rows.Count > 0)
        {
            int[] widths = [.. Columns.Select((c, i) => Math.Max(Name(c).Length, Rows.Max(r => r[i].Length)))];
            Console.Out.WriteLine(Line([.. Columns.Select(Name)], widths));
            Console.Out.WriteLine(Line([.. widths.Select(w => new string('-', w))], widths));
            foreach (IReadOnlyList<string> row in Rows) Console.Out.WriteLine(Line(row, widths));
        }

        foreach (string line in Footing) Console.Out.WriteLine(line);
    }

    private string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, i) => Columns[i].EndsWith('#') ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();

    private void WriteCsv()
    {
        var text = new StringBuilder();
        Line(text, [.. Columns.Select(Name)], isNumber: _ => false);
        foreach (IReadOnlyList<string> row in AllRows ?? Rows) Line(text, row, isNumber: i => Columns[i].EndsWith('#'));
        Console.Out.Write(text);
    }

    private static string Name(string column) => column.TrimEnd('#');

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
