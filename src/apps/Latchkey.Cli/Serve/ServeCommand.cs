using System.CommandLine;
using Latchkey.Server.Demo;
using Spectre.Console;

namespace Latchkey.Cli.Serve;

/// <summary><c>latchkey serve</c>: server, interface and portal, over a seller's own directory, a bench or a virtual park.</summary>
internal static class ServeCommand
{
    private const string Loopback = "http://127.0.0.1:5080";
    private const double FastestWorld = 3_600;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data directory; made when it is missing.", DefaultValueFactory = _ => "latchkey-data" };
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on; settings.json names them for a seller's own directory, otherwise http://127.0.0.1:5080." };
        var demo = new Option<bool>("--demo") { Description = "Adds a living virtual park with its meters, phones and payment service." };
        var seed = new Option<string?>("--seed") { Description = "Loads a bench and serves it: 'electrum', the case meters of the prepaid-utility contract (Basic test:test)." };
        var speed = new Option<double>("--speed") { Description = "With --demo: world seconds per second.", DefaultValueFactory = _ => 1 };
        var command = new Command("serve", "Serves the portal and the interface.") { data, urls, demo, seed, speed };
        command.SetAction(async (result, cancellationToken) =>
        {
            if (result.GetValue(seed) is { } bench) return await SeedServe.RunAsync(bench, result.GetRequiredValue(data), result.GetValue(urls) ?? Loopback, cancellationToken);
            if (!result.GetValue(demo)) return await OwnServe.RunAsync(result.GetRequiredValue(data), result.GetValue(urls), cancellationToken);
            if (result.GetValue(speed) is not (> 0 and <= FastestWorld)) return CommandOutput.Fail("--speed is above 0 and at most 3600");
            var options = new DemoServerOptions
            {
                DataDirectory = Path.GetFullPath(result.GetRequiredValue(data)), Urls = result.GetValue(urls) ?? Loopback, Speed = result.GetValue(speed),
            };
            return await ServeAsync(options, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ServeAsync(DemoServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using DemoServer server = await StartAsync(options, cancellationToken);
            Print(server.Welcome, options);
            await server.RunAsync(cancellationToken);
            return CommandOutput.Success;
        }
        catch (OperationCanceledException)
        {
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidDataException or Latchkey.Storage.StorageException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static Task<DemoServer> StartAsync(DemoServerOptions options, CancellationToken cancellationToken) => AnsiConsole.Progress().HideCompleted(true).StartAsync(async progress =>
    {
        ProgressTask task = progress.AddTask("The park lives through its first days", maxValue: 1);
        return await DemoServer.StartAsync(options, new TaskProgress(task), cancellationToken);
    });

    private static void Print(DemoWelcome welcome, DemoServerOptions options)
    {
        Table table = new Table().RoundedBorder().AddColumns("sign in as", "password", string.Empty);
        foreach ((string name, string password, string what) in welcome.SignIns) table.AddRow(Markup.Escape(name), $"[bold]{Markup.Escape(password)}[/]", Markup.Escape(what));
        AnsiConsole.MarkupLine($"[green]Latchkey is serving a virtual park.[/] Open [bold]{welcome.Portal}[/]");
        AnsiConsole.Write(table);
        Console.Out.WriteLine($"interface key (X-Api-Key): {welcome.ApiKey}");
        Console.Out.WriteLine($"a meter to try:            {welcome.FirstMeter}");
        Console.Out.WriteLine($"what phones received:      {welcome.Phone}");
        Console.Out.WriteLine($"data directory:            {options.DataDirectory}");
        Console.Out.WriteLine("Passwords and key are new at each start and are not kept. Stop with Ctrl+C.");
    }

    private sealed class TaskProgress(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
