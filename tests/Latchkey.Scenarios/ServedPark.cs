using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Latchkey.Testing;

namespace Latchkey.Scenarios;

/// <summary>The real command, <c>latchkey serve --demo</c>, as a process of its own on loopback, to be killed in the middle of things.</summary>
internal sealed class ServedPark : IDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    private ServedPark(Process process, Uri address, string apiKey, string meter)
    {
        (_process, Meter) = (process, meter);
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    public HttpClient Client { get; }

    public string Meter { get; }

    public static string Command
    {
        get
        {
            string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
            return RepositoryRoot.Combine("src", "apps", "Latchkey.Cli", "bin", configuration, "net10.0", "latchkey.dll");
        }
    }

    public static async Task<ServedPark> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Command, "serve", "--demo", "--data", directory, "--urls", address.ToString().TrimEnd('/')])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The command could not be started.");
        _ = process.StandardError.ReadToEndAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartsWithin);
        string? key = null, meter = null;
        while (key is null || meter is null)
        {
            string line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The server ended before it served.");
            key ??= After(line, "interface key (X-Api-Key):");
            meter ??= After(line, "a meter to try:");
        }

        _ = process.StandardOutput.ReadToEndAsync(cancellationToken);
        return new ServedPark(process, address, key, meter);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Client.Dispose();
    }

    private static string? After(string line, string label) => line.StartsWith(label, StringComparison.Ordinal) ? line[label.Length..].Trim() : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
