using Latchkey.Server;
using Latchkey.Server.ElectrumApi.Seed;
using Latchkey.Server.Serve;
using Latchkey.Storage;

namespace Latchkey.Cli.Serve;

/// <summary><c>latchkey serve --seed electrum</c>: the real server over a bench's meters, for foreign vending clients to be tried against.</summary>
internal static class SeedServe
{
    private const string Electrum = "electrum";

    public static async Task<int> RunAsync(string bench, string data, string urls, CancellationToken cancellationToken)
    {
        if (bench != Electrum) return CommandOutput.Fail($"--seed knows '{Electrum}', not '{bench}'");
        string directory = Path.GetFullPath(data);
        try
        {
            using ElectrumSeed seed = ElectrumSeed.Open(directory);
            var options = new ServerOptions { DataDirectory = directory, Urls = urls };
            await using PlatformServer server = await PlatformServer.StartAsync(options, seed.Settings, TimeProvider.System, seed.ApplyAsync, cancellationToken);
            Console.Out.WriteLine($"Latchkey serves the prepaid-utility contract: {new Uri(server.Addresses[0], "/prepaidutility/v3")}  (Basic test:test)");
            Console.Out.WriteLine($"case meters:    {string.Join(' ', seed.MeterIds)}");
            Console.Out.WriteLine($"data directory: {directory}");
            Console.Out.WriteLine("Keys were drawn at the first start and open no real meter. Stop with Ctrl+C.");
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
}
