namespace Latchkey.Vending.Reconciling;

/// <summary>Where a finding stands.</summary>
public enum FindingState
{
    /// <summary>Found; its owner has to look into it.</summary>
    Open = 1,

    /// <summary>Still there, and its owner has said why.</summary>
    Explained = 2,

    /// <summary>The last run did not find it any more.</summary>
    Cleared = 3,
}

/// <summary>A finding as it is kept from run to run, with the person or desk that owns it.</summary>
/// <param name="Number">What people call it.</param>
/// <param name="Owner">Who has to look into it.</param>
/// <param name="Explanation">What was found out; null while nothing was.</param>
public sealed record ReconciliationItem(
    int Number, Finding Finding, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Owner, string? Explanation, string? ExplainedBy, DateTimeOffset? ClearedAt)
{
    public const int MaxOwnerLength = 80;
    public const int MaxExplanationLength = 500;

    public FindingState State => ClearedAt is not null ? FindingState.Cleared : Explanation is not null ? FindingState.Explained : FindingState.Open;

    /// <summary>Whole days since it began; of a cleared one, until it was cleared.</summary>
    public int AgeDays(DateTimeOffset now) => Math.Max(0, (int)((ClearedAt ?? now) - Finding.Since).TotalDays);
}

/// <summary>What one run found.</summary>
public sealed record ReconciliationRun(int Number, DateTimeOffset At, int Found, int New, int Cleared, int Open);
