using System.Diagnostics;
using System.Globalization;
using System.Net;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Transport.Serving;

namespace Latchkey.Dlms.Transport.Bench;

/// <summary>One process with thousands of ciphered associations over TCP, made by another process: what each of them costs here.</summary>
public static class ConnectionBench
{
    private const long BytesAllowed = 8_192;
    private const int SpareDescriptors = 200;

    /// <summary>Holds associations and measures.</summary>
    /// <param name="count">How many; fewer where the process may not open as many descriptors.</param>
    /// <param name="startPeer">Starts the process that makes them, given a port and a count: it runs <see cref="ConnectionPeer"/> on its standard
    /// input and output.</param>
    /// <param name="cancellationToken">Ends the measuring.</param>
    public static async Task<IReadOnlyList<DlmsFigure>> RunAsync(int count, Func<int, int, Process> startPeer, CancellationToken cancellationToken)
    {
        int held = Math.Min(count, Descriptors() - SpareDescriptors);
        var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System, new DlmsHostLimits { MaxConnections = held + 16 });
        await using (host.ConfigureAwait(false))
        {
            int port = host.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0)).Port;
            using Process peer = startPeer(port, held);
            try
            {
                await ExpectAsync(peer, "warm", cancellationToken).ConfigureAwait(false);
                Measure before = Measure.Now(host);
                await TellAsync(peer, "go").ConfigureAwait(false);
                await ExpectAsync(peer, "ready", cancellationToken).ConfigureAwait(false);
                Measure after = Measure.Now(host);
                int associations = host.ConnectionCount;
                await TellAsync(peer, "read").ConfigureAwait(false);
                string read = await ExpectAsync(peer, "read", cancellationToken).ConfigureAwait(false);
                Measure used = Measure.Now(host);
                await TellAsync(peer, "end").ConfigureAwait(false);
                return Figures(count, associations, held, before, after, used, int.Parse(read, CultureInfo.InvariantCulture));
            }
            finally
            {
                if (!peer.HasExited) peer.Kill();
                await peer.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static List<DlmsFigure> Figures(int wanted, int associations, int held, Measure before, Measure after, Measure used, int read)
    {
        double managed = (used.Managed - before.Managed) / (double)held;
        double resident = (Math.Max(after.Resident, used.Resident) - before.Resident) / (double)held;
        return
        [
            new("concurrent TCP associations in one process", associations, "associations", $">= {wanted}", associations >= wanted),
            new("managed memory per association", Math.Round(managed), "bytes", $"<= {BytesAllowed}", managed <= BytesAllowed),
            new("growth of the process per association", Math.Round(resident), "bytes", $"<= {BytesAllowed}", resident <= BytesAllowed),
            new("held for frames that are not complete", used.Buffered, "bytes", "= 0", used.Buffered == 0),
            new("kernel memory per socket, idle, both ends", Math.Round((used.Kernel - before.Kernel) / (2.0 * held)), "bytes", null, Holds: true),
            new("of these answered a ciphered read", read, "associations", $"= {held}", read == held),
        ];
    }

    private static Task TellAsync(Process peer, string word) => peer.StandardInput.WriteLineAsync(word);

    private static async Task<string> ExpectAsync(Process peer, string word, CancellationToken cancellationToken)
    {
        string? line = await peer.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (line is null || !line.StartsWith(word, StringComparison.Ordinal)) throw new InvalidOperationException($"the other process said '{line}' in place of '{word}'");
        return line[word.Length..].Trim();
    }

    private static int Descriptors()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits)) return int.MaxValue;
        string? line = File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string? soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : int.MaxValue;
    }

    /// <summary>What the process holds at one moment.</summary>
    private readonly record struct Measure(long Managed, long Resident, long Buffered, long Kernel)
    {
        public static Measure Now(DlmsHost host)
        {
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            return new Measure(managed, Environment.WorkingSet, host.BufferedOctets, KernelSockets());
        }

        // Pages of all TCP sockets of this network namespace.
        private static long KernelSockets()
        {
            const string Sockets = "/proc/net/sockstat";
            if (!File.Exists(Sockets)) return 0;
            string[] words = File.ReadLines(Sockets).FirstOrDefault(l => l.StartsWith("TCP:", StringComparison.Ordinal))?.Split(' ') ?? [];
            int at = Array.IndexOf(words, "mem");
            return at >= 0 && long.TryParse(words.ElementAtOrDefault(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long pages) ? pages * 4_096 : 0;
        }
    }
}
