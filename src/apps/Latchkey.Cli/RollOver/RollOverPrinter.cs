using System.Globalization;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary>A rehearsal for people: the cohorts, the weeks, the sums.</summary>
internal static class RollOverPrinter
{
    public static void Print(RollOverReport report)
    {
        AnsiConsole.MarkupLine(Line($"The last identifier is of [bold]{report.End:yyyy-MM-dd HH:mm}[/]. Meters: {report.Meters:#,0}."));
        if (report.Cohorts.Count > 0) AnsiConsole.Write(Cohorts(report));
        AnsiConsole.Write(Weeks(report));
        AnsiConsole.MarkupLine(Line($"Brought over before the end: [bold]{report.ConvertedBeforeTheEnd:#,0}[/] ({Share(report.ConvertedBeforeTheEnd, report.Meters)}), at last {report.ConvertedAtLast:#,0} ({Share(report.ConvertedAtLast, report.Meters)})."));
        AnsiConsole.MarkupLine(Line($"Most homes without credit on one evening: [bold]{report.WorstDark:#,0}[/] on {report.WorstDay:yyyy-MM-dd}."));
        AnsiConsole.MarkupLine(Line($"Forecast on the last day, dark by the end if nobody does anything: {report.ForecastDarkAfterTheEnd:#,0}."));
        AnsiConsole.MarkupLine(Line($"Tokens made {report.TokensMade:#,0}, taken {report.TokensTaken:#,0}, credited twice {report.CreditedTwice}; purchases that could not be served {report.RefusedSales:#,0}."));
        foreach ((string reason, long count) in report.RefusedByMeters) AnsiConsole.MarkupLine(Line($"  refused by meters as {reason}: {count:#,0}"));
    }

    private static Table Cohorts(RollOverReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns("cohort", "from", "meters", "before the end", "at last");
        foreach (CohortResult c in report.Cohorts)
            table.AddRow(c.Name, Line($"{c.From:yyyy-MM-dd}"), Line($"{c.Meters:#,0}"), Share(c.ConvertedBeforeTheEnd, c.Meters), Share(c.ConvertedAtLast, c.Meters));
        return table;
    }

    private static Table Weeks(RollOverReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns("week ending", "brought over", "share", "dark", "of them with the old key", "visited");
        foreach (RollOverDay[] week in report.Days.Chunk(7))
        {
            RollOverDay day = week[^1];
            string row = Line($"{day.Day:yyyy-MM-dd}");
            bool isEnd = week.Any(d => d.Day == DateOnly.FromDateTime(report.End));
            table.AddRow(isEnd ? "[bold yellow]" + row + " end[/]" : row, Line($"{day.Converted:#,0}"), Share(day.Converted, report.Meters), Line($"{day.Dark:#,0}"), Line($"{day.DarkWaiting:#,0}"), Line($"{week.Sum(d => d.Visited):#,0}"));
        }

        return table;
    }

    private static string Share(int part, int whole) => whole == 0 ? "-" : Line($"{100m * part / whole:0.0} %");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
