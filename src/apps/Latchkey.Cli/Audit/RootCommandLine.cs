using System.CommandLine;
using Latchkey.Storage;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Cli.Audit;

/// <summary><c>latchkey audit root DIR</c>: signs the head of the chain, after an audit, for people outside to keep.</summary>
internal static class RootCommandLine
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "The data directory." };
        var keeper = new Option<string>("--keeper") { Description = "Who keeps the books: one line.", Required = true };
        var key = new Option<string?>("--key-out") { Description = "Also writes the published key, as PEM, to this file." };
        var command = new Command("root", "Audits, then signs the newest entry's hash: a text to hand to the regulator or the press.") { directory, keeper, key };
        command.SetAction(result => Sign(result.GetRequiredValue(directory), result.GetRequiredValue(keeper), result.GetValue(key)));
        return command;
    }

    private static int Sign(string directory, string keeper, string? keyFile)
    {
        if (!Directory.Exists(directory)) return CommandOutput.Fail($"there is no data directory '{directory}'");
        if (keeper.Length is 0 or > 100 || keeper.Any(char.IsControl)) return CommandOutput.Fail("--keeper is 1 to 100 characters on one line");
        try
        {
            VendingAuditReport report = OfflineAudit.Verify(directory).Report;
            if (!report.IsIntact) return CommandOutput.Fail("the books are not intact, so nothing is signed; run audit verify");
            using RootKey key = RootKey.OpenOrCreate(directory);
            Console.Out.Write(key.Sign(keeper, report.Ledger, TimeProvider.System.GetUtcNow()).Document);
            if (keyFile is not null) File.WriteAllText(keyFile, key.PublicPem + "\n");
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }
}
