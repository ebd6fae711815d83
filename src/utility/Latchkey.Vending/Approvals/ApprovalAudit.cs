using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>Holds the stored requests against the sealed books, both ways: a row that was changed, made or taken away is named.</summary>
internal sealed class ApprovalAudit(ILedgerReader ledger)
{
    private const int DifferenceLimit = 1_000;
    private readonly Dictionary<Guid, int> _entries = [];

    public List<AuditDifference> Differences { get; } = [];

    /// <summary>Of the ledger.</summary>
    public void SeeEntry(JournalEntry entry)
    {
        if (ApprovalEntries.RequestOf(entry) is { } id) _entries[id] = _entries.GetValueOrDefault(id) + 1;
    }

    public void SeeApproval(Approval approval)
    {
        _entries.Remove(approval.Id);
        Hold(approval, ApprovalEntries.Asked, approval.Request.AskedBy);
        switch (approval.State)
        {
            case ApprovalState.Given:
                Hold(approval, ApprovalEntries.Given, approval.Second);
                HoldTwo(approval);
                break;
            case ApprovalState.Used:
                Hold(approval, ApprovalEntries.Given, approval.Second);
                HoldTwo(approval);
                if (ledger.FindAccount(approval.Account) is not { Balance: { CreditsPosted: > 0 } or { CreditsPending: > 0 } } && !WasReleased(approval)) Report(approval, "it counts as used, and the books know of no use");
                break;
            case ApprovalState.Refused:
                Hold(approval, ApprovalEntries.Refused, approval.Second);
                break;
            case ApprovalState.Expired:
                Hold(approval, ApprovalEntries.Expired, null);
                break;
        }
    }

    /// <summary>What the books know and the rows do not.</summary>
    public void Finish()
    {
        foreach (Guid id in _entries.Keys) Add(new AuditDifference("approval " + id, "the books know of it, and its row is gone", null));
    }

    /// <summary>A hold that used it was given back: the piece is whole again.</summary>
    private bool WasReleased(Approval approval) => ledger.FindAccount(approval.Account) is { Balance: { DebitsPosted: 1, CreditsPosted: 0, CreditsPending: 0 } };

    private void Hold(Approval approval, string step, ApprovalPerson? by)
    {
        JournalEntry? entry = ledger.LookUp([ApprovalEntries.IdOf(approval.Id, step)])[0].Entry?.Entry;
        if (entry is null) Report(approval, $"the books have no entry that it was {step}");
        else if (entry.Memo != ApprovalEntries.MemoOf(approval.Request, step, by?.ToString() ?? "-")) Report(approval, $"its content or its person is not the one that was {step}");
    }

    private void HoldTwo(Approval approval)
    {
        if (!ApprovalRules.AreTwo(approval)) Report(approval, "one person stands for both");
    }

    private void Report(Approval approval, string problem) => Add(new AuditDifference("approval " + approval.Id, problem, null));

    private void Add(AuditDifference difference)
    {
        if (Differences.Count < DifferenceLimit) Differences.Add(difference);
    }
}
