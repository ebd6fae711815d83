using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Vendors' money and the bank: a float rises only by a line of the bank's statement, by a credit note of two people, or by earned commission.</summary>
public sealed class VendorBank(IVendorStore store, ILedgerStore ledger, IVendingStore books, TimeProvider time)
{
    internal const string Assigned = "assigned";
    public const int MostLines = 10_000;
    private const int Batch = 500;

    /// <summary>Reads a bank statement; each line is booked once, however often it is read. In the order given.</summary>
    public async Task<IReadOnlyList<BankMatch>> ImportAsync(IReadOnlyList<BankLine> lines, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, MostLines);
        await ResumeAsync(cancellationToken).ConfigureAwait(false);
        var results = new BankMatch[lines.Count];
        for (int i = 0; i < lines.Count; i++) results[i] = await ImportAsync(lines[i], cancellationToken).ConfigureAwait(false);
        return results;
    }

    /// <summary>Gives money in suspense to a vendor, as it was approved. The entry first: the line's row is finished by <see cref="ResumeAsync"/> where it broke off.</summary>
    internal async Task<ApprovalOutcome> AssignAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (approval.State != ApprovalState.Used && RefusalOfLine(approval.Effect) is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);
        if (store.FindLine(approval.Effect.Detail) is not { } record || store.Find(approval.Effect.Subject) is not { } vendor) return Unknown(approval.Effect.Subject);
        LedgerUnit unit = LedgerUnit.Of(record.Line.Amount.Currency);
        LedgerAccount suspense = VendorEntries.Suspense(unit), to = vendor.Channel.OpenFunding(unit);
        var act = new ActEntry(
            VendorEntries.IdOf(Assigned, record.Line.Id), BatchCounter.DepositMemo + record.Line.Id + " " + record.Line.Reference + $" ({ActSteps.People(approval)})",
            [Posting.Debit(suspense.Id, unit, record.Line.Amount.MinorUnits), Posting.Credit(to.Id, unit, record.Line.Amount.MinorUnits)], [suspense, to]);
        if (await UseAsync(approval, act, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        await MarkAsync(record, approval.Effect.Subject, approval, cancellationToken).ConfigureAwait(false);
        return new ApprovalOutcome.Done(approval);
    }

    /// <summary>Raises a float without money from the bank, as it was approved.</summary>
    internal async Task<ApprovalOutcome> CreditNoteAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (approval.State != ApprovalState.Used && RefusalOfNote(approval.Effect) is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);
        if (store.Find(approval.Effect.Subject) is not { } vendor || ActSteps.MoneyOf(approval.Effect) is not { } amount) return Unknown(approval.Effect.Subject);
        LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
        LedgerAccount notes = VendorEntries.CreditNotes(unit), to = vendor.Channel.OpenFunding(unit);
        var act = new ActEntry(
            DerivedId.Of(approval.Id, "credit note"), $"credit note {approval.Request.Reason} ({ActSteps.People(approval)})",
            [Posting.Debit(notes.Id, unit, amount.MinorUnits), Posting.Credit(to.Id, unit, amount.MinorUnits)], [notes, to]);
        return await UseAsync(approval, act, cancellationToken).ConfigureAwait(false) is { } refused ? refused : new ApprovalOutcome.Done(approval);
    }

    /// <summary>Why a note of this could not be written; null where it could.</summary>
    internal (string Code, string Detail)? RefusalOfNote(ApprovalEffect effect)
    {
        if (store.Find(effect.Subject) is not { } vendor) return (VendorCodes.Unknown, $"There is no vendor '{effect.Subject}'.");
        return effect.Unit == LedgerUnit.Of(vendor.Currency).ToString() ? null : (VendingCodes.CurrencyMismatch, $"The vendor's float is in {vendor.Currency}.");
    }

    /// <summary>Why this line could not be given to this vendor; null where it could.</summary>
    internal (string Code, string Detail)? RefusalOfLine(ApprovalEffect effect)
    {
        if (store.FindLine(effect.Detail) is not { Vendor: null } found) return (VendorCodes.Invalid, $"Line '{effect.Detail}' is not in suspense.");
        if (RefusalOfNote(effect) is { } wrong) return wrong;
        return ActEffects.BankLine(found.Line, effect.Subject) == effect ? null : (VendingCodes.ApprovalMismatch, "The bank's line is of another amount.");
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

    /// <summary>Books what a crash left between a line and its movement, and finishes lines whose assignment stands in the books already.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (BankLineRecord line in store.UnbookedLines(Batch)) await BookAsync(line, cancellationToken).ConfigureAwait(false);
        foreach (BankLineRecord line in store.Unmatched(Batch))
        {
            if (ledger.FindEntry(VendorEntries.IdOf(Assigned, line.Line.Id)) is { Entry: var entry } && ApprovalOf(entry) is { } approval)
                await MarkAsync(line, approval.Effect.Subject, approval, cancellationToken).ConfigureAwait(false);
        }
    }

    private Approval? ApprovalOf(JournalEntry entry) => entry.Postings
        .Select(p => p.Amount < 0 && p.Account.ToString().Split(':') is ["approval", var id, _] && Guid.TryParseExact(id, "N", out Guid found) ? found : (Guid?)null)
        .OfType<Guid>().Select(id => books.Read(b => b.FindApproval(id))).FirstOrDefault();

    private async Task<ApprovalOutcome.Refused?> UseAsync(Approval approval, ActEntry act, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return await books.UpdateAsync(b => ActSteps.Use(b, approval, act, now), cancellationToken).ConfigureAwait(false) is { } no
            ? new ApprovalOutcome.Refused(no.Code, no.Detail)
            : null;
    }

    /// <summary>The line's row as its entry has it.</summary>
    private async Task MarkAsync(BankLineRecord record, string vendor, Approval approval, CancellationToken cancellationToken)
    {
        if (record.Vendor is not null) return;
        var people = new TwoPeople(approval.First!.ToString(), approval.Second!.ToString());
        await store.SaveAsync(new VendorChanges { Lines = [record with { Vendor = vendor, ApprovedBy = people }] }, cancellationToken).ConfigureAwait(false);
        await store.SaveAsync(new VendorChanges { BookedLines = [store.FindLine(record.Line.Id)!] }, cancellationToken).ConfigureAwait(false);
    }

    private static ApprovalOutcome.Refused Unknown(string vendor) => new(VendorCodes.Unknown, $"There is no vendor '{vendor}'.");

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
        if (record.ApprovedBy is not null)
        {
            // Its movement is the entry that used the approval up; where there is none, nobody has approved it.
            if (ledger.FindEntry(VendorEntries.IdOf(Assigned, record.Line.Id)) is not null)
                await store.SaveAsync(new VendorChanges { BookedLines = [record] }, cancellationToken).ConfigureAwait(false);
            return;
        }

        Vendor? vendor = record.Vendor is { } code ? store.Find(code) : null;
        (LedgerAccount to, string step) = vendor is null ? (suspense, "suspense") : (vendor.Channel.OpenFunding(unit), "deposit");
        LedgerAccount from = bank;
        string memo = Cut(BatchCounter.DepositMemo + record.Line.Id + " " + record.Line.Reference);
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
