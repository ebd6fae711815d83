using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>What must hold of an approval when it is used. Inside the transaction of what uses it.</summary>
internal static class ApprovalRules
{
    /// <summary>Null where the approval of exactly this effect may be used now; otherwise the code and the advice.</summary>
    public static (string Code, string Detail)? CheckUse(IVendingBooks books, Guid id, ApprovalEffect effect, DateTimeOffset now, out Approval? approval)
    {
        approval = books.FindApproval(id);
        if (approval is null) return (VendingCodes.ApproversMissing, "Nobody has approved this: ask for an approval, and have another person give it.");
        if (approval.Effect != effect) return (VendingCodes.ApprovalMismatch, "What is asked for now is not what was approved; ask for an approval of exactly this.");
        if (!IsSealed(books, approval, ApprovalEntries.Asked)) return Changed;
        if (now >= approval.Request.ExpiresAt && approval.State != ApprovalState.Refused) return (VendingCodes.ApprovalExpired, "The approval has expired; ask again.");
        return approval.State switch
        {
            ApprovalState.Open => (VendingCodes.ApproversMissing, "A second person has not approved this yet."),
            ApprovalState.Refused => (VendingCodes.ApprovalRefused, "This was refused; ask again with a better reason."),
            ApprovalState.Expired => (VendingCodes.ApprovalExpired, "The approval has expired; ask again."),

            // Used: by this very id, whose hold the signer refused; the books know whether there is anything left to use.
            _ => AreTwo(approval) && IsSealed(books, approval, ApprovalEntries.Given) ? null : Changed,
        };
    }

    /// <summary>Opens what a step's entry needs and posts it; a refusal is a fault of the caller's order of steps.</summary>
    public static PostResult Post(IVendingBooks books, JournalEntry entry)
    {
        PostResult result = books.Post(entry);
        if (result != PostResult.AccountNotFound) return result;
        foreach (LedgerAccount account in ApprovalEntries.Accounts(entry)) books.Open(account);
        return books.Post(entry);
    }

    public static bool AreTwo(Approval approval) => approval is { First: { } first, Second: { } second } && first.IsSomebodyElseThan(second);

    private static (string, string) Changed => (VendingCodes.ApprovalChanged, "The stored request is not the one that the books have sealed: have it audited.");

    /// <summary>The step stands in the books with the very content and person of the stored row.</summary>
    private static bool IsSealed(IVendingBooks books, Approval approval, string step)
    {
        ApprovalPerson? by = step == ApprovalEntries.Asked ? approval.Request.AskedBy : approval.Second;
        return books.FindEntry(ApprovalEntries.IdOf(approval.Id, step))?.Entry.Memo == ApprovalEntries.MemoOf(approval.Request, step, by?.ToString() ?? "-");
    }
}
