using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What became of a wish for a token that nobody pays for.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome()
    {
    }

    /// <param name="Receipt">Of a token with energy; null for one without.</param>
    /// <param name="Tid">Null for a test token, which has none.</param>
    public sealed record Issued(Approval Approval, TokenNumber Token, TokenIdentifier? Tid, OrderReceipt? Receipt, bool IsReplay) : IssueOutcome;

    public sealed record Declined(string Code, string Detail) : IssueOutcome;
}

/// <summary>A budget as it would stand.</summary>
/// <param name="Left">Now.</param>
/// <param name="Takes">What this would take of it.</param>
public sealed record BudgetTrial(BudgetName Name, long Left, long Takes);

/// <summary>What an issue would do now, and no state.</summary>
public abstract record IssueTrial
{
    private IssueTrial()
    {
    }

    /// <param name="Place">Where the meter is; empty for a token that every meter takes.</param>
    /// <param name="Legs">The movements in the books, as account and amount.</param>
    public sealed record Possible(ApprovalEffect Effect, string Place, IReadOnlyList<BudgetTrial> Budgets, IReadOnlyList<Ledger.Posting> Legs) : IssueTrial;

    public sealed record Declined(string Code, string Detail) : IssueTrial;
}
