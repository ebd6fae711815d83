using Latchkey.Ledger;
using Latchkey.Vending;

namespace Latchkey.Server.Platform;

/// <summary>What the demo park and the seeds are founded with: budgets that stand until they are spent, on the word of their two made-up founders.</summary>
internal static class FoundingBudgets
{
    private const int Attempts = 3;

    /// <summary>Sets them where they are not set yet.</summary>
    /// <param name="idOf">Names the requests, the same at every start.</param>
    public static async Task SetAsync(
        ApprovalDesk approvals, BudgetDesk budgets, TwoPeople founders, Func<string, Guid> idOf, IReadOnlyList<(BudgetKind Kind, LedgerUnit Unit, long Amount)> wanted, CancellationToken cancellationToken)
    {
        IReadOnlyList<BudgetStanding> there = budgets.Show(null);
        foreach ((BudgetKind kind, LedgerUnit unit, long amount) in wanted)
        {
            var name = new BudgetName(kind, BudgetName.Always, BudgetName.Everybody, unit);
            if (there.All(s => s.Name.Account != name.Account)) await SetAsync(approvals, budgets, founders, idOf, name, amount, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task SetAsync(
        ApprovalDesk approvals, BudgetDesk budgets, TwoPeople founders, Func<string, Guid> idOf, BudgetName name, long amount, CancellationToken cancellationToken)
    {
        BudgetOutcome? outcome = null;

        // A program that ended between asking and giving leaves a request that expires: the next start asks anew.
        for (int attempt = 1; attempt <= Attempts && outcome is not BudgetOutcome.Raised; attempt++)
        {
            Guid id = idOf($"founding {name.Account} {attempt}");
            ApprovalEffect effect = BudgetDesk.EffectOf(name, amount, out string? problem) ?? throw new InvalidOperationException(problem);
            await approvals.AskAsync(id, effect, "founding budget", ApprovalPerson.AtMachine(founders.First, founders.First), ApprovalDesk.LongestLifetime, cancellationToken).ConfigureAwait(false);
            await approvals.GiveAsync(id, ApprovalPerson.AtMachine(founders.Second, founders.Second), cancellationToken).ConfigureAwait(false);
            outcome = await budgets.RaiseAsync(id, cancellationToken).ConfigureAwait(false);
        }

        if (outcome is not BudgetOutcome.Raised) throw new InvalidOperationException($"The founding budget {name.Account} was not taken: {outcome}");
    }
}
