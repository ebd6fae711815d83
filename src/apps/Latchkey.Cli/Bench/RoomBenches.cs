using System.Diagnostics;
using System.Globalization;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Transport.Bench;
using Latchkey.Simulator.Physics;
using Latchkey.Storage.Vending.Bench;
using Figure = Latchkey.Simulator.Physics.BenchFigure;

namespace Latchkey.Cli.Bench;

/// <summary>The benches that live in the rooms they measure, in the form the command prints.</summary>
internal static class RoomBenches
{
    private static readonly TimeSpan DlmsFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan VendFor = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<BenchFigure> Of(IEnumerable<Figure> figures) =>
    [
        .. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit?.ToString("0.####", CultureInfo.InvariantCulture), f.Holds)),
    ];

    /// <summary>Client and server in one process, per second of the process's own time; bad lines in virtual time; many connections from a
    /// second process.</summary>
    public static IReadOnlyList<BenchFigure> Dlms(int connections)
    {
        var figures = new List<DlmsFigure>(DlmsBench.Run(TimeProvider.System, DlmsFor));
        figures.AddRange(DlmsBench.RunTorture(operations: 10_000, seed: 1));
        if (connections > 0) figures.AddRange(ConnectionBench.RunAsync(connections, StartPeer, CancellationToken.None).GetAwaiter().GetResult());
        return [.. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit, f.Holds))];
    }

    // This program once more, as the other side of many connections.
    private static Process StartPeer(int port, int count)
    {
        string program = Environment.ProcessPath!;
        string[] through = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] own = ["bench", "dlms", "--peer", port.ToString(CultureInfo.InvariantCulture), "--connections", count.ToString(CultureInfo.InvariantCulture)];
        return Process.Start(new ProcessStartInfo(program, [.. through, .. own]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
    }

    /// <summary>The accuracy matrix; the recorded waveforms too where their folder lies beside the repository.</summary>
    public static IReadOnlyList<BenchFigure> Metrology()
    {
        string beside = Path.Combine("..", "shared", "data", "waveforms_synth");
        MetrologyBenchResult result = MetrologyBench.Run(full: true, Directory.Exists(beside) ? beside : null);
        foreach (string skipped in result.Skipped) Console.Error.WriteLine("skipped: " + skipped);
        return Of(result.Figures);
    }

    /// <summary>Books of so many entries, read by the audit, then spoiled at one place after another. They lie under the folder for temporary files.</summary>
    public static IReadOnlyList<BenchFigure> Audit(long entries)
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-audit-").FullName;
        try
        {
            IReadOnlyList<VendFigure> figures = AuditBench.RunAsync(directory, entries, seed: 1, CancellationToken.None).GetAwaiter().GetResult();
            return [.. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit, f.Holds))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Orders per second on this machine's own disk.</summary>
    public static IReadOnlyList<BenchFigure> Vend()
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-vend-").FullName;
        try
        {
            IReadOnlyList<VendFigure> figures = VendBench.RunAsync(directory, VendFor, CancellationToken.None).GetAwaiter().GetResult();
            return [.. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit, f.Holds))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
