using System.CommandLine;
using System.Globalization;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Audit;

/// <summary><c>latchkey audit anomalies DIR</c>: what looks unlike honest business, offline and read-only.</summary>
internal static class AnomalyCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "The data directory." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var offset = new Option<string>("--utc-offset") { Description = "The seller's clock, for what is off hours: for example +08:00.", DefaultValueFactory = _ => "+08:00" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only what was issued from then on." };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Only what was issued before." };
        var command = new Command("anomalies", "Tokens without tender, off hours, bursts, round values, one person behind most of it, meters that never bought.") { directory, offset, from, until, json };
        command.SetAction(said =>
        {
            string path = said.GetRequiredValue(directory);
            if (!Directory.Exists(path)) return CommandOutput.Fail($"there is no data directory '{path}'");
            string zone = said.GetRequiredValue(offset);
            if (!TimeSpan.TryParseExact(zone.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, zone.StartsWith('-') ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out TimeSpan clock))
                return CommandOutput.Fail("--utc-offset is written as +08:00 or -03:30");
            try
            {
                AnomalyReport report = OfflineAnomalies.Search(path, clock, new AnomalyOptions(), said.GetValue(from), said.GetValue(until));
                if (said.GetValue(json)) CommandOutput.WriteJson(Document(report));
                else Print(report);
                return CommandOutput.Success;
            }
            catch (StorageException e)
            {
                return CommandOutput.Fail(e.Message);
            }
        });
        return command;
    }

    private static object Document(AnomalyReport report) => new
    {
        orders = report.Orders,
        unpaidIssues = report.Issues.Count,
        anomalies = report.Anomalies.Select(a => new { rule = a.Rule, who = a.Who, count = a.Count, first = a.First, last = a.Last, ids = a.Ids }),
    };

    private static void Print(AnomalyReport report)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Orders} orders, {report.Issues.Count} tokens that nobody paid for"));
        if (report.Anomalies.Count == 0)
        {
            Console.Out.WriteLine("nothing to look at");
            return;
        }

        Table table = new Table().RoundedBorder().AddColumns("rule", "who", "count", "first", "last");
        foreach (Anomaly a in report.Anomalies)
            table.AddRow(Markup.Escape(a.Rule), Markup.Escape(a.Who), a.Count.ToString(CultureInfo.InvariantCulture), Day(a.First), Day(a.Last));
        AnsiConsole.Write(table);
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
