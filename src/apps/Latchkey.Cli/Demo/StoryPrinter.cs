using System.Globalization;
using Latchkey.Server.Demo.Story;
using Spectre.Console;

namespace Latchkey.Cli.Demo;

/// <summary>Tells the story at a terminal: each step as it ends, then what it comes to.</summary>
internal static class StoryPrinter
{
    public static void Print(StoryStep step)
    {
        string mark = step.Ok ? "[green]✔[/]" : "[red]✘[/]";
        AnsiConsole.MarkupLine($"{mark} [bold]{Markup.Escape(step.Name)}[/] [grey]{step.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}[/]");
        foreach ((string name, object value) in step.Figures)
            AnsiConsole.MarkupLine($"    [grey]{Markup.Escape(name)}[/] {Markup.Escape(Text(value))}");
        if (step.Failure is not null) AnsiConsole.MarkupLine($"    [red]{Markup.Escape(step.Failure)}[/]");
    }

    public static void PrintSummary(StoryReport report)
    {
        AnsiConsole.WriteLine();
        Table table = new Table().RoundedBorder().HideHeaders().AddColumns(string.Empty, string.Empty);
        table.AddRow("meter", Markup.Escape($"{report.Model}, {report.LoadProfile}"));
        table.AddRow("virtual time", string.Create(CultureInfo.InvariantCulture, $"{report.VirtualDays:F1} days in {report.DurationSeconds:F1} s"));
        table.AddRow("steps", string.Create(CultureInfo.InvariantCulture, $"{report.Steps.Count(s => s.Ok)} of {report.Steps.Count} as they should be"));
        table.AddRow("tokens", string.Create(CultureInfo.InvariantCulture, $"{report.Tokens.Count} made or typed, {report.DuplicateCredits} credited twice"));
        table.AddRow("reminders", string.Create(CultureInfo.InvariantCulture, $"{report.Reminders.Count}: {string.Join(", ", report.Reminders.Select(r => r.Chinese))}"));
        table.AddRow("metrology", report.MetrologyHashBefore == report.MetrologyHashAfter ? "unchanged by the module swap" : "[red]changed[/]");
        table.AddRow("ledger, tokens, meter", report.Reconciled ? "[green]agree to the last unit[/]" : "[red]do not agree[/]");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(report.Ok ? "[green]The story came out right.[/]" : "[red]The story did not come out right.[/]");
    }

    private static string Text(object value) => value switch
    {
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
