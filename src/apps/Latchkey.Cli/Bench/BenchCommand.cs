using System.CommandLine;
using System.Globalization;
using Latchkey.Dlms.Transport.Bench;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Physics;
using Latchkey.Storage.Vending.Bench;
using Spectre.Console;

namespace Latchkey.Cli.Bench;

/// <summary><c>latchkey bench NAME [--json]</c>: every published figure, repeatable.</summary>
public static class BenchCommand
{
    private const int DlmsConnections = 10_000;

    // A bench that is added here is listed by the help, runs by its name and is printed by the same code.
    private static readonly SortedDictionary<string, Func<IReadOnlyList<BenchFigure>>> Benches = new(StringComparer.Ordinal)
    {
        ["audit"] = () => RoomBenches.Audit(AuditBench.DefaultEntries),
        ["demo"] = StoryBench.Run,
        ["dlms"] = () => RoomBenches.Dlms(DlmsConnections),
        ["meter"] = () => RoomBenches.Of(MeterBench.Run()),
        ["metrology"] = RoomBenches.Metrology,
        ["realtime"] = () => [.. RoomBenches.Of(RealTimeBench.Run()), .. CountedFigures.All()],
        ["relay"] = () => RoomBenches.Of(RelayBench.Run(RelayBenchSize.Full).Figures),
        ["sts"] = Sts.StsBench.Run,
        ["vend"] = RoomBenches.Vend,
    };

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "One of: " + string.Join(", ", Benches.Keys) };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connections = new Option<int?>("--connections") { Description = "dlms: how many TCP associations to hold at once; 0 leaves that out." };
        var peer = new Option<int?>("--peer") { Description = "The other side of --connections: connects to this port.", Hidden = true };
        var calibrate = new Option<int?>("--calibrate") { Description = "metrology: calibrates the meter of this seed and shows its errors before and after." };
        var pictures = new Option<string?>("--pictures") { Description = "metrology, relay: writes pictures into this folder." };
        var signer = new Option<string?>("--signer") { Description = "vend: 'process' measures a signer in a process of its own beside one in this process." };
        var entries = new Option<long?>("--entries") { Description = "audit: how many entries the ledger has; two million take about four GB for a while." };
        var command = new Command("bench", "Measures the published figures on this machine.") { name, json, connections, peer, calibrate, pictures, entries, signer };
        var relay = new RelayOptions(command, pictures);
        command.SetAction((result, stop) => result.GetValue(peer) is { } port
            ? ConnectionPeer.RunAsync(port, result.GetValue(connections) ?? DlmsConnections, Console.In, Console.Out, stop)
            : Task.FromResult(result.GetRequiredValue(name) switch
        {
            "audit" when result.GetValue(entries) is { } count => count is >= AuditBench.LeastEntries and <= AuditBench.MostEntries
                ? Report("audit", RoomBenches.Audit(count), result.GetValue(json))
                : CommandOutput.Fail($"--entries is {AuditBench.LeastEntries} to {AuditBench.MostEntries}"),
            _ when result.GetValue(entries) is not null => CommandOutput.Fail("--entries belongs to 'bench audit'"),
            "metrology" when result.GetValue(calibrate) is { } seed => MetrologyDesk.Calibrate(seed, result.GetValue(json)),
            "metrology" when result.GetValue(pictures) is { } folder => MetrologyDesk.Draw(folder),
            "relay" when relay.IsUsed(result) => relay.TryRun(result, out IReadOnlyList<BenchFigure> figures, out string reason)
                ? Report("relay", figures, result.GetValue(json))
                : CommandOutput.Fail(reason),
            "vend" when result.GetValue(signer) == "process" => Report("vend", ApartBench.Run(), result.GetValue(json)),
            _ when result.GetValue(signer) is not null => CommandOutput.Fail("--signer process belongs to 'bench vend'"),
            _ when result.GetValue(calibrate) is not null => CommandOutput.Fail("--calibrate belongs to 'bench metrology'"),
            _ when relay.IsUsed(result) => CommandOutput.Fail("--current, --faults and --pictures belong to 'bench relay', --pictures to 'bench metrology' too"),
            string chosen => Run(chosen, result.GetValue(json), result.GetValue(connections)),
        }));
        return command;
    }

    private static int Run(string name, bool json, int? connections)
    {
        if (!Benches.TryGetValue(name, out Func<IReadOnlyList<BenchFigure>>? bench))
            return CommandOutput.Fail($"there is no bench '{name}'; choose one of: {string.Join(", ", Benches.Keys)}");
        if (connections is int wanted)
        {
            if (name != "dlms" || wanted is < 0 or > 60_000) return CommandOutput.Fail("--connections goes with dlms, 0 to 60000");
            bench = () => RoomBenches.Dlms(wanted);
        }

        return Report(name, bench(), json);
    }

    private static int Report(string name, IReadOnlyList<BenchFigure> figures, bool json)
    {
        var report = new BenchReport(name, MachineDescription.Current, figures);
        if (json) CommandOutput.WriteJson(report);
        else Print(report);
        return report.Figures.All(figure => figure.Holds) ? CommandOutput.Success : CommandOutput.Failure;
    }

    private static void Print(BenchReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns("figure", "value", "unit", "limit", "holds");
        table.Columns[1].RightAligned();
        foreach (BenchFigure figure in report.Figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name),
                figure.Value.ToString("#,0.####", CultureInfo.InvariantCulture),
                Markup.Escape(figure.Unit),
                Markup.Escape(figure.Limit ?? "reported"),
                figure.Holds ? "[green]yes[/]" : "[red]no[/]");
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"[grey]{Markup.Escape(report.Machine.Os)}, {report.Machine.Cores} cores, {Markup.Escape(report.Machine.Runtime)}[/]");
    }
}
