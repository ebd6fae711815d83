using Latchkey.Vending;

namespace Latchkey.Server.Portal.Approvals;

/// <summary>A request as the page shows it.</summary>
/// <param name="Kind">A stable word, for example <c>free-issue</c>.</param>
/// <param name="Subject">The meter's number, the budget's name, a vendor, a key, a purchase's id, or empty for a token that every meter takes.</param>
/// <param name="Place">Where the meter is, or the vendor's name; null where that is not known.</param>
/// <param name="Amount">With its unit; empty where there is none to say.</param>
/// <param name="State">A stable word: <c>open</c>, <c>given</c>, <c>used</c>, <c>refused</c>, <c>expired</c>.</param>
public sealed record ApprovalLine(
    Guid Id, string Kind, string Subject, string? Place, string Amount, string Detail, string Reason, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, string State,
    string? First, string? Second);

/// <summary>A budget as the page shows it.</summary>
public sealed record BudgetLine(string Kind, string Period, string Owner, string Given, string Left);

/// <summary>What became of a button or a call: a token where one was made, a code and advice where it was refused.</summary>
public sealed record DecisionAnswer(string? Code, string? Detail, ApprovalLine? Approval, string? Token = null)
{
    public bool IsDone => Code is null;
}

/// <summary>Requests that two people answer for. Who acts is named by the door that knows them: the sign-in or the key.</summary>
public interface IApprovalView
{
    /// <summary>Newest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<ApprovalLine>> ListAsync(int limit, CancellationToken cancellationToken);

    ValueTask<ApprovalLine?> FindAsync(Guid id, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<BudgetLine>> BudgetsAsync(CancellationToken cancellationToken);

    /// <summary>What there is to choose from when asking.</summary>
    ValueTask<WishChoices> ChoicesAsync(CancellationToken cancellationToken);

    /// <summary>Where the meter of this number is; null where none is known by it.</summary>
    string? PlaceOf(string meterNumber);

    /// <summary>Asks for an approval; the same id with the same wish is the same request.</summary>
    ValueTask<DecisionAnswer> AskAsync(Guid id, Wish wish, string reason, ApprovalPerson by, CancellationToken cancellationToken);

    ValueTask<DecisionAnswer> GiveAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken);

    ValueTask<DecisionAnswer> RefuseAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken);

    /// <summary>The token of an approved request; the same whenever it is asked again.</summary>
    ValueTask<DecisionAnswer> CollectAsync(Guid id, CancellationToken cancellationToken);
}
