using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>The signer's own look into the books: is there a committed entry, and does it say what the token would say?</summary>
internal static class CommittedSale
{
    private static readonly string[] Payers = ["clearing:", "float:"];

    public static string? Check(ILedgerReader ledger, VendOrder order, HeldEntry held)
    {
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(held.EntryId);
        return Check(found, end, order, held);
    }

    /// <summary>As above, for an entry that was looked up with others.</summary>
    public static string? Check(RecordedEntry? found, EntryKind? end, VendOrder order, HeldEntry held)
    {
        if (held.EntryId != order.HoldId || found is not { Entry: var entry } || found.Hash != held.Hash) return VendingCodes.EntryMissing;
        if (end is not (null or EntryKind.Settle)) return VendingCodes.EntryVoided;
        bool isCovered = order.Command.Amount.MinorUnits == 0 ? CommittedGrant.Covers(entry, order) : Pays(entry, order) && Grants(entry, order);
        return entry.Kind == EntryKind.Hold && entry.Memo == SaleEntries.Memo(order.Id) && isCovered
            ? null
            : VendingCodes.EntryMismatch;
    }

    public static string? Check(ILedgerReader ledger, ManagementIssue issue, HeldEntry posted)
    {
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(posted.EntryId);
        return end is not null && found is not null ? VendingCodes.EntryVoided : Check(found, issue, posted);
    }

    /// <summary>As above, for an entry that was looked up and has not ended.</summary>
    public static string? Check(RecordedEntry? found, ManagementIssue issue, HeldEntry posted)
    {
        if (posted.EntryId != issue.EntryId || found is not { Entry: var entry } || found.Hash != posted.Hash) return VendingCodes.EntryMissing;
        Posting expected = Posting.Debit(ManagementSteps.IssuedTo(issue.Request.Pan), LedgerUnit.Token, 1);
        return entry.Kind == EntryKind.Post && entry.Memo == ManagementSteps.Memo(issue) && entry.Postings.Contains(expected) && CommittedGrant.Covers(entry, issue)
            ? null
            : VendingCodes.EntryMismatch;
    }

    /// <summary>The money of the order comes from those who pay, all of it, and from nowhere else but the rounding and the subsidies of its terms, and what the same meter's purchases left.</summary>
    private static bool Pays(JournalEntry entry, VendOrder order)
    {
        LedgerUnit money = LedgerUnit.Of(order.Command.Amount.Currency);
        int payers = 0;
        foreach (Posting debit in entry.Postings)
        {
            if (debit.Unit != money || debit.Amount <= 0 || SaleEntries.IsControl(debit)) continue;
            if (IsPayer(debit.Account))
            {
                payers++;
                if (debit.Amount != order.Command.Amount.MinorUnits) return false;
            }
            else if ((debit.Account != SaleEntries.Rounding || debit.Amount != order.Terms!.RoundingMinorUnits) && !SaleEntries.Subsidies(order).Contains(debit)
                && debit.Account != ResidueAccount.Of(order.Terms!.Key.Pan, order.Command.Amount.Currency))
            {
                return false;
            }
        }

        return payers == 1;
    }

    private static bool IsPayer(AccountId account)
    {
        foreach (string prefix in Payers)
        {
            if (account.ToString().StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static bool Grants(JournalEntry entry, VendOrder order) => order.Terms!.IsMoney ? GrantsMoney(entry, order) : entry.Postings.Count(p => p.Unit == LedgerUnit.TenthsOfKilowattHour && !SaleEntries.IsControl(p)) == 2
        && entry.Postings.Contains(Posting.Debit(SaleEntries.UnitsIssued(order.Terms!.Key.Pan), LedgerUnit.TenthsOfKilowattHour, order.Terms.TenthsGranted));

    /// <summary>Money for the meter stands in the entry as owed to it, and no energy beside it.</summary>
    private static bool GrantsMoney(JournalEntry entry, VendOrder order) => order.Terms!.TenthsGranted == 0
        && entry.Postings.All(p => p.Unit != LedgerUnit.TenthsOfKilowattHour)
        && entry.Postings.Contains(Posting.Credit(
            SaleEntries.PrepaidIssued(order.Terms.Key.Pan), LedgerUnit.Of(order.Command.Amount.Currency), SaleEntries.PrepaidOf(order.Terms)));
}
