using System.Diagnostics;
using Latchkey.Custody.Apart;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Storage.Vending.Bench;
using Latchkey.Vending;

namespace Latchkey.Cli.Bench;

/// <summary>The vend bench with <c>latchkey signer run</c> as a second process over a directory of its own.</summary>
internal sealed class ApartBench : IDisposable
{
    private static readonly TimeSpan For = TimeSpan.FromSeconds(20);
    private readonly string _own;
    private readonly RemoteSigner _signer;
    private Process? _process;

    private ApartBench(string own)
    {
        _own = own;
        _signer = new RemoteSigner(new RemoteSignerOptions(Socket), TimeProvider.System);
    }

    private string Socket => Path.Combine(_own, "socket", "signer");

    public static IReadOnlyList<BenchFigure> Run()
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-vend-").FullName;
        try
        {
            using var bench = new ApartBench(Path.Combine(directory, "signer"));
            IReadOnlyList<VendFigure> figures = VendBench.RunApartAsync(
                directory, For, new BenchSigner(bench._signer, bench.StartAsync, () => bench._process!.TotalProcessorTime), CancellationToken.None).GetAwaiter().GetResult();
            return [.. figures.Select(f => new BenchFigure(f.Name, f.Value, f.Unit, f.Limit, f.Holds))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public void Dispose()
    {
        _signer.Dispose();
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
    }

    private async Task StartAsync(string books, Func<KeyAdministration, Task<string?>> import)
    {
        using (KeyRoom room = KeyRoom.Open(_own, TimeProvider.System))
        {
            if (await import(room.Keys) is { } code) throw new InvalidOperationException("The bench's key was not taken in: " + code);
        }

        File.Copy(Path.Combine(books, LedgerSeal.FileName), Path.Combine(_own, LedgerSeal.FileName));
        string program = Environment.ProcessPath!;
        string[] through = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(program, [.. through, "signer", "run", "--data", _own, "--ledger", books, "--socket", Socket])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        if (await _process.StandardOutput.ReadLineAsync() is null) throw new InvalidOperationException("The signer's process did not start.");
    }
}
