using System.Globalization;
using System.Text;

namespace Latchkey.Simulator.Physics;

/// <summary>A recording as text: one instant a line, columns separated by comma, semicolon, tab or blanks, perhaps with a heading.</summary>
internal sealed class RecordingText
{
    private const int Looked = 4096;
    private const int MostColumns = 64;
    private const double MostUnreadable = 0.01;
    private const double UnevenShare = 0.2;
    private readonly string[] _names;

    private RecordingText(double[][] columns, string[] names)
    {
        (Columns, _names) = (columns, names);
        Time = FindTime();
        RateHz = Time is { } t ? RateOf(Columns[t]) : null;
    }

    public double[][] Columns { get; }

    /// <summary>The column that holds the time, if one does.</summary>
    public int? Time { get; }

    /// <summary>The rate that the time column tells.</summary>
    public double? RateHz { get; }

    public static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, Looked)];
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        foreach (byte b in head)
        {
            if (b is < 32 and not (9 or 10 or 13)) return false;
        }

        // Samples may by chance all look printable; numbers have digits and lines.
        return head.ContainsAny((byte)'\n', (byte)'\r') && head.ContainsAnyInRange((byte)'0', (byte)'9');
    }

    public static bool TryRead(byte[] bytes, out RecordingText? text, out string reason)
    {
        text = null;
        string[] names = [];
        List<double>[] columns = [];
        int number = 0, unreadable = 0;
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty || line.TrimStart()[0] is '#' or '%') continue;
            string[] cells = Split(line);
            double[]? values = Numbers(cells);
            if (columns.Length == 0)
            {
                if (values is null) names = cells;
                else columns = [.. values.Take(MostColumns).Select(v => new List<double> { v })];
            }
            else if (values is not null && values.Length >= columns.Length)
            {
                for (int c = 0; c < columns.Length; c++) columns[c].Add(values[c]);
            }
            else
            {
                // A hole is filled with what stood before it, so that the instants after it keep their place.
                unreadable++;
                foreach (List<double> c in columns) c.Add(c[^1]);
                if (unreadable > 10 && unreadable > MostUnreadable * columns[0].Count) return Refuse($"line {number} is not {columns.Length} numbers", out reason);
            }

            if (columns.Length > 0 && columns[0].Count >= Recording.MostSamples) break;
        }

        if (columns.Length == 0) return Refuse("no line of numbers", out reason);
        text = new([.. columns.Select(c => c.ToArray())], names);
        reason = "";
        return true;
    }

    /// <summary>The columns of current and voltage: by their headings, else by how they look; the last one where nothing tells.</summary>
    public (int Current, int? Voltage) Find(int? column)
    {
        int[] open = [.. Enumerable.Range(0, Columns.Length).Where(c => c != Time)];
        int? voltage = Named(IsVoltageName), current = column - 1 ?? Named(IsCurrentName);
        if (open.Length == 0) open = [0];
        if (voltage is null && open.Length == 2 && current is null)
        {
            if (IsMainsVoltage(Columns[open[0]], Columns[open[1]])) voltage = open[0];
            else if (IsMainsVoltage(Columns[open[1]], Columns[open[0]])) voltage = open[1];
        }

        int found = current ?? open.LastOrDefault(c => c != voltage, open[^1]);
        return (found, voltage == found ? null : voltage);
    }

    // The larger of two by far, as large as a mains voltage and without a constant part.
    private static bool IsMainsVoltage(double[] one, double[] other)
    {
        static double Rms(double[] x) => Math.Sqrt(x.Average(v => v * v));
        double rms = Rms(one);
        return rms is > 60 and < 700 && rms > 3 * Rms(other) && Math.Abs(one.Average()) < 0.1 * rms;
    }

    private static bool IsCurrentName(string n) =>
        n.Contains("current", StringComparison.Ordinal) || n.Contains("amp", StringComparison.Ordinal) || n.Contains("strom", StringComparison.Ordinal)
        || n is "i" or "i1" or "ia" or "i_a" or "il" or "a" || n.StartsWith("i(", StringComparison.Ordinal) || n.StartsWith("i [", StringComparison.Ordinal) || n.StartsWith("i (", StringComparison.Ordinal);

    private static bool IsVoltageName(string n) =>
        n.Contains("volt", StringComparison.Ordinal) || n.Contains("spannung", StringComparison.Ordinal)
        || n is "v" or "u" or "v1" or "u1" or "va" or "ua" || n.StartsWith("v(", StringComparison.Ordinal) || n.StartsWith("u(", StringComparison.Ordinal)
        || n.StartsWith("v [", StringComparison.Ordinal) || n.StartsWith("v (", StringComparison.Ordinal);

    private static bool IsTimeName(string n) =>
        n.Contains("time", StringComparison.Ordinal) || n.Contains("zeit", StringComparison.Ordinal) || n is "t" or "s" or "sec" or "seconds"
        || n.StartsWith("t(", StringComparison.Ordinal) || n.StartsWith("t [", StringComparison.Ordinal) || n.StartsWith("t (", StringComparison.Ordinal);

    // A semicolon or a tab leaves the comma free to be the decimal point.
    private static string[] Split(string line)
    {
        char separator = line.Contains(';', StringComparison.Ordinal) ? ';' : line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(',', StringComparison.Ordinal) ? ',' : ' ';
        string[] cells = line.Split(separator, separator == ' ' ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None);
        if (separator != ' ' && cells.Length > 1 && cells[^1].AsSpan().Trim().IsEmpty) cells = cells[..^1];
        return [.. cells.Select(c => separator == ',' ? c.Trim() : c.Trim().Replace(',', '.'))];
    }

    private static double[]? Numbers(string[] cells)
    {
        double[] values = new double[cells.Length];
        for (int k = 0; k < cells.Length; k++)
        {
            if (!double.TryParse(cells[k], NumberStyles.Float, CultureInfo.InvariantCulture, out values[k]) || !double.IsFinite(values[k])) return null;
        }

        return values;
    }

    private int? Named(Func<string, bool> takes)
    {
        for (int c = 0; c < Math.Min(_names.Length, Columns.Length); c++)
        {
            if (c != Time && takes(_names[c].Trim('"', ' ').ToLowerInvariant())) return c;
        }

        return null;
    }

    // Evenly rising, and not the only column.
    private int? FindTime()
    {
        if (Columns.Length < 2) return null;
        for (int c = 0; c < Columns.Length; c++)
        {
            bool named = c < _names.Length && IsTimeName(_names[c].Trim('"', ' ').ToLowerInvariant());
            if ((named || c == 0) && Rises(Columns[c])) return c;
        }

        return null;
    }

    private static bool Rises(double[] column)
    {
        double step = (column[^1] - column[0]) / Math.Max(column.Length - 1, 1);
        if (step <= 0) return false;
        int uneven = 0;
        for (int k = 1; k < column.Length; k++)
        {
            if (column[k] < column[k - 1]) return false;
            if (Math.Abs(column[k] - column[k - 1] - step) > 0.5 * step) uneven++;
        }

        return uneven <= UnevenShare * column.Length;
    }

    // A count of samples tells no rate; seconds, milliseconds or microseconds do.
    private double? RateOf(double[] time)
    {
        double step = (time[^1] - time[0]) / (time.Length - 1);
        string name = Time < _names.Length ? _names[Time.Value].ToLowerInvariant() : "";
        double unit = name.Contains("us", StringComparison.Ordinal) || name.Contains('µ', StringComparison.Ordinal) ? 1e-6
            : name.Contains("ms", StringComparison.Ordinal) ? 1e-3 : 1;
        double rate = 1 / (step * unit);
        return rate is > 100 and < 1e8 ? rate : null;
    }

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
