using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>How a budget stands.</summary>
/// <param name="Given">All that was ever put into it.</param>
/// <param name="Left">What may still be taken, holds taken off.</param>
public sealed record BudgetStanding(BudgetName Name, long Given, long Left);

/// <summary>What became of a budget's raising.</summary>
public abstract record BudgetOutcome
{
    private BudgetOutcome()
    {
    }

    public sealed record Raised(BudgetStanding Standing) : BudgetOutcome;

    public sealed record Declined(string Code, string Detail) : BudgetOutcome;
}

/// <summary>Budgets: raised on an approval, spent by what is issued, shown as they stand.</summary>
public sealed class BudgetDesk(IVendingStore store, TimeProvider time)
{
    private const long Most = 1_000_000_000_000;

    /// <summary>What to ask an approval for, or why there is nothing to ask.</summary>
    public static ApprovalEffect? EffectOf(BudgetName name, long amount, out string? problem)
    {
        problem = !BudgetName.IsPeriod(name.Period) ? "A period is a month (2026-11), a day (2026-11-22) or 'always'."
            : amount is <= 0 or > Most ? "A budget is raised by an amount above zero."
            : null;
        return problem is null ? new ApprovalEffect(ApprovalKind.Budget, name.Account.ToString(), amount, name.Unit.ToString(), string.Empty) : null;
    }

    /// <summary>Puts what was approved into its budget; once, however often it is asked.</summary>
    public Task<BudgetOutcome> RaiseAsync(Guid approvalId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(books => Raise(books, approvalId, now), cancellationToken);
    }

    /// <summary>Every budget of the kind, or of all kinds.</summary>
    public IReadOnlyList<BudgetStanding> Show(BudgetKind? kind) => store.Read(books => books.AccountsNamed("budget:"))
        .Select(StandingOf).OfType<BudgetStanding>().Where(s => kind is null || s.Name.Kind == kind).ToArray();

    private static BudgetOutcome Raise(IVendingBooks books, Guid id, DateTimeOffset now)
    {
        if (books.FindApproval(id) is not { Effect: { Kind: ApprovalKind.Budget } effect } || !BudgetName.TryParse(effect.Subject, out BudgetName? name))
            return new BudgetOutcome.Declined(VendingCodes.ApprovalUnknown, "There is no such request for a budget.");
        Guid entryId = DerivedId.Of(id, "budget");
        if (books.FindEntry(entryId) is not null) return new BudgetOutcome.Raised(StandingOf(books.FindAccount(name.Account)!)!);
        if (ApprovalRules.CheckUse(books, id, effect, now, out Approval? approval) is { } refusal) return new BudgetOutcome.Declined(refusal.Code, refusal.Detail);

        books.Open(new LedgerAccount(name.Account, name.Unit, AccountClass.Memorandum, AccountLimit.CreditsMustNotExceedDebits));
        books.Open(new LedgerAccount(name.Counter, name.Unit, AccountClass.Memorandum));
        JournalEntry entry = JournalEntry.Post(
            entryId, now, $"budget {id:D} by {approval!.First}, {approval.Second}",
            [Posting.Debit(name.Account, name.Unit, effect.Amount), Posting.Credit(name.Counter, name.Unit, effect.Amount), .. ApprovalEntries.UseLegs(id, effect)]);
        PostResult result = ApprovalRules.Post(books, entry);
        if (result != PostResult.Posted) return new BudgetOutcome.Declined(VendingCodes.BooksRefused, $"The books refuse the entry: {result}.");
        books.Save(approval with { State = ApprovalState.Used, UsedAt = now });
        return new BudgetOutcome.Raised(StandingOf(books.FindAccount(name.Account)!)!);
    }

    private static BudgetStanding? StandingOf(LedgerAccount account) => BudgetName.TryParse(account.Id.ToString(), out BudgetName? name)
        ? new BudgetStanding(name, account.Balance.DebitsPosted, checked((long)(account.Available ?? 0)))
        : null;
}
