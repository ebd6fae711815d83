using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>The signer's own look into the books: is there a committed entry, and does it say what the token would say?</summary>
internal static class CommittedSale
{
    private static readonly string[] Payers = ["clearing:", "float:"];

    public static string? Check(ILedgerReader ledger, VendOrder order, HeldEntry held)
    {
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(held.EntryId);
        if (held.EntryId != order.HoldId || found is not { Entry: var entry } || found.Hash != held.Hash) return VendingCodes.EntryMissing;
        if (end is not (null or EntryKind.Settle)) return VendingCodes.EntryVoided;
        return entry.Kind == EntryKind.Hold && entry.Memo == SaleEntries.Memo(order.Id) && Pays(entry, order) && Grants(entry, order)
            ? null
            : VendingCodes.EntryMismatch;
    }

    public static string? Check(ILedgerReader ledger, ManagementIssue issue, HeldEntry posted)
    {
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(posted.EntryId);
        if (posted.EntryId != issue.EntryId || found is not { Entry: var entry } || found.Hash != posted.Hash) return VendingCodes.EntryMissing;
        if (end is not null) return VendingCodes.EntryVoided;
        Posting expected = Posting.Debit(ManagementSteps.IssuedTo(issue.Request.Pan), LedgerUnit.Token, 1);
        return entry.Kind == EntryKind.Post && entry.Memo == ManagementSteps.Memo(issue) && entry.Postings.Contains(expected)
            ? null
            : VendingCodes.EntryMismatch;
    }

    /// <summary>The money of the order comes from those who pay, all of it, and from nowhere else but the rounding and the subsidies of its terms.</summary>
    private static bool Pays(JournalEntry entry, VendOrder order)
    {
        LedgerUnit money = LedgerUnit.Of(order.Command.Amount.Currency);
        Posting[] debits = [.. entry.Postings.Where(p => p.Unit == money && p.Amount > 0)];
        Posting[] payers = [.. debits.Where(p => Payers.Any(prefix => p.Account.ToString().StartsWith(prefix, StringComparison.Ordinal)))];
        Posting[] others = [.. debits.Except(payers)], subsidies = [.. SaleEntries.Subsidies(order)];
        return payers.Length == 1
            && payers[0].Amount == order.Command.Amount.MinorUnits
            && others.All(p => (p.Account == SaleEntries.Rounding && p.Amount == order.Terms!.RoundingMinorUnits) || subsidies.Contains(p));
    }

    private static bool Grants(JournalEntry entry, VendOrder order) => entry.Postings.Count(p => p.Unit == LedgerUnit.TenthsOfKilowattHour) == 2
        && entry.Postings.Contains(Posting.Debit(SaleEntries.UnitsIssued(order.Terms!.Key.Pan), LedgerUnit.TenthsOfKilowattHour, order.Terms.TenthsGranted));
}
