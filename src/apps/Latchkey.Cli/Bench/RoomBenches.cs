using System.Globalization;
using Latchkey.Dlms.Bench;
using Latchkey.Simulator.Physics;
using Latchkey.Storage.Vending.Bench;
using Figure = Latchkey.Simulator.Physics.BenchFigure;

namespace Latchkey.Cli.Bench;

/// <summary>The benches that live in the rooms they measure, in the form the command prints.</summary>
internal static class RoomBenches
{
    private static readonly TimeSpan DlmsFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan VendFor = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<BenchFigure> Of(IEnumerable<Figure> figures) =>
    [
        .. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit?.ToString("0.####", CultureInfo.InvariantCulture), f.Holds)),
    ];

    /// <summary>Client and server in one process, per second of the process's own time.</summary>
    public static IReadOnlyList<BenchFigure> Dlms() =>
        [.. DlmsBench.Run(TimeProvider.System, DlmsFor).Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit, f.Holds))];

    /// <summary>The accuracy matrix; the recorded waveforms too where their folder lies beside the repository.</summary>
    public static IReadOnlyList<BenchFigure> Metrology()
    {
        string beside = Path.Combine("..", "shared", "data", "waveforms_synth");
        MetrologyBenchResult result = MetrologyBench.Run(full: true, Directory.Exists(beside) ? beside : null);
        foreach (string skipped in result.Skipped) Console.Error.WriteLine("skipped: " + skipped);
        return Of(result.Figures);
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
