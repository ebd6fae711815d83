using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Sellers;
using Latchkey.Cli.Vendors;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Cli.Insiders;

/// <summary>What a command of insiders came to when it failed.</summary>
internal sealed record InsiderProblem(string Text);

/// <summary>Several things: documents for programs, lines for people.</summary>
internal sealed record InsiderList(IReadOnlyList<object> Documents, IReadOnlyList<string> Lines);

/// <summary>Opens the books of a data directory for one command of an insider, beside a running server too, and prints what came of it.</summary>
internal static class InsiderHouse
{
    public static readonly Option<string> Data = new("--data") { Description = "The data directory.", Required = true };
    public static readonly Option<string> Offset = new("--utc-offset") { Description = "The seller's clock, as the server has it: for example +08:00.", DefaultValueFactory = _ => "+08:00" };
    public static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };
    public static readonly Option<string> Name = new("--as") { Description = "Your name. It is recorded with your account on this machine, which is what counts as you.", Required = true };
    public static readonly Option<string> Seller = new("--seller") { Description = "The seller's name on a receipt.", DefaultValueFactory = _ => string.Empty };

    /// <summary>A verb with its own symbols and the common options.</summary>
    /// <param name="needsSigner">Whether it asks the signer, here or in its own process.</param>
    public static Command Verb(string name, string about, IReadOnlyList<Symbol> symbols, Func<VendingHouse, ParseResult, Task<object>> work, bool needsSigner = false)
    {
        var command = new Command(name, about);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.Options.Add(Data);
        command.Options.Add(Offset);
        command.Options.Add(AsJson);
        command.SetAction(async (said, _) => await RunAsync(said, work, needsSigner));
        return command;
    }

    /// <summary>Who sits at this machine: the operating system's account, and the name that account gives.</summary>
    public static ApprovalPerson Person(ParseResult said) => ApprovalPerson.AtMachine(Environment.UserName, said.GetRequiredValue(Name).Trim());

    public static Argument<Guid> Id(string about) => new("id") { Description = about };

    public static object View(ApprovalOutcome outcome) => outcome switch
    {
        ApprovalOutcome.Done done => View(done.Approval),
        ApprovalOutcome.Refused refused => new InsiderProblem($"{refused.Code}: {refused.Detail}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static object View(Approval a) => new
    {
        id = a.Id,
        state = a.StateAt(TimeProvider.System.GetUtcNow()).ToString().ToLowerInvariant(),
        what = ApprovalKinds.WordOf(a.Effect.Kind),
        subject = a.Effect.Subject,
        amount = AmountOf(a.Effect),
        detail = a.Effect.Detail,
        reason = a.Request.Reason,
        askedBy = a.Request.AskedBy.ToString(),
        first = a.First?.ToString(),
        second = a.Second?.ToString(),
        expires = a.Request.ExpiresAt,
    };

    /// <summary>An amount with its unit, as people read it.</summary>
    public static string AmountOf(ApprovalEffect effect) => effect.Unit == "0.1kWh"
        ? (effect.Amount / 10m).ToString("0.0", CultureInfo.InvariantCulture) + " kWh"
        : string.Create(CultureInfo.InvariantCulture, $"{effect.Amount} {effect.Unit}");

    private static Task<int> RunAsync(ParseResult said, Func<VendingHouse, ParseResult, Task<object>> work, bool needsSigner)
    {
        string seller = said.CommandResult.Command.Options.Contains(Seller) ? said.GetRequiredValue(Seller) : string.Empty;
        var wanted = new WantedBooks(said.GetRequiredValue(Data), said.GetRequiredValue(Offset), needsSigner, MakesTokens: true) { Seller = seller };
        return SellerBooks.RunAsync(wanted, async house =>
        {
            object answer = await work(house, said);
            if (answer is InsiderProblem problem) return CommandOutput.Fail(problem.Text);
            Print(answer, said.GetValue(AsJson));
            return CommandOutput.Success;
        });
    }

    private static void Print(object answer, bool asJson)
    {
        if (answer is not InsiderList list)
        {
            VendorPrinter.Print(answer, asJson);
            return;
        }

        if (asJson) CommandOutput.WriteJson(list.Documents);
        else foreach (string line in list.Lines.DefaultIfEmpty("nothing")) Console.Out.WriteLine(line);
    }
}
