using System.Text;

namespace Latchkey.Cli.Sellers;

/// <summary>The lines of a CSV file, cell by cell: commas or semicolons, quotes where a cell has one of them, no line break inside a cell.</summary>
internal static class CsvLines
{
    private const int LongestLine = 4096;

    /// <summary>Each line that is not empty with its number, counted from 1; null cells for a line that is no CSV.</summary>
    public static IEnumerable<(int Number, string[]? Cells)> Read(TextReader text)
    {
        char? separator = null;
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (number == 1) line = line.TrimStart('\uFEFF');
            if (line.Trim().Length == 0) continue;
            separator ??= line.Contains(';', StringComparison.Ordinal) && !line.Contains(',', StringComparison.Ordinal) ? ';' : ',';
            yield return (number, line.Length <= LongestLine ? Split(line, separator.Value) : null);
        }
    }

    private static string[]? Split(string line, char separator)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (c == separator && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(c);
        }

        cells.Add(cell.ToString());
        return isQuoted ? null : [.. cells];
    }
}
