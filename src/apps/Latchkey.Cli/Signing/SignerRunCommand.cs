using System.CommandLine;
using Latchkey.Cli.Keys;
using Latchkey.Cli.Sts;
using Latchkey.Custody;
using Latchkey.Custody.Apart;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging.Console;

namespace Latchkey.Cli.Signing;

/// <summary><c>latchkey signer run</c>: keys and journal in a directory of the signer's own, the seller's books read-only, one socket.</summary>
internal static partial class SignerRunCommand
{
    private static readonly TimeSpan ReconciledEvery = TimeSpan.FromDays(1), TriedAgainAfter = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The signer's own directory: keys, journal, and books.key copied from the seller's.", Required = true };
        var ledger = new Option<string>("--ledger") { Description = "The seller's data directory; it is only read.", Required = true };
        var socket = new Option<string>("--socket") { Description = "The Unix socket to listen at, in a directory that nobody else may write into.", Required = true };
        var users = new Option<uint[]>("--client-user") { Description = "A user, by number, whose processes may ask for tokens; besides the signer's own user and root.", AllowMultipleArgumentsPerToken = true };
        var tables = new Option<string?>("--sta-tables") { Description = "EA07's licensed tables; without them the standard's sample tables, which open no real meter." };
        var command = new Command("run", "Runs the signer until it is stopped.") { data, ledger, socket, users, tables };
        var custody = new CustodyOptions(command);
        command.SetAction((said, stop) =>
        {
            if (custody.Read(said, out Func<string, IKeyCustody> open) is { } wrong) return Task.FromResult(CommandOutput.Fail(wrong));
            Result<StaTables?> sta = said.GetValue(tables) is { } file ? StsKeyOptions.ReadTables(file) : new((StaTables?)null);
            if (sta.Fault is { } unreadable) return Task.FromResult(CommandOutput.Fail(unreadable));
            var options = new SignerServerOptions(Path.GetFullPath(said.GetRequiredValue(socket))) { ClientUsers = said.GetValue(users) ?? [] };
            return RunAsync(Path.GetFullPath(said.GetRequiredValue(data)), Path.GetFullPath(said.GetRequiredValue(ledger)), options, open, sta.Value, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string data, string ledger, SignerServerOptions options, Func<string, IKeyCustody> custody, StaTables? tables, CancellationToken stop)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        ILogger logger = loggers.CreateLogger("Latchkey.Signer");
        try
        {
            using SignerRoom room = SignerRoom.OpenAlone(data, ledger, custody, tables, TimeProvider.System);
            if (room.Keys.IsOfAnotherCustody) return CommandOutput.Fail("the keys of this directory were sealed by another custody; name it with --custody");
            await using SignerServer server = SignerServer.Start(room, options, TimeProvider.System, logger);
            Console.Out.WriteLine($"signing at {options.SocketPath} with {room.Keys.Keys.Count} keys{(room.IsDevelopment ? ", in software, for development" : string.Empty)}. Stop with Ctrl+C.");
            await ReconcileDailyAsync(room, logger, stop);
            return CommandOutput.Success;
        }
        catch (OperationCanceledException)
        {
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is StorageException or CustodyException)
        {
            return CommandOutput.Fail(e.Message, e is CustodyException { IsForPeople: true } ? CommandOutput.NotConfigured : CommandOutput.Failure);
        }
    }

    /// <summary>At the start, which shows a journal that was put back, and every day; a difference stops the key.</summary>
    private static async Task ReconcileDailyAsync(SignerRoom room, ILogger logger, CancellationToken stop)
    {
        while (true)
        {
            bool isDone = await Task.Run(() => ReconcileAsync(room, logger, stop), stop);
            await Task.Delay(isDone ? ReconciledEvery : TriedAgainAfter, TimeProvider.System, stop);
        }
    }

    private static async Task<bool> ReconcileAsync(SignerRoom room, ILogger logger, CancellationToken stop)
    {
        try
        {
            DailyReconciliation report = await room.ReconcileAsync(stop);
            if (report.IsIntact) Agrees(logger, report.Tokens);
            else Differs(logger, report.DifferenceCount, report.LedgerProblem ?? "none");
            return true;
        }
        catch (StorageException e)
        {
            // The seller's books cannot be read now; tokens are not made either, and the next try may find them.
            NotReconciled(logger, e.Message);
            return false;
        }
    }

    [LoggerMessage(5411, LogLevel.Critical, "The reconciliation found {Differences} differences, ledger problem: {Problem}; the keys concerned are stopped")]
    private static partial void Differs(ILogger logger, long differences, string problem);

    [LoggerMessage(5412, LogLevel.Information, "Journal, ledger and orders agree over {Tokens} tokens")]
    private static partial void Agrees(ILogger logger, long tokens);

    [LoggerMessage(5413, LogLevel.Error, "The books could not be reconciled and will be tried again: {Reason}")]
    private static partial void NotReconciled(ILogger logger, string reason);
}
