using System.CommandLine;
using System.Globalization;
using System.Text;
using Latchkey.Storage.Vending;
using Latchkey.Vending.Programmes;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary><c>latchkey rollover dark|export</c>: who goes dark when, the soonest first.</summary>
internal static class DarkCommand
{
    private const int DefaultLines = 50;

    private static readonly Option<string?> Cohort = new("--cohort") { Description = "Only meters of this cohort." };
    private static readonly Option<ProgrammeMeterState?> State = new("--state") { Description = "Only meters in this state: waiting, planned, issued or failed." };
    private static readonly Option<DateOnly?> Before = new("--before") { Description = "Only meters that go dark before this day." };

    public static Command List()
    {
        var limit = new Option<int>("--limit") { Description = $"At most so many lines. Default {DefaultLines}.", DefaultValueFactory = _ => DefaultLines };
        return ProgrammeRoom.OfOne("dark", "Who goes dark when: meters whose new key is not proven, with what they last bought and are expected to buy next.", [Cohort, State, Before, limit], (house, record, said) =>
        {
            if (said.GetValue(limit) is < 1 or > IKeyProgrammeStore.MaxPage) return Task.FromResult(CommandOutput.Fail($"--limit is 1 to {IKeyProgrammeStore.MaxPage}; 'rollover export' writes them all"));
            if (Filter(record, said) is not { } filter) return Task.FromResult(CommandOutput.Fail($"the programme has no cohort '{said.GetValue(Cohort)}'"));
            IReadOnlyList<DarkLine> lines = house.Programmes.Dark(record.Id, filter, null, said.GetValue(limit));
            if (said.GetValue(ProgrammeRoom.AsJson)) CommandOutput.WriteJson(lines.Select(l => Document(house, record, l)));
            else Print(house, record, lines);
            return Task.FromResult(CommandOutput.Success);
        });
    }

    public static Command Export()
    {
        var file = new Argument<string>("file") { Description = "Where the CSV goes; - is standard output." };
        return ProgrammeRoom.OfOne("export", "The whole list as CSV, for field teams.", [file, Cohort, State, Before], async (house, record, said) =>
        {
            if (Filter(record, said) is not { } filter) return CommandOutput.Fail($"the programme has no cohort '{said.GetValue(Cohort)}'");
            TimeSpan offset = house.Offset;
            string path = said.GetRequiredValue(file);
            int lines = 0;
            await using TextWriter to = path == "-" ? Console.Out : new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            foreach (string line in DarkCsv.Lines(house.Programmes, record, filter, TimeProvider.System.GetUtcNow(), offset))
            {
                await to.WriteLineAsync(line);
                lines++;
            }

            if (path == "-") return CommandOutput.Success;
            if (said.GetValue(ProgrammeRoom.AsJson)) CommandOutput.WriteJson(new { file = path, meters = lines - 1 });
            else Console.Out.WriteLine($"{(lines - 1).ToString("#,0", CultureInfo.InvariantCulture)} meters in {path}");
            return CommandOutput.Success;
        });
    }

    private static DarkFilter? Filter(ProgrammeRecord record, ParseResult said)
    {
        int? cohort = null;
        if (said.GetValue(Cohort) is { } name)
        {
            cohort = record.Programme.Cohorts.ToList().FindIndex(c => c.Name == name);
            if (cohort < 0) return null;
        }

        DateTimeOffset? before = said.GetValue(Before) is { } day ? new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero) : null;
        return new DarkFilter(cohort, said.GetValue(State), before);
    }

    private static object Document(VendingHouse house, ProgrammeRecord record, DarkLine line)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new
        {
            meter = line.Meter.Pan.ToString(),
            place = line.Place,
            cohort = record.Programme.Cohorts[line.Meter.Cohort].Name,
            policy = ProgrammeView.NameOf(record.Programme.Cohorts[line.Meter.Cohort].Policy),
            state = ProgrammeView.NameOf(line.Meter.Shown(now)),
            darkAt = line.Meter.DarkAt,
            reason = ProgrammeView.NameOf(line.Meter.DarkReason),
            lastPurchase = line.Purchases.Last,
            nextPurchase = line.NextPurchase(house.ProgrammeDesk.Today),
            code = line.Meter.Code,
        };
    }

    private static void Print(VendingHouse house, ProgrammeRecord record, IReadOnlyList<DarkLine> lines)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Table table = new Table().NoBorder().AddColumns(
            Narrow("goes dark"), Narrow("meter"), Narrow("state"), Narrow("bought"), Narrow("next"), new TableColumn("[bold]cohort, place[/]"));
        foreach (DarkLine line in lines)
        {
            table.AddRow(
                line.Meter.DarkAt.ToOffset(house.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), line.Meter.Pan.ToString(), ProgrammeView.NameOf(line.Meter.Shown(now)),
                Day(line.Purchases.Last), Day(line.NextPurchase(house.ProgrammeDesk.Today)), (record.Programme.Cohorts[line.Meter.Cohort].Name + ", " + line.Place).EscapeMarkup());
        }

        AnsiConsole.Write(table);
    }

    private static TableColumn Narrow(string name) => new TableColumn("[bold]" + name + "[/]").NoWrap();

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
