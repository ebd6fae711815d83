using System.Diagnostics;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Cli.Tests.Signing;

/// <summary>The real command <c>latchkey signer run</c> as a process, over a directory of its own.</summary>
internal sealed class SignerProcess(string ledger) : IDisposable
{
    private readonly TemporaryDirectory _own = TemporaryDirectory.InMemory();
    private Process? _process;

    public string Data => _own.Path;

    public string Socket => Path.Combine(_own.Path, "socket", "signer");

    /// <summary>Takes the published key in, as a ceremony would, and copies the key of the books' seal.</summary>
    public async Task PrepareAsync(long limit)
    {
        using KeyRoom room = KeyRoom.Open(Data, TimeProvider.System);
        byte[] key = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
        Assert.Null(await room.Keys.ImportAsync(key, Shop.Terms(), limit, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        File.Copy(Path.Combine(ledger, LedgerSeal.FileName), Path.Combine(Data, LedgerSeal.FileName));
    }

    public async Task StartAsync()
    {
        _process = Start(null, "signer", "run", "--data", Data, "--ledger", ledger, "--socket", Socket);
        string? line = await _process.StandardOutput.ReadLineAsync();
        Assert.True(line is not null && line.StartsWith("signing at ", StringComparison.Ordinal), await Said(line));
    }

    /// <summary>Without a word, as when the machine takes it.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Runs a command to its end: exit code and both outputs.</summary>
    public static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        using Process process = Start(environment, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (_process is not null) Kill();
        _own.Dispose();
    }

    /// <summary>The command with more in its environment than this process has.</summary>
    public static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(LatchkeyCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task<string> Said(string? line) => line ?? await _process!.StandardError.ReadToEndAsync();
}
