using System.CommandLine;
using Latchkey.Cli.Keys;
using Latchkey.Cli.Sellers;
using Latchkey.Custody;
using Latchkey.Ledger;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Audit;

/// <summary><c>latchkey audit verify DIR</c>: replays the books of a data directory, offline and read-only.</summary>
internal static class AuditCommand
{
    private const int MostShown = 50;

    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "The data directory." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var roots = new Option<string[]>("--root") { Description = "A published root to hold the books to; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var key = new Option<string?>("--key") { Description = "The published key of the roots, a PEM file." };
        var signer = new Option<string?>("--signer") { Description = "The signer's directory, when it has one of its own." };
        var verify = new Command("verify", "Checks the ledger's chain, its balances and every token against its order.") { directory, roots, key, signer, json };
        var custody = new CustodyOptions(verify);
        verify.SetAction(result =>
        {
            if (RootFiles.Read(result.GetValue(roots) ?? [], result.GetValue(key), out IReadOnlyList<PublishedRoot> published) is { } wrong) return CommandOutput.Fail(wrong);
            string path = result.GetRequiredValue(directory);
            if (result.GetValue(signer) is null && SellerHouse.SettingsOf(path, out SellerSettings? settings) is null && settings?.Signer is SignerSettings.Apart)
                return CommandOutput.Fail("the signer has a directory of its own: name it with --signer");
            if (custody.Read(result, out Func<string, IKeyCustody> open) is { } wrongCustody) return CommandOutput.Fail(wrongCustody);
            return Verify(path, published, result.GetValue(signer), custody.IsInToken(result) ? open : null, result.GetValue(json));
        });
        return new Command("audit", "Looks into the books.") { verify, RootCommandLine.Create(), AnomalyCommand.Create() };
    }

    private static int Verify(string directory, IReadOnlyList<PublishedRoot> roots, string? signer, Func<string, IKeyCustody>? custody, bool json)
    {
        if (!Directory.Exists(directory)) return CommandOutput.Fail($"there is no data directory '{directory}'");
        try
        {
            (VendingAuditReport report, bool withCustody) = OfflineAudit.Verify(directory, roots, signer, custody);
            if (!withCustody) Console.Error.WriteLine("custody.key is not there: the seals of the signer's journal are not checked, all the rest is");
            if (json) CommandOutput.WriteJson(Document(report));
            else Print(report);
            return report.IsIntact ? CommandOutput.Success : CommandOutput.Failure;
        }
        catch (Exception e) when (e is StorageException or CustodyException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static object Document(VendingAuditReport report) => new
    {
        intact = report.IsIntact,
        entries = report.Ledger.EntriesRead,
        head = report.Ledger.Head.ToString(),
        firstBadEntry = report.Ledger.FirstBadSequence,
        problem = report.Ledger.Problem,
        tokens = report.Tokens,
        makerTokens = report.MakerTokens,
        orders = report.Orders,
        differences = report.Differences.Select(d => new { where = d.Where, problem = d.Problem, key = d.KeyId }),
    };

    private static void Print(VendingAuditReport report)
    {
        Console.Out.WriteLine($"ledger: {report.Ledger.EntriesRead} entries, head {report.Ledger.Head}");
        Console.Out.WriteLine($"tokens: {report.Tokens} signed{(report.MakerTokens > 0 ? $", {report.MakerTokens} made by makers" : string.Empty)}, {report.Orders} orders");
        if (report.Ledger.Problem is { } problem) AnsiConsole.MarkupLine("[red]" + Markup.Escape($"entry {report.Ledger.FirstBadSequence}: {problem}") + "[/]");
        foreach (AuditDifference difference in report.Differences.Take(MostShown))
            AnsiConsole.MarkupLine("[red]" + Markup.Escape($"{difference.Where}: {difference.Problem}") + "[/]");
        if (report.Differences.Count > MostShown) Console.Out.WriteLine($"and {report.Differences.Count - MostShown} more");
        AnsiConsole.MarkupLine(report.IsIntact ? "[green]The books are intact.[/]" : "[red]The books are not intact.[/]");
    }
}
