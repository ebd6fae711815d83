using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>The entry of a test token: one token, its approval, its budget.</summary>
internal static class MeterTestSteps
{
    private static readonly AccountId Issued = AccountId.Require("tokens:tests"), ToAny = AccountId.Require("tokens:any-meter");

    public static (IssueOutcome.Declined? Refusal, bool IsReplay) Post(IVendingBooks books, Guid id, DateTimeOffset now, DateOnly today)
    {
        Guid entryId = DerivedId.Of(id, "meter test");
        if (books.FindEntry(entryId) is not null) return (null, true);
        if (books.FindApproval(id) is not { } approval) return (new IssueOutcome.Declined(VendingCodes.ApprovalUnknown, "There is no such request."), false);
        if (ApprovalRules.CheckUse(books, id, approval.Effect, now, out _) is { } refusal) return (new IssueOutcome.Declined(refusal.Code, refusal.Detail), false);
        if (BudgetRules.Legs(books, new BudgetUse(BudgetKind.MeterTest, approval.Request.AskedBy.Account, 0, null, 0), today, out IReadOnlyList<Posting> budget) is { } missing)
            return (new IssueOutcome.Declined(missing.Code, missing.Detail), false);

        books.Open(new LedgerAccount(Issued, LedgerUnit.Token, AccountClass.Memorandum));
        books.Open(new LedgerAccount(ToAny, LedgerUnit.Token, AccountClass.Memorandum));
        JournalEntry entry = JournalEntry.Post(
            entryId, now, $"meter test {id:D}",
            [Posting.Debit(ToAny, LedgerUnit.Token, 1), Posting.Credit(Issued, LedgerUnit.Token, 1), .. budget, .. ApprovalEntries.UseLegs(id, approval.Effect)]);
        switch (ApprovalRules.Post(books, entry))
        {
            case PostResult.Posted:
                books.Save(approval with { State = ApprovalState.Used, UsedAt = now });
                return (null, false);
            case PostResult.InsufficientFunds when BudgetRules.Spent(books, budget) is { } spent:
                (string code, string detail) = BudgetRules.SpentRefusal(spent);
                return (new IssueOutcome.Declined(code, detail), false);
            case PostResult.InsufficientFunds:
                return (new IssueOutcome.Declined(VendingCodes.ApprovalUsed, "This approval was used; ask for another."), false);
            case var other:
                throw new InvalidOperationException($"The books refuse test token {id}: {other}.");
        }
    }
}
