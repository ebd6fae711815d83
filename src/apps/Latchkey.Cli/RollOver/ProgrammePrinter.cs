using System.Globalization;
using System.Text;
using Latchkey.Vending.Programmes;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary>A programme for people: the cohorts with their bars, the curve against the deadline, what people did.</summary>
internal static class ProgrammePrinter
{
    private const int Columns = 72, Rows = 12, BarWidth = 24;

    public static void Print(ProgrammeView view, ProgressCurve curve)
    {
        AnsiConsole.MarkupLine(Line($"[bold]{view.Name.EscapeMarkup()}[/] ({view.Id}) is [bold]{view.State}[/]: from {view.From} to {view.To}."));
        if (view.Deadline is { } end) AnsiConsole.MarkupLine(Line($"The last minute under the old keys: [bold]{end:yyyy-MM-dd HH:mm}[/]."));
        if (!view.IsCounted) AnsiConsole.MarkupLine("[yellow]Not all meters are counted yet.[/]");
        foreach (CohortView cohort in view.Cohorts) Cohort(cohort);
        string forecast = view.ForecastToday is { } expected ? Line($"; forecast for today {expected:#,0}") : string.Empty;
        AnsiConsole.MarkupLine(Line($"Meters {view.Meters:#,0}, with their set {view.Changed:#,0} ({Share(view.Changed, view.Meters)}){forecast}, proven {view.Proven:#,0}."));
        AnsiConsole.MarkupLine(Line($"Expected to go dark without a set, if nobody does more: [bold]{view.Late:#,0}[/]."));
        if (view.Changed > 0 || view.ForecastToday is not null) Console.Out.Write(Chart(curve));
        foreach (ActView act in view.Events)
            AnsiConsole.MarkupLine(Line($"{act.At:yyyy-MM-dd HH:mm}Z {act.Act} by {act.First.EscapeMarkup()}{(act.Second is { } two ? " and " + two.EscapeMarkup() : "")}{(act.Reason is { } why ? ": " + why.EscapeMarkup() : "")}"));
    }

    /// <summary>The same picture as the SVG, in characters: # reached, . forecast, | deadline.</summary>
    internal static string Chart(ProgressCurve curve)
    {
        if (curve.Points.Count == 0 || curve.Meters == 0) return string.Empty;
        char[][] field = [.. Enumerable.Range(0, Rows + 1).Select(_ => Enumerable.Repeat(' ', Columns).ToArray())];
        int At(int column) => (int)((long)column * (curve.Points.Count - 1) / (Columns - 1));
        int Row(int meters) => Rows - (int)((long)Rows * Math.Min(meters, curve.Meters) / curve.Meters);
        for (int x = 0; x < Columns; x++)
        {
            CurvePoint point = curve.Points[At(x)];
            bool isDeadline = curve.Deadline is { } day && point.Day >= day && (x == 0 || curve.Points[At(x - 1)].Day < day);
            if (isDeadline) foreach (char[] row in field) row[x] = '|';
            if (point.Forecast is { } expected) field[Row(expected)][x] = '.';
            if (point.Changed is { } reached) field[Row(reached)][x] = '#';
        }

        var text = new StringBuilder();
        for (int r = 0; r <= Rows; r++)
        {
            string scale = r is 0 or Rows / 2 or Rows ? Line($"{(long)curve.Meters * (Rows - r) / Rows:#,0}") : string.Empty;
            text.Append(scale.PadLeft(9)).Append(" ┤").Append(field[r].AsSpan().TrimEnd()).Append('\n');
        }

        string dates = Line($"{curve.Points[0].Day:yyyy-MM-dd}").PadRight(Columns - 10) + Line($"{curve.Points[^1].Day:yyyy-MM-dd}");
        return text.Append(new string(' ', 11)).Append(dates).Append('\n').Append(new string(' ', 11)).Append("# with their set   . forecast   | deadline\n").ToString();
    }

    /// <summary>Two lines for each: a table of as many columns would fit no terminal.</summary>
    private static void Cohort(CohortView c)
    {
        string refuse = c.RefuseFrom is { } day ? Line($", refused from {day:yyyy-MM-dd}") : string.Empty;
        AnsiConsole.MarkupLine(Line($"[bold]{c.Name.EscapeMarkup()}[/]  {Words(c.Policy)} from {c.Starts:yyyy-MM-dd}, {c.PerDay:#,0} a day{refuse}"));
        string dark = c.Dark > 0 ? Line($"[red]{c.Dark:#,0} dark[/]") : "0 dark";
        AnsiConsole.MarkupLine(Line($"  {Bar(c.Issued + c.Proven, c.Meters - c.Exempt)} of {c.Meters:#,0}: {c.Proven:#,0} proven, {c.Issued:#,0} with their set"));
        AnsiConsole.MarkupLine(Line($"  {c.Planned:#,0} planned, {c.Waiting:#,0} waiting, {dark}, {c.Failed:#,0} failed, {c.Exempt:#,0} left out, {c.Late:#,0} expected late"));
    }

    /// <summary>A code of two or three words as words.</summary>
    private static string Words(string code) => string.Concat(code.Select(c => char.IsAsciiLetterUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));

    private static string Bar(int part, int whole)
    {
        int filled = whole == 0 ? 0 : (int)((long)BarWidth * part / whole);
        return Line($"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] {Share(part, whole)}");
    }

    internal static string Share(int part, int whole) => whole == 0 ? "-" : Line($"{100m * part / whole:0.0} %");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
