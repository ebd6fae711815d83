using System.CommandLine;
using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using static Latchkey.Cli.Insiders.InsiderHouse;

namespace Latchkey.Cli.Insiders;

/// <summary><c>latchkey approve …</c>: what two people answer for, from the machine itself.</summary>
internal static class ApproveCommand
{
    private const int MostShown = 200;

    public static Command Create() => new("approve", "Requests that two people answer for: free issues, engineering tokens, budgets, refunds, money back, credit notes, makers' answers, changes of keys.") { List(), Ask(), Give(), Refuse() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Decided ones too." };
        return Verb("list", "Requests, newest first.", [all], (house, said) =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            IEnumerable<Approval> found = house.Approvals.List(null, MostShown)
                .Where(a => said.GetValue(all) || a.StateAt(now) is ApprovalState.Open or ApprovalState.Given);
            return Task.FromResult<object>(new InsiderList([.. found.Select(View)], [.. found.SelectMany(Lines)]));
        });
    }

    private static IEnumerable<string> Lines(Approval a) =>
    [
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{a.Id}  {a.StateAt(TimeProvider.System.GetUtcNow()).ToString().ToLowerInvariant()}"),
        $"  {ApprovalKinds.WordOf(a.Effect.Kind)} {AmountOf(a.Effect)} for {a.Effect.Subject} {a.Effect.Detail}".TrimEnd(),
        $"  {a.Request.Reason}",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  asked by {a.Request.AskedBy}{(a.Second is { } second ? $", then {second}" : string.Empty)}, until {a.Request.ExpiresAt:yyyy-MM-dd HH:mm}Z"),
    ];

    /// <summary>Any effect by its parts: what <c>issue</c> and <c>budget</c> do in words of their own.</summary>
    private static Command Ask()
    {
        var kind = new Argument<string>("what") { Description = "free-issue, credit-transfer, clear-tamper, clear-credit, power-limit, phase-unbalance, meter-test, refund, money-back." };
        var meter = new Option<string?>("--meter") { Description = "The meter, by the number on its face or its PAN." };
        var amount = new Option<string?>("--amount") { Description = "kWh, watts, a register's number, a mask of tests; minor units for a refund." };
        var from = new Option<string?>("--from") { Description = "The replaced meter of a transfer." };
        var reference = new Option<string?>("--reference") { Description = "The work order of a transfer." };
        var currency = new Option<string>("--currency") { Description = "ISO 4217 code of a refund.", DefaultValueFactory = _ => "CNY" };
        var purchase = new Option<Guid?>("--purchase") { Description = "The purchase whose money goes back." };
        var unused = new Option<string?>("--unused") { Description = "What the meter has proved of its token: refused-as-old or key-changed. Left out where it has none." };
        var evidence = new Option<string?>("--evidence") { Description = "What the meter's answer is found by." };
        return Verb("ask", "Asks for an approval.", [kind, meter, amount, from, reference, currency, purchase, unused, evidence, IssueCommand.Reason, IssueCommand.RequestId, Name], async (house, said) =>
        {
            if (!ApprovalKinds.TryParse(said.GetRequiredValue(kind), out ApprovalKind wanted)) return new InsiderProblem($"'{said.GetValue(kind)}' is nothing that can be approved");
            if (wanted == ApprovalKind.Refund)
            {
                ApprovalEffect? refund = RefundOf(said.GetValue(meter), said.GetValue(amount), said.GetRequiredValue(currency), out string? wrong);
                return await IssueCommand.AskAsync(house, said, refund, wrong);
            }

            if (wanted == ApprovalKind.MoneyBack)
            {
                ApprovalEffect? back = MoneyBackOf(house, said.GetValue(purchase), said.GetValue(unused), said.GetValue(evidence), out string? wrong);
                return await IssueCommand.AskAsync(house, said, back, wrong);
            }

            if (CommandFor(wanted) is { } command) return new InsiderProblem($"this is asked for with '{command}'");
            var words = new IssueWords(said.GetValue(meter), said.GetValue(amount), said.GetValue(from), said.GetValue(reference));
            return await IssueCommand.AskAsync(house, said, words.EffectOf(wanted, out string? problem), problem);
        });
    }

    private static string? CommandFor(ApprovalKind kind) => kind switch
    {
        ApprovalKind.CreditNote => "latchkey vendor credit-note",
        ApprovalKind.BankLine => "latchkey vendor assign",
        ApprovalKind.KeyLimit => "latchkey keys raise",
        ApprovalKind.KeyResume => "latchkey keys resume",
        ApprovalKind.MakerAnswer => "latchkey makers settle",
        _ => null,
    };

    private static ApprovalEffect? RefundOf(string? meter, string? amount, string code, out string? problem)
    {
        if (MeterNumber.Read(meter, out MeterPan pan) is { } wrong) problem = $"{wrong}: '{meter}' is no meter's number";
        else if (!Currency.TryParse(code, out Currency currency)) problem = $"'{code}' is no currency code";
        else if (!long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out long minorUnits)) problem = "--amount is a whole number of minor units";
        else return ActEffects.Refund(pan, new Money(minorUnits, currency), out problem);
        return null;
    }

    private static ApprovalEffect? MoneyBackOf(VendingHouse house, Guid? purchase, string? unused, string? evidence, out string? problem)
    {
        problem = null;
        UnusedReason reason = default;
        if (purchase is not { } id) problem = "--purchase names the purchase whose money goes back";
        else if (unused is not null && !UnusedReasons.TryParse(unused, out reason)) problem = "--unused is refused-as-old or key-changed; it is left out where there is no token";
        else if (house.MoneyBack.EffectOf(id, unused is null ? null : reason, evidence ?? string.Empty, out (string Code, string Detail)? wrong) is { } effect) return effect;
        else problem = $"{wrong!.Value.Code}: {wrong.Value.Detail}";
        return null;
    }

    private static Command Give()
    {
        Argument<Guid> id = Id("The request's id, as in the list.");
        return Verb("give", "Approves, as a person other than who asked.", [id, Name], async (house, said) =>
            View(await house.Acts.ApproveAsync(said.GetValue(id), Person(said), CancellationToken.None)));
    }

    private static Command Refuse()
    {
        Argument<Guid> id = Id("The request's id, as in the list.");
        return Verb("refuse", "Refuses, or takes back what was approved and not used.", [id, Name], async (house, said) =>
            View(await house.Approvals.RefuseAsync(said.GetValue(id), Person(said), CancellationToken.None)));
    }
}
