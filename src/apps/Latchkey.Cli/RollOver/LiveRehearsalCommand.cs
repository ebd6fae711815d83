using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Latchkey.Storage.Vending.Rehearsal;
using Latchkey.Sts;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary><c>latchkey rollover rehearse-live</c>: the live programme itself in virtual time, with the seller's own rooms and books.</summary>
internal static class LiveRehearsalCommand
{
    private const int DefaultMeters = 2_000;

    public static Command Create()
    {
        var baseDate = new Option<int>("--base") { Description = "The base date that ends: 1993 or 2014. Default 1993.", DefaultValueFactory = _ => 1993 };
        var meters = new Option<int>("--meters") { Description = $"How many virtual meters; every sale is durable, so count on a thousand or two a second. Default {DefaultMeters}.", DefaultValueFactory = _ => DefaultMeters };
        var seed = new Option<int>("--seed") { Description = "The customers of this seed. Default 1.", DefaultValueFactory = _ => 1 };
        var variant = new Option<RehearsalVariant>("--variant") { Description = "What goes otherwise: asPlanned, startedLate, thirdOfThePace, neverBuys, wrongOrder, setsLost, earlyExpiry." };
        var keep = new Option<string?>("--keep") { Description = "An empty directory that is kept, to look into with 'rollover progress' and 'audit verify'." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("rehearse-live", "The live programme in virtual time: its own rooms sell, plan, sign and book; virtual meters judge every token.") { baseDate, meters, seed, variant, keep, json };
        command.SetAction(async (said, cancellationToken) =>
        {
            if (!BaseDate.TryFromYear(said.GetValue(baseDate), out BaseDate old) || old.Next is null) return CommandOutput.Fail("--base is 1993 or 2014");
            if (said.GetValue(meters) is < 20 or > LiveRehearsalOptions.MaxMeters) return CommandOutput.Fail($"--meters is 20 to {LiveRehearsalOptions.MaxMeters}");
            if (said.GetValue(keep) is { } kept && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any()) return CommandOutput.Fail($"'{kept}' is not empty");
            string directory = said.GetValue(keep) is { } path ? Directory.CreateDirectory(path).FullName : Directory.CreateTempSubdirectory("latchkey-rehearsal-").FullName;
            try
            {
                return await RunAsync(new LiveRehearsalOptions(old, said.GetValue(meters), said.GetValue(seed), said.GetValue(variant), directory), said.GetValue(json), cancellationToken);
            }
            finally
            {
                if (said.GetValue(keep) is null) Directory.Delete(directory, recursive: true);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(LiveRehearsalOptions options, bool json, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        using var rehearsal = new LiveRehearsal(options);
        LiveRehearsalReport report = null!;
        await AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress().StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask(string.Create(CultureInfo.InvariantCulture, $"{options.Meters:#,0} meters"));
            report = await rehearsal.RunAsync(new Steps(bar), cancellationToken);
        });
        if (json) CommandOutput.WriteJson(report);
        else Print(report, Stopwatch.GetElapsedTime(began));
        return report is { CreditedTwice: 0, BooksDiffer: 0 } ? CommandOutput.Success : CommandOutput.Failure;
    }

    private static void Print(LiveRehearsalReport r, TimeSpan took)
    {
        Write($"{r.Variant}: the last identifier is of {r.End:yyyy-MM-dd HH:mm}. Meters {r.Meters:#,0}, sales {r.Sales:#,0}, tokens typed {r.TokensTyped:#,0}, {took.TotalSeconds:0} s.");
        Write($"With their set by the end {r.ChangedByTheEnd:#,0} ({ProgrammePrinter.Share(r.ChangedByTheEnd, r.Meters)}), forecast {r.ForecastChanged:#,0}; proven {r.ProvenByTheEnd:#,0}; at last {r.ChangedAtLast:#,0}.");
        Write($"Most homes without credit on one evening: {r.WorstDark:#,0} on {r.WorstDay:yyyy-MM-dd}; at last {r.DarkAtLast:#,0}.");
        Write($"Credited twice {r.CreditedTwice}, differences in the books {r.BooksDiffer}.");
        foreach ((string answer, long count) in r.Answers) Write($"  meters said {answer}: {count:#,0}");
        foreach ((string code, long count) in r.Refusals) Write($"  sales refused, {code}: {count:#,0}");
    }

    private static void Write(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed class Steps(ProgressTask bar) : IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value) => bar.Value = 100.0 * value.Done / value.All;
    }
}
