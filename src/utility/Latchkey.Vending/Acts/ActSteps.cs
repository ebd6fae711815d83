using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending;

/// <summary>The movement by which an act stands in the books, without the legs of its approval; none where no money moves.</summary>
internal sealed record ActEntry(Guid Id, string Memo, IReadOnlyList<Posting> Legs, IReadOnlyList<LedgerAccount> Accounts);

/// <summary>Uses an approval up with the very entry that does what was approved. Inside one transaction; safe to repeat.</summary>
internal static class ActSteps
{
    private const string KeyAct = "key act", RefundAct = "refund";

    /// <summary>Null when it stands in the books, now or since an earlier call; otherwise the code and the advice.</summary>
    public static (string Code, string Detail)? Use(IVendingBooks books, Approval approval, ActEntry act, DateTimeOffset now)
    {
        if (books.FindEntry(act.Id)?.Entry is { } there)
            return ApprovalEntries.Uses(there, approval.Id, approval.Effect) ? null : (VendingCodes.OrderIdReused, "This id belongs to something else; ask for another approval.");
        if (ApprovalRules.CheckUse(books, approval.Id, approval.Effect, now, out Approval? current) is { } refusal) return refusal;

        foreach (LedgerAccount account in act.Accounts) books.Open(account);
        string memo = act.Memo.Length <= JournalEntry.MaxMemoLength ? act.Memo : act.Memo[..JournalEntry.MaxMemoLength];
        JournalEntry entry = JournalEntry.Post(act.Id, now, memo, [.. act.Legs, .. ApprovalEntries.UseLegs(approval.Id, approval.Effect)]);
        switch (ApprovalRules.Post(books, entry))
        {
            case PostResult.Posted:
                books.Save(current! with { State = ApprovalState.Used, UsedAt = now });
                return null;
            case PostResult.InsufficientFunds:
                return (VendingCodes.ApprovalUsed, "This approval was used; ask for another.");
            case PostResult.AccountClosed:
                return (VendingCodes.AccountClosed, "The account is closed.");
            case var other:
                throw new InvalidOperationException($"The books refuse {memo}: {other}.");
        }
    }

    /// <summary>What stands for a change of a key, whose place is the signer's own file.</summary>
    public static ActEntry OfKey(Approval approval) => new(KeyEntryOf(approval.Id), $"key {approval.Effect.Subject} {ApprovalKinds.WordOf(approval.Effect.Kind)} ({People(approval)})", [], []);

    /// <summary>What stands for a refund until the purchase that brings it.</summary>
    public static ActEntry OfRefund(Approval approval) => new(RefundEntryOf(approval.Id), $"refund {approval.Effect.Subject} {approval.Request.Reason} ({People(approval)})", [], []);

    public static Guid KeyEntryOf(Guid approval) => DerivedId.Of(approval, KeyAct);

    public static Guid RefundEntryOf(Guid refund) => DerivedId.Of(refund, RefundAct);

    public static string People(Approval approval) => $"{approval.First}, {approval.Second}";

    /// <summary>The money of an effect; null where it is none.</summary>
    public static Money? MoneyOf(ApprovalEffect effect) => Currency.TryParse(effect.Unit, out Currency currency) ? new Money(effect.Amount, currency) : null;
}
