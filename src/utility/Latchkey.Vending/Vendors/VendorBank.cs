using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Vendors' money and the bank: a float rises only by a line of the bank's statement, by a credit note of two people, or by earned commission.</summary>
public sealed class VendorBank(IVendorStore store, ILedgerStore ledger, TimeProvider time)
{
    public const int MostLines = 10_000;
    private const int Batch = 500;
    private const int MaxReasonLength = 80;

    /// <summary>Reads a bank statement; each line is booked once, however often it is read. In the order given.</summary>
    public async Task<IReadOnlyList<BankMatch>> ImportAsync(IReadOnlyList<BankLine> lines, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, MostLines);
        await ResumeAsync(cancellationToken).ConfigureAwait(false);
        var results = new BankMatch[lines.Count];
        for (int i = 0; i < lines.Count; i++) results[i] = await ImportAsync(lines[i], cancellationToken).ConfigureAwait(false);
        return results;
    }

    /// <summary>Gives money in suspense to a vendor; two people answer for it.</summary>
    public async Task<VendorOutcome<BankLineRecord>> AssignAsync(string lineId, string code, TwoPeople approval, CancellationToken cancellationToken)
    {
        if (!approval.AreTwo) return Refused<BankLineRecord>(VendingCodes.ApproversMissing, "two different people must approve it");
        if (store.FindLine(lineId) is not { Vendor: null } found) return Refused<BankLineRecord>(VendorCodes.Invalid, $"line '{lineId}' is not in suspense");
        if (store.Find(code) is not { } vendor) return Refused<BankLineRecord>(VendorCodes.Unknown, $"there is no vendor '{code}'");
        if (vendor.Currency != found.Line.Amount.Currency) return Refused<BankLineRecord>(VendingCodes.CurrencyMismatch, $"the money is {found.Line.Amount.Currency}, the vendor's float {vendor.Currency}");
        BankLineRecord assigned = found with { Vendor = code, ApprovedBy = approval };
        if (!await store.SaveAsync(new VendorChanges { Lines = [assigned] }, cancellationToken).ConfigureAwait(false))
            return Refused<BankLineRecord>(VendorCodes.Changed, "somebody else changed it meanwhile; look again");
        await BookAsync(store.FindLine(lineId)!, cancellationToken).ConfigureAwait(false);
        return new VendorOutcome<BankLineRecord>.Done(store.FindLine(lineId)!);
    }

    /// <summary>Raises a float without money from the bank. The same id is the same note.</summary>
    public async Task<VendorOutcome<Money>> CreditNoteAsync(Guid id, string code, Money amount, string reason, TwoPeople approval, CancellationToken cancellationToken)
    {
        if (!approval.AreTwo) return Refused<Money>(VendingCodes.ApproversMissing, "two different people must approve it");
        if (store.Find(code) is not { } vendor) return Refused<Money>(VendorCodes.Unknown, $"there is no vendor '{code}'");
        if (id == Guid.Empty || amount.Currency != vendor.Currency || amount.MinorUnits <= 0 || reason.Length is 0 or > MaxReasonLength)
            return Refused<Money>(VendorCodes.Invalid, $"a note has an id, an amount above 0 in {vendor.Currency}, and a reason of 1 to {MaxReasonLength} characters");
        LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
        PostResult result = await VendorEntries.PostAsync(
            ledger,
            JournalEntry.Post(
                DerivedId.Of(id, "credit note"), time.GetUtcNow(), Cut($"credit note {reason} ({approval})"),
                Posting.Debit(VendorEntries.CreditNotes(unit).Id, unit, amount.MinorUnits), Posting.Credit(vendor.Float, unit, amount.MinorUnits)),
            [VendorEntries.CreditNotes(unit), vendor.Channel.OpenFunding(unit)],
            cancellationToken).ConfigureAwait(false);
        return Answer(result, amount);
    }

    /// <summary>Pays earned commission onto the float. The same id is the same payment.</summary>
    public async Task<VendorOutcome<Money>> PayCommissionAsync(Guid id, string code, Money amount, CancellationToken cancellationToken)
    {
        if (store.Find(code) is not { } vendor) return Refused<Money>(VendorCodes.Unknown, $"there is no vendor '{code}'");
        if (id == Guid.Empty || amount.Currency != vendor.Currency || amount.MinorUnits <= 0) return Refused<Money>(VendorCodes.Invalid, $"a payment has an id and an amount above 0 in {vendor.Currency}");
        LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
        PostResult result = await VendorEntries.PostAsync(
            ledger,
            JournalEntry.Post(
                DerivedId.Of(id, "commission paid"), time.GetUtcNow(), $"commission paid {code}",
                Posting.Debit(vendor.CommissionAccount, unit, amount.MinorUnits), Posting.Credit(vendor.Float, unit, amount.MinorUnits)),
            [VendorEntries.CommissionAccountOf(vendor), vendor.Channel.OpenFunding(unit)],
            cancellationToken).ConfigureAwait(false);
        return Answer(result, amount);
    }

    /// <summary>Books what a crash left between a line and its movement.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (BankLineRecord line in store.UnbookedLines(Batch)) await BookAsync(line, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BankMatch> ImportAsync(BankLine line, CancellationToken cancellationToken)
    {
        if (store.FindLine(line.Id) is { } there) return there.Line == line ? BankMatch.AlreadyRead : BankMatch.IdReused;
        if (line.Id.Length is 0 or > BankLine.MaxIdLength || line.Reference.Length > BankLine.MaxReferenceLength || line.Amount.MinorUnits <= 0) return BankMatch.Refused;
        DepositSlip? slip = store.FindSlip(DepositSlip.Normal(line.Reference));
        if (slip is not null && slip.Amount.Currency != line.Amount.Currency) return BankMatch.Refused;
        var record = new BankLineRecord(line, slip?.Vendor, ApprovedBy: null);
        if (!await store.SaveAsync(new VendorChanges { Lines = [record] }, cancellationToken).ConfigureAwait(false)) return BankMatch.AlreadyRead;
        await BookAsync(store.FindLine(line.Id)!, cancellationToken).ConfigureAwait(false);
        return slip is null ? BankMatch.Unmatched : BankMatch.Matched;
    }

    /// <summary>The line first, its movement second, the mark last: every step may be repeated.</summary>
    private async Task BookAsync(BankLineRecord record, CancellationToken cancellationToken)
    {
        LedgerUnit unit = LedgerUnit.Of(record.Line.Amount.Currency);
        LedgerAccount bank = VendorEntries.Bank(unit), suspense = VendorEntries.Suspense(unit);
        Vendor? vendor = record.Vendor is { } code ? store.Find(code) : null;
        (LedgerAccount from, LedgerAccount to, string step) = (vendor, record.ApprovedBy) switch
        {
            (null, _) => (bank, suspense, "suspense"),
            ({ } known, null) => (bank, known.Channel.OpenFunding(unit), "deposit"),
            ({ } known, _) => (suspense, known.Channel.OpenFunding(unit), "assigned"),
        };
        string memo = Cut(BatchCounter.DepositMemo + record.Line.Id + " " + record.Line.Reference + (record.ApprovedBy is { } people ? $" ({people})" : string.Empty));
        await VendorEntries.PostAsync(
            ledger,
            JournalEntry.Post(
                VendorEntries.IdOf(step, record.Line.Id), time.GetUtcNow(), memo,
                Posting.Debit(from.Id, unit, record.Line.Amount.MinorUnits), Posting.Credit(to.Id, unit, record.Line.Amount.MinorUnits)),
            [from, to],
            cancellationToken).ConfigureAwait(false);
        await store.SaveAsync(new VendorChanges { BookedLines = [record] }, cancellationToken).ConfigureAwait(false);
    }

    private static VendorOutcome<Money> Answer(PostResult result, Money amount) => result switch
    {
        PostResult.InsufficientFunds => Refused<Money>(VendorCodes.NotEnoughEarned, "less than that has been earned and not paid out"),
        PostResult.IdReusedWithOtherContent => Refused<Money>(VendingCodes.OrderIdReused, "this id belongs to something else"),
        _ => new VendorOutcome<Money>.Done(amount),
    };

    private static string Cut(string memo) => memo.Length <= JournalEntry.MaxMemoLength ? memo : memo[..JournalEntry.MaxMemoLength];

    private static VendorOutcome<T> Refused<T>(string code, string detail) => new VendorOutcome<T>.Refused(code, detail);
}
