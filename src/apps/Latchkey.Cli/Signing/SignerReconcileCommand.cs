using System.CommandLine;
using Latchkey.Custody.Apart;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Cli.Signing;

/// <summary><c>latchkey signer reconcile</c>: has a running signer hold its journal against the books now.</summary>
internal static class SignerReconcileCommand
{
    public static Command Create()
    {
        var socket = new Option<string>("--socket") { Description = "Where the signer listens.", Required = true };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("reconcile", "Has a running signer compare its journal with ledger and orders; a difference stops the key.") { socket, json };
        command.SetAction((said, stop) => RunAsync(said.GetRequiredValue(socket), said.GetValue(json), stop));
        return command;
    }

    private static async Task<int> RunAsync(string socket, bool json, CancellationToken stop)
    {
        using var signer = new RemoteSigner(new RemoteSignerOptions(Path.GetFullPath(socket)), TimeProvider.System);
        DailyReconciliation report = await signer.ReconcileAsync(stop);
        if (report.NotDone is { } code) return CommandOutput.Fail($"{code}: no signer answered at {socket}");
        if (json) CommandOutput.WriteJson(Document(report));
        else Print(report);
        return report.IsIntact ? CommandOutput.Success : CommandOutput.Failure;
    }

    private static object Document(DailyReconciliation report) => new
    {
        intact = report.IsIntact,
        tokens = report.Tokens,
        orders = report.Orders,
        ledgerProblem = report.LedgerProblem,
        differenceCount = report.DifferenceCount,
        differences = report.Differences.Select(d => new { where = d.Where, problem = d.Problem, key = d.KeyId }),
    };

    private static void Print(DailyReconciliation report)
    {
        Console.Out.WriteLine($"{report.Tokens} tokens, {report.Orders} orders, {report.DifferenceCount} differences");
        if (report.LedgerProblem is { } problem) Console.Out.WriteLine("ledger: " + problem);
        foreach (Latchkey.Vending.AuditDifference difference in report.Differences) Console.Out.WriteLine($"{difference.Where}: {difference.Problem}");
    }

}
