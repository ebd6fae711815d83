using System.CommandLine;
using System.Globalization;
using Latchkey.Dlms.Transport.Bench;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Physics;
using Spectre.Console;

namespace Latchkey.Cli.Bench;

/// <summary><c>latchkey bench NAME [--json]</c>: every published figure, repeatable.</summary>
public static class BenchCommand
{
    private const int DlmsConnections = 10_000;

    // A bench that is added here is listed by the help, runs by its name and is printed by the same code.
    private static readonly SortedDictionary<string, Func<IReadOnlyList<BenchFigure>>> Benches = new(StringComparer.Ordinal)
    {
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
        var calibrate = new Option<int?>("--calibrate") { Description = "With metrology: calibrates the meter of this seed and shows its errors before and after." };
        var pictures = new Option<string?>("--pictures") { Description = "With metrology: writes the error curves into this folder as SVG files." };
        var connections = new Option<int?>("--connections") { Description = "With dlms: how many TCP associations to hold at once; 0 leaves that out." };
        var peer = new Option<int?>("--peer") { Description = "The other side of --connections: connects to this port.", Hidden = true };
        var command = new Command("bench", "Measures the published figures on this machine.") { name, json, calibrate, pictures, connections, peer };
        command.Validators.Add(result =>
        {
            bool asked = result.GetValue(calibrate) is not null || result.GetValue(pictures) is not null;
            if (asked && result.GetValue(name) != "metrology") result.AddError("--calibrate and --pictures belong to the bench 'metrology'");
        });
        command.SetAction((result, stop) => (result.GetValue(peer), result.GetValue(calibrate), result.GetValue(pictures)) switch
        {
            (int port, _, _) => ConnectionPeer.RunAsync(port, result.GetValue(connections) ?? DlmsConnections, Console.In, Console.Out, stop),
            (_, int seed, _) => Task.FromResult(MetrologyDesk.Calibrate(seed, result.GetValue(json))),
            (_, _, string folder) => Task.FromResult(MetrologyDesk.Draw(folder)),
            _ => Task.FromResult(Run(result.GetRequiredValue(name), result.GetValue(json), result.GetValue(connections))),
        });
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

        var report = new BenchReport(name, MachineDescription.Current, bench());
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
