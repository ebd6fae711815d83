using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending.Settlements;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Vendors' money against the bank. Whatever raises a float must rest on a line of the bank, on a note of two people, or on earned commission.</summary>
/// <remarks>Whoever may post to the ledger can write "deposit"; what he cannot write is the bank's own line.</remarks>
internal sealed class FloatCheck(
    IReconciliationStore store, IVendorStore vendors, IVendingStore orders, ILedgerStore ledger, SettlementBooksCheck settlements, ReconciliationOptions options, DateTimeOffset now,
    Action<Finding> report)
{
    private const int MostRows = 10_000;
    private const string CreditNotes = "expense:credit-notes-";
    private const string Commissions = "commission:";
    private const string FloatPrefix = "float:";

    public void Run()
    {
        store.ForEachCredit("clearing:", (account, entry, amount) =>
        {
            if (entry.Entry.Kind == EntryKind.Reversal) SeeReversal(account, entry, amount);
            else if (!settlements.Explains(entry)) SeeStray(account, entry, amount);
        });
        store.ForEachCredit("float:", (account, entry, amount) =>
        {
            if (entry.Entry.Kind == EntryKind.Reversal) SeeReversal(account, entry, amount);
            else if (!IsBacked(account, entry.Entry, amount))
                Report(FindingCodes.FloatUnbacked, $"{account} entry {entry.Sequence}", $"'{entry.Entry.Memo}' raised it and nothing stands behind it", entry.Entry.At, amount, UnitOf(entry.Entry, account));
        });
        foreach (DepositSlip slip in store.UnpaidSlips(MostRows).Where(s => now - s.WrittenAt > options.DepositTime))
            Report(FindingCodes.SlipUnpaid, "slip " + slip.Reference, "its money has not come to the bank", slip.WrittenAt, slip.Amount.MinorUnits, LedgerUnit.Of(slip.Amount.Currency));
        foreach (BankLineRecord line in vendors.Unmatched(MostRows))
            Report(FindingCodes.MoneyUnexplained, "bank line " + line.Line.Id, $"nobody knows whose '{line.Line.Reference}' is", StartOf(line.Line.ValueDate), line.Line.Amount.MinorUnits, LedgerUnit.Of(line.Line.Amount.Currency));
        CompareBank();
        foreach (Vendor vendor in vendors.List()) CompareCommission(vendor);
    }

    /// <summary>A sale's money goes back with the order alone, and on the word of two people: a token that stands and is paid back is a token for nothing.</summary>
    private void SeeReversal(AccountId account, RecordedEntry entry, long amount)
    {
        string id = entry.Entry.Memo.Split(' ', 3) is ["order", var named, ..] ? named : string.Empty;
        bool isCancelled = Guid.TryParseExact(id, "D", out Guid order)
            && orders.Read(books => books.FindOrder(order)) is { State: OrderState.Cancelled } taken
            && entry.Entry.Id == DerivedId.Of(taken.HoldId, "cancel");
        if (!isCancelled) ReportReversal(FindingCodes.ReversedWithToken, account, entry, amount, "paid a sale back whose token stands");
        else if (orders.Read(books => MoneyBackSteps.Granted(books, order)) == 0) ReportReversal(FindingCodes.ReversalUnapproved, account, entry, amount, "paid a sale back that no two people gave back");
    }

    /// <summary>Money on its way from a payment service leaves the account with a line of the service's file, and with nothing else.</summary>
    private void SeeStray(AccountId account, RecordedEntry entry, long amount) => report(new Finding(
        ReconciliationKind.Settlement, FindingCodes.ClearingUnexplained, $"{account} entry {entry.Sequence}", $"'{entry.Entry.Memo}' took money from it, and no line of a settlement file stands behind it",
        entry.Entry.At, amount, UnitOf(entry.Entry, account)));

    private void ReportReversal(string code, AccountId account, RecordedEntry entry, long amount, string problem) => report(new Finding(
        ReconciliationKind.Tender, code, $"{account} entry {entry.Sequence}", $"'{entry.Entry.Memo}' {problem}", entry.Entry.At, amount, UnitOf(entry.Entry, account)));

    private bool IsBacked(AccountId account, JournalEntry entry, long amount)
    {
        AccountId[] others = [.. entry.Postings.Where(p => p.Account != account && !ApprovalEntries.IsApproval(p.Account)).Select(p => p.Account)];
        if (others is not [var other]) return false;
        string name = other.ToString();
        if (FloatLease.VendorOf(other) is { } lessor && lessor == FloatLease.VendorOf(account)) return true;
        if (name.StartsWith(CreditNotes, StringComparison.Ordinal)) return IsApprovedNote(entry, account, amount);
        return name.StartsWith(Commissions, StringComparison.Ordinal) || IsBankLine(entry, account, amount);
    }

    /// <summary>A note that two people approved uses that approval up in its own entry.</summary>
    private static bool IsApprovedNote(JournalEntry entry, AccountId account, long amount) =>
        account.ToString() is var name && name.StartsWith(FloatPrefix, StringComparison.Ordinal)
        && ApprovalEntries.UsesAny(entry, new ApprovalEffect(ApprovalKind.CreditNote, name[FloatPrefix.Length..], amount, UnitOf(entry, account).ToString(), string.Empty));

    /// <summary>The bank's line by its number in the memo: of this amount, given to this vendor.</summary>
    private bool IsBankLine(JournalEntry entry, AccountId account, long amount) =>
        entry.Memo.StartsWith(BatchCounter.DepositMemo, StringComparison.Ordinal)
        && entry.Memo[BatchCounter.DepositMemo.Length..].Split(' ', 2)[0] is var id
        && vendors.FindLine(id) is { } line
        && line.Line.Amount.MinorUnits == amount
        && line.Vendor is { } vendor && account.ToString() == FloatPrefix + vendor
        && entry.Id == VendorEntries.IdOf(line.ApprovedBy is null ? "deposit" : VendorBank.Assigned, id)
        && (line.ApprovedBy is null || ApprovalEntries.UsesAny(entry, ActEffects.BankLine(line.Line, vendor)));

    private void CompareBank()
    {
        IReadOnlyDictionary<string, long> totals = store.BankTotals();
        foreach (string code in totals.Keys)
        {
            if (!Currency.TryParse(code, out Currency currency)) continue;
            LedgerUnit unit = LedgerUnit.Of(currency);
            long booked = (long)(ledger.FindAccount(VendorEntries.Bank(unit).Id)?.Balance.Net ?? 0);
            if (booked != totals[code])
                Report(FindingCodes.BankDiffers, "bank " + code, $"the bank's lines come to {totals[code]} minor units, the books to {booked}", now, totals[code] - booked, unit);
        }
    }

    private void CompareCommission(Vendor vendor)
    {
        long accrued = vendors.Batches(vendor.Code, BatchKind.Sales, int.MaxValue).Where(b => b is { IsOpen: false, IsBooked: true }).Sum(b => b.Commission);
        long booked = ledger.FindAccount(vendor.CommissionAccount)?.Balance.CreditsPosted ?? 0;
        if (booked != accrued)
            Report(FindingCodes.CommissionDiffers, "commission " + vendor.Code, $"its batches earned {accrued} minor units, the books say {booked}", now, booked - accrued, LedgerUnit.Of(vendor.Currency));
    }

    private static LedgerUnit UnitOf(JournalEntry entry, AccountId account) => entry.Postings.First(p => p.Account == account).Unit;

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private void Report(string code, string subject, string problem, DateTimeOffset since, long amount, LedgerUnit unit) =>
        report(new Finding(ReconciliationKind.FloatBank, code, subject, problem, since, amount, unit));
}
