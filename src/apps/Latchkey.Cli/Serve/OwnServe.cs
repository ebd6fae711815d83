using Latchkey.Cli.Sellers;
using Latchkey.Server.Serve;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;

namespace Latchkey.Cli.Serve;

/// <summary><c>latchkey serve --data DIR</c>: the seller's own server.</summary>
internal static class OwnServe
{
    public static async Task<int> RunAsync(string data, string? urls, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(data);
        if (!SellerDirectory.IsOne(path)) return CommandOutput.Fail($"'{data}' has no settings.json: 'latchkey init {data}' makes a data directory; --demo serves a virtual park instead");
        (SellerDirectory? directory, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(path);
        if (directory is null) return SellerRoom.Fail(faults);
        try
        {
            await using PlatformServer server = await PlatformServer.StartAsync(directory.ToServer(urls), directory.ToServe(), TimeProvider.System, null, cancellationToken);
            Console.Out.WriteLine($"{directory.Settings.SellerName} is served by Latchkey: {string.Join(' ', server.Addresses)}");
            Console.Out.WriteLine($"tariffs: {string.Join(' ', directory.Tariffs.All.Select(t => t.Id).Distinct(StringComparer.Ordinal).Take(8))}; interface: /openapi/v1.json, /scalar");
            foreach (string hint in Hints(server)) Console.Out.WriteLine(hint);
            Console.Out.WriteLine("Stop with Ctrl+C.");
            await server.RunAsync(cancellationToken);
            return CommandOutput.Success;
        }
        catch (OperationCanceledException)
        {
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or StorageException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    /// <summary>What a newcomer may have forgotten; each with the command that brings it.</summary>
    private static IEnumerable<string> Hints(PlatformServer server)
    {
        if (server.Platform.Vending.Keys.Keys.Count == 0) yield return "no vending key yet: 'latchkey keys import', or 'keys draw --development' to try";
        if (server.Platform.Vending.Meters.List(null, 1).Count == 0) yield return "no meter yet: 'latchkey meters import'";
        if (server.HasClients) yield break;
        yield return "no API client yet: 'latchkey clients add'";
    }
}
