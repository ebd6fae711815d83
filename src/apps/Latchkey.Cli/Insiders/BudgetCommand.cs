using System.CommandLine;
using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Vending;
using static Latchkey.Cli.Insiders.InsiderHouse;

namespace Latchkey.Cli.Insiders;

/// <summary><c>latchkey budget …</c>: how much may be given away. Raised by two people, spent by what is issued.</summary>
internal static class BudgetCommand
{
    public static Command Create() => new("budget", "Budgets of free issues, refunds, engineering and test tokens.") { Set(), Show() };

    /// <summary>An amount of a budget as people read it.</summary>
    internal static string Amount(BudgetName name, long amount) => name.Unit == LedgerUnit.TenthsOfKilowattHour
        ? (amount / 10m).ToString("0.0", CultureInfo.InvariantCulture) + " kWh"
        : string.Create(CultureInfo.InvariantCulture, $"{amount} {BudgetName.UnitWord(name.Unit)}");

    private static Command Set()
    {
        var kind = new Argument<string>("what") { Description = string.Join(", ", BudgetKinds.All.Select(BudgetKinds.WordOf)) + "." };
        var add = new Option<string>("--add") { Description = "By how much: kWh, tokens or minor units, as the unit says.", Required = true };
        var unit = new Option<string?>("--unit") { Description = "kwh, count, or a currency's code. What the kind is measured in where it is not given." };
        var period = new Option<string>("--period") { Description = "A month (2026-11), a day (2026-11-22), or 'always'.", DefaultValueFactory = _ => BudgetName.Always };
        var owner = new Option<string>("--operator") { Description = "The account of one operator, for a limit within everybody's.", DefaultValueFactory = _ => BudgetName.Everybody };
        return Verb("set", "Asks for more of a budget; it is there when a second person has approved.", [kind, add, unit, period, owner, IssueCommand.Reason, IssueCommand.RequestId, Name], async (house, said) =>
        {
            if (!BudgetKinds.TryParse(said.GetRequiredValue(kind), out BudgetKind what)) return new InsiderProblem($"there is no budget for '{said.GetValue(kind)}'");
            if (BudgetName.TryParseUnit(said.GetValue(unit) ?? UsualUnit(what)) is not { } measure) return new InsiderProblem("--unit is kwh, count, or a currency's code");
            if (!TryRead(said.GetRequiredValue(add), measure, out long amount)) return new InsiderProblem("--add is a whole number, or kWh with at most one decimal");
            if (!BudgetName.IsPeriod(said.GetRequiredValue(period))) return new InsiderProblem("--period is a month (2026-11), a day (2026-11-22) or 'always'");
            var name = new BudgetName(what, said.GetRequiredValue(period), said.GetRequiredValue(owner), measure);
            if (BudgetDesk.EffectOf(name, amount, out string? problem) is not { } effect) return new InsiderProblem(problem!);
            return View(await house.Approvals.AskAsync(
                said.GetValue(IssueCommand.RequestId) ?? IssueCommand.NewId(), effect, said.GetRequiredValue(IssueCommand.Reason), Person(said), ApprovalDesk.UsualLifetime, CancellationToken.None));
        });
    }

    private static Command Show()
    {
        var kind = new Argument<string?>("what") { Description = "One kind, or all.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("show", "Budgets as they stand.", [kind], (house, said) =>
        {
            BudgetKind what = default;
            if (said.GetValue(kind) is { } word && !BudgetKinds.TryParse(word, out what)) return Task.FromResult<object>(new InsiderProblem($"there is no budget for '{word}'"));
            return Task.FromResult<object>(house.Budgets.Show(what == default ? null : what).Select(s => new
            {
                what = BudgetKinds.WordOf(s.Name.Kind), s.Name.Period, @operator = s.Name.Owner, given = Amount(s.Name, s.Given), left = Amount(s.Name, s.Left),
            }).ToArray());
        });
    }

    private static string UsualUnit(BudgetKind kind) => kind switch
    {
        BudgetKind.FreeIssue or BudgetKind.CreditTransfer => "kwh",
        BudgetKind.Refunds or BudgetKind.FreeUnits => "cny",
        _ => "count",
    };

    private static bool TryRead(string text, LedgerUnit unit, out long amount)
    {
        amount = 0;
        if (unit != LedgerUnit.TenthsOfKilowattHour) return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out amount);
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal kilowattHours) || kilowattHours > 1_000_000_000) return false;
        amount = decimal.ToInt64(decimal.Truncate(kilowattHours * 10));
        return kilowattHours * 10 == amount;
    }
}
