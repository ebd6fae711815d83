using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>
/// The signer's own look at what nobody paid for: the entry must spend the approval of exactly this token and a budget for it. The approval is a piece
/// in an account that is named by the token's content and that two people filled, so an entry that spends it cannot be committed without them.
/// All of it is read from the entry: a signer in a process of its own is told neither channel nor reference.
/// </summary>
internal static class CommittedGrant
{
    public static bool Covers(JournalEntry entry, VendOrder order)
    {
        long tenths = order.Terms!.TenthsGranted;
        if (Latchkey.Vending.Grants.EffectIn(entry, order.Terms.Key.Pan, tenths) is not { } effect || order.Command.Amount.MinorUnits != 0) return false;
        Posting granted = Posting.Debit(SaleEntries.UnitsIssued(order.Terms.Key.Pan), LedgerUnit.TenthsOfKilowattHour, tenths);
        bool isAllUnits = entry.Postings.All(p => p.Unit == LedgerUnit.TenthsOfKilowattHour || SaleEntries.IsControl(p));
        return isAllUnits
            && entry.Postings.Where(p => p.Amount > 0 && !SaleEntries.IsControl(p)).SequenceEqual([granted])
            && ApprovalEntries.Uses(entry, order.Id, effect)
            && BudgetRules.Spends(entry, BudgetKinds.Of(effect.Kind), tenths);
    }

    public static bool Covers(JournalEntry entry, ManagementIssue issue) =>
        ManagementEffects.Of(issue.Request) is { } effect
        && ApprovalEntries.Uses(entry, issue.Id, effect)
        && BudgetRules.Spends(entry, BudgetKinds.Of(effect.Kind), 1);
}
