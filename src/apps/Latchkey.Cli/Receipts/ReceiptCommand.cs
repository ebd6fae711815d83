using System.CommandLine;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Receipts;

/// <summary><c>latchkey receipt check TEXT --key FILE</c>: checks the code of a paper receipt, offline.</summary>
internal static class ReceiptCommand
{
    public static Command Create()
    {
        var text = new Argument<string>("text") { Description = "What the code on the receipt says, or - for standard input." };
        var keys = new Option<string[]>("--key") { Description = "A file with the seller's published key (PEM), from /v1/keys/receipts; may be given several times.", Required = true };
        var tokens = new Option<string[]>("--token") { Description = "A token on the paper; all of them, in their order." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var check = new Command("check", "Says whether a receipt is the seller's own, without asking the seller.") { text, keys, tokens, json };
        check.SetAction(result => Check(result.GetRequiredValue(text), result.GetValue(keys) ?? [], result.GetValue(tokens) ?? [], result.GetValue(json)));
        return new Command("receipt", "Looks at receipts.") { check };
    }

    private static int Check(string text, string[] files, string[] tokens, bool asJson)
    {
        var keys = new List<ReceiptKey>();
        foreach (string file in files)
        {
            if (!File.Exists(file)) return CommandOutput.Fail($"there is no file '{file}'");
            if (!ReceiptKey.TryParse(File.ReadAllText(file), out ReceiptKey? key)) return CommandOutput.Fail($"'{file}' holds no public key: PEM, ECDSA P-256");
            keys.Add(key!);
        }

        string said = text == "-" ? Console.In.ReadToEnd() : text;
        ReceiptCheckResult result = ReceiptCheck.Verify(said, keys, out ReceiptStatement? statement);
        bool? sameTokens = result == ReceiptCheckResult.Genuine && tokens.Length > 0 ? statement!.HasTokens(tokens) : null;
        if (asJson) CommandOutput.WriteJson(Document(result, statement, sameTokens));
        else Print(result, statement, sameTokens);
        return result == ReceiptCheckResult.Genuine && sameTokens != false ? CommandOutput.Success : CommandOutput.Failure;
    }

    // What a forged code says is not repeated as if it were so.
    private static object Document(ReceiptCheckResult result, ReceiptStatement? statement, bool? sameTokens) => new
    {
        result = result.ToString(),
        tokensMatch = sameTokens,
        receipt = result == ReceiptCheckResult.Genuine ? statement : null,
    };

    private static void Print(ReceiptCheckResult result, ReceiptStatement? statement, bool? sameTokens)
    {
        AnsiConsole.MarkupLine(result switch
        {
            ReceiptCheckResult.Genuine => "[green]Genuine: the seller sealed this.[/]",
            ReceiptCheckResult.FormatError => "[red]Not the code of a receipt, or not the whole of it.[/]",
            ReceiptCheckResult.UnknownKey => "[red]Sealed with a key that was not given: ask this seller for its published key.[/]",
            ReceiptCheckResult.WrongSeal => "[red]Forged or altered: the seal does not belong to the text.[/]",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        if (result != ReceiptCheckResult.Genuine) return;
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("", "");
        foreach ((string name, string value) in Facts(statement!)) table.AddRow(Markup.Escape(name), Markup.Escape(value));
        AnsiConsole.Write(table);
        if (sameTokens is { } same) AnsiConsole.MarkupLine(same ? "[green]The tokens are those of this receipt.[/]" : "[red]The tokens are not those of this receipt.[/]");
    }

    private static IEnumerable<(string Name, string Value)> Facts(ReceiptStatement statement)
    {
        yield return ("receipt", statement.Number);
        yield return ("order", statement.OrderId.ToString());
        yield return ("meter", statement.MeterNumber);
        yield return ("issued", statement.IssuedAt);
        yield return ("paid", $"{statement.AmountMinorUnits} minor units of {statement.Currency}");
        yield return ("energy", $"{statement.TenthsGranted / 10m:F1} kWh");
        yield return ("ledger", statement.LedgerHash);
    }
}
