using System.CommandLine;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using static Latchkey.Cli.Insiders.InsiderHouse;

namespace Latchkey.Cli.Insiders;

/// <summary><c>latchkey issue …</c>: tokens that nobody pays for. Each is asked for, approved by another person, then collected.</summary>
internal static class IssueCommand
{
    public static readonly Option<string> Reason = new("--reason") { Description = "Why; kept for those who decide and for the auditor.", Required = true };
    public static readonly Option<Guid?> RequestId = new("--id") { Description = "A UUID that you make and keep: the same id is the same request. Drawn where it is not given." };
    private static readonly Option<bool> TrialOnly = new("--trial") { Description = "Shows what it would do, and asks nobody." };

    public static Command Create() => new("issue", "Free issues, credit transfers, engineering and test tokens: on the word of two people, out of a budget.")
    {
        Of("free", ApprovalKind.FreeIssue, "Energy without money.", "--kwh", "kWh, for example 12.5.", needsAmount: true),
        Transfer(),
        Of("clear-tamper", ApprovalKind.ClearTamper, "Ends a tamper condition.", null, null, needsAmount: false),
        Of("clear-credit", ApprovalKind.ClearCredit, "Sets credit to nothing.", "--register", "0 for electricity to 7, or 'all'.", needsAmount: false),
        Of("power-limit", ApprovalKind.PowerLimit, "Sets the highest load.", "--watts", "Watts.", needsAmount: true),
        Of("phase-unbalance", ApprovalKind.PhaseUnbalance, "Sets the highest difference between phases.", "--watts", "Watts.", needsAmount: true),
        Test(),
        Collect(),
    };

    /// <summary>Tries, or asks for an approval.</summary>
    internal static async Task<object> AskAsync(VendingHouse house, ParseResult said, ApprovalEffect? effect, string? problem)
    {
        if (effect is null) return new InsiderProblem(problem ?? "that makes no token");
        ApprovalPerson by = Person(said);
        if (said.CommandResult.Command.Options.Contains(TrialOnly) && said.GetValue(TrialOnly)) return Shown(house.Issues.Trial(effect, by));
        return InsiderHouse.View(await house.Acts.AskAsync(
            said.GetValue(RequestId) ?? NewId(), effect, said.GetRequiredValue(Reason), by, ApprovalDesk.UsualLifetime, CancellationToken.None));
    }

    internal static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static Command Of(string name, ApprovalKind kind, string about, string? option, string? aboutOption, bool needsAmount)
    {
        Argument<string> meter = Meter();
        var amount = new Option<string?>(option ?? "--none") { Description = aboutOption, Required = needsAmount };
        IReadOnlyList<Symbol> symbols = option is null ? [meter, Reason, RequestId, TrialOnly, Name] : [meter, amount, Reason, RequestId, TrialOnly, Name];
        return Verb(name, about, symbols, async (house, said) =>
        {
            var words = new IssueWords(said.GetRequiredValue(meter), option is null ? null : said.GetValue(amount), null, null);
            return await AskAsync(house, said, words.EffectOf(kind, out string? problem), problem);
        });
    }

    private static Command Transfer()
    {
        Argument<string> meter = Meter();
        var from = new Option<string>("--from") { Description = "The replaced meter.", Required = true };
        var kilowattHours = new Option<string>("--kwh") { Description = "What was left in it.", Required = true };
        var reference = new Option<string>("--reference") { Description = "The work order that says so; each is transferred once.", Required = true };
        return Verb("transfer", "Credit left in a replaced meter, to the one that replaced it.", [meter, from, kilowattHours, reference, Reason, RequestId, TrialOnly, Name], async (house, said) =>
        {
            var words = new IssueWords(said.GetRequiredValue(meter), said.GetRequiredValue(kilowattHours), said.GetRequiredValue(from), said.GetRequiredValue(reference));
            return await AskAsync(house, said, words.EffectOf(ApprovalKind.CreditTransfer, out string? problem), problem);
        });
    }

    private static Command Test()
    {
        var mask = new Option<string?>("--tests") { Description = "A mask: 1 the first test, 2 the second, 3 both. All tests where it is not given." };
        var manufacturer = new Option<int>("--manufacturer") { Description = "Only this maker's meters answer; 0 for all." };
        var fourDigit = new Option<bool>("--four-digit") { Description = "The form for makers with codes of four digits." };
        return Verb("test", "A test or display token, which every meter takes.", [mask, manufacturer, fourDigit, Reason, RequestId, TrialOnly, Name], async (house, said) =>
        {
            ulong? control = null;
            if (said.GetValue(mask) is { } text)
            {
                if (!ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong bits)) return new InsiderProblem("--tests is a whole number");
                control = bits;
            }

            ApprovalEffect? effect = IssueEffects.MeterTest(control, said.GetValue(manufacturer), said.GetValue(fourDigit), out string? problem);
            return await AskAsync(house, said, effect, problem);
        });
    }

    private static Command Collect()
    {
        Argument<Guid> id = Id("The id of a request that was approved.");
        return Verb("collect", "The token of an approved request; the same whenever it is asked again.", [id, Seller], async (house, said) =>
            await house.Issues.IssueAsync(said.GetValue(id), CancellationToken.None) switch
            {
                IssueOutcome.Issued issued => new
                {
                    token = issued.Token.ToGroupedString(), what = ApprovalKinds.WordOf(issued.Approval.Effect.Kind), meter = issued.Approval.Effect.Subject,
                    amount = AmountOf(issued.Approval.Effect), receipt = issued.Receipt?.Number, first = issued.Approval.First?.ToString(), second = issued.Approval.Second?.ToString(),
                    replay = issued.IsReplay,
                },
                IssueOutcome.Declined { Code: VendingCodes.SignerUnavailable } => new InsiderProblem($"{VendingCodes.SignerUnavailable}: {house.Signer.Ailment}; then collect it again, it is the same token"),
                IssueOutcome.Declined declined => new InsiderProblem($"{declined.Code}: {declined.Detail}"),
                _ => throw new System.Diagnostics.UnreachableException(),
            }, needsSigner: true);
    }

    private static object Shown(IssueTrial trial) => trial switch
    {
        IssueTrial.Possible possible => new
        {
            what = ApprovalKinds.WordOf(possible.Effect.Kind), subject = possible.Effect.Subject, amount = AmountOf(possible.Effect), place = possible.Place,
            budgets = string.Join("; ", possible.Budgets.Select(b => $"{b.Name.Account}: {BudgetCommand.Amount(b.Name, b.Left)} left, takes {BudgetCommand.Amount(b.Name, b.Takes)}")),
            entry = string.Join("; ", possible.Legs.Select(leg => $"{leg.Account} {leg.Amount}")),
        },
        IssueTrial.Declined declined => new InsiderProblem($"{declined.Code}: {declined.Detail}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Argument<string> Meter() => new("meter") { Description = "The meter, by the number on its face or its PAN." };
}
