using System.CommandLine;
using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary><c>latchkey rollover rehearse</c>: the end of a base date on virtual meters, in virtual time, before it comes in earnest.</summary>
internal static class RollOverCommand
{
    private const int DefaultMeters = 100_000;

    public static Command Create()
    {
        var command = new Command("rollover", "Programmes of key changes, who goes dark when, and rehearsals in virtual time.");
        foreach (Command part in ProgrammeCommands.All()) command.Subcommands.Add(part);
        command.Subcommands.Add(Rehearse());
        command.Subcommands.Add(LiveRehearsalCommand.Create());
        return command;
    }

    private static Command Rehearse()
    {
        Option<int> baseDate = Number("--base", 1993, "The base date that ends: 1993 (24 November 2024) or 2014 (November 2045).");
        Option<int> meters = Number("--meters", DefaultMeters, "How many virtual meters.");
        Option<int> before = Number("--weeks-before", 26, "Weeks before the end.");
        Option<int> after = Number("--weeks-after", 8, "Weeks after it.");
        Option<int> cohorts = Number("--cohorts", 4, "Parts of the feeders, begun one after the other; 0 rehearses doing nothing.");
        Option<int> step = Number("--weeks-between", 4, "Weeks from one cohort to the next.");
        Option<int> visits = Number("--visits", 250, "Visits a day to those who do not buy, from eight weeks before the end.");
        Option<int> seed = Number("--seed", 1, "The same seed gives the same days.");
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("rehearse", "Customers buy, type and err; crews visit; every token is made and judged as in life.")
        {
            baseDate, meters, before, after, cohorts, step, visits, seed, json,
        };
        command.SetAction(result =>
        {
            if (!BaseDate.TryFromYear(result.GetValue(baseDate), out BaseDate old) || old.Next is null)
                return CommandOutput.Fail("--base is 1993 or 2014");
            if (result.GetValue(meters) is < 100 or > RollOverOptions.MaxMeters) return CommandOutput.Fail($"--meters is 100 to {RollOverOptions.MaxMeters}");
            if (result.GetValue(before) is < 1 or > 520 || result.GetValue(after) is < 1 or > 104) return CommandOutput.Fail("--weeks-before is 1 to 520, --weeks-after 1 to 104");
            if (result.GetValue(cohorts) is < 0 or > 20) return CommandOutput.Fail("--cohorts is 0 to 20");
            var options = new RollOverOptions(old, result.GetValue(meters), result.GetValue(before) * 7, result.GetValue(after) * 7, result.GetValue(seed), null);
            options = options with { Programme = Programme(options, result.GetValue(cohorts), result.GetValue(step), result.GetValue(visits)) };
            return Run(options, result.GetValue(json));
        });
        return command;
    }

    private static RollOverProgramme? Programme(RollOverOptions options, int cohorts, int weeksBetween, int visits)
    {
        DateOnly end = DateOnly.FromDateTime(options.End);
        return cohorts == 0
            ? null
            : RollOverProgramme.InParts(options.Feeders, cohorts, options.FirstDay, weeksBetween * 7, visits > 0 ? end.AddDays(-56) : null, visits);
    }

    private static int Run(RollOverOptions options, bool json)
    {
        using var rehearsal = new RollOverRehearsal(options);
        RollOverReport report = null!;
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            ProgressTask bar = context.AddTask(string.Create(CultureInfo.InvariantCulture, $"{options.Meters:#,0} meters, {options.DaysBefore + options.DaysAfter + 1} days"));
            report = rehearsal.Run(new Steps(bar), CancellationToken.None);
        });
        if (json) CommandOutput.WriteJson(report);
        else RollOverPrinter.Print(report);
        return report.CreditedTwice == 0 ? CommandOutput.Success : CommandOutput.Failure;
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = string.Create(CultureInfo.InvariantCulture, $"{description} Default {value}."), DefaultValueFactory = _ => value };

    private sealed class Steps(ProgressTask bar) : IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value) => bar.Value = 100.0 * value.Done / value.All;
    }
}
