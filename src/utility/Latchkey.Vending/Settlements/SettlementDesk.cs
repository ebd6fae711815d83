using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Settlements;

/// <summary>Books what payment services settled: out of the channel's clearing account, less the fee, to where the service settles; what does not fit waits in suspense.</summary>
public sealed class SettlementDesk(ISettlementStore store, IReconciliationStore papers, TimeProvider time)
{
    private const int Batch = 250;

    /// <summary>Keeps the file, then books its lines in batches. The same file again books what a crash left, or nothing.</summary>
    public async Task<SettlementOutcome> PostAsync(SettlementPaper paper, CancellationToken cancellationToken)
    {
        if (paper.Fault() is { } fault) return new SettlementOutcome.Refused(VendingCodes.SettlementMalformed, fault);
        DateTimeOffset now = time.GetUtcNow();
        string fingerprint = paper.Fingerprint();
        if (await store.UpdateAsync((_, rows) => Keep(rows, paper, fingerprint, now), cancellationToken).ConfigureAwait(false) is { } refused) return refused;
        await papers.KeepAsync(FileOf(paper), cancellationToken).ConfigureAwait(false);
        int posted = 0, batch;
        do
        {
            batch = await store.UpdateAsync((books, rows) => PostBatch(books, rows, paper), cancellationToken).ConfigureAwait(false);
            posted += batch;
        }
        while (batch == Batch);

        HashSet<string> payments = paper.Lines.Select(l => l.Line.Reference).ToHashSet(StringComparer.Ordinal);
        return store.Read((_, rows) => new SettlementOutcome.Posted(
            rows.FindPaper(paper.Channel, paper.Id)!, posted, [.. rows.Differences(SettlementPaper.MostLines).Where(d => d.Channel == paper.Channel && payments.Contains(d.Reference))]));
    }

    public IReadOnlyList<SettlementRecord> Papers(int limit) => store.Read((_, rows) => rows.Papers(limit));

    public IReadOnlyList<SettlementDifference> Differences(int limit) => store.Read((_, rows) => rows.Differences(limit));

    public IReadOnlyList<SettlementTotals> Totals() => store.Read((_, rows) => rows.Totals());

    /// <summary>What is in suspense of one payment; null where nothing is.</summary>
    public SettlementDifference? Find(string channel, string reference) =>
        Differences(SettlementPaper.MostLines).FirstOrDefault(d => d.Channel == channel && d.Reference == reference);

    /// <summary>Why this cannot be taken out of suspense; null where it can.</summary>
    internal (string Code, string Detail)? RefusalOf(ApprovalEffect effect) => store.Read((_, rows) => RefusalOf(rows, effect));

    /// <summary>Takes out of suspense what two people approved: to the clearing account where a sale has used the payment since, otherwise written off.</summary>
    internal async Task<ApprovalOutcome> ResolveAsync(Approval approval, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        (string Code, string Detail)? refusal = await store.UpdateAsync((books, rows) => Resolve(books, rows, approval, now), cancellationToken).ConfigureAwait(false);
        return refusal is { } no ? new ApprovalOutcome.Refused(no.Code, no.Detail) : new ApprovalOutcome.Done(approval);
    }

    private static SettlementOutcome.Refused? Keep(ISettlementBooks rows, SettlementPaper paper, string fingerprint, DateTimeOffset now)
    {
        if (rows.FindPaper(paper.Channel, paper.Id) is { } there)
        {
            return there.Fingerprint == fingerprint
                ? null
                : new SettlementOutcome.Refused(VendingCodes.SettlementChanged, $"File '{paper.Id}' of '{paper.Channel}' was read before with other content; nothing of this one was booked. Ask the service which is right.");
        }

        List<PaperLine> fresh = [];
        foreach (PaperLine line in paper.Lines)
        {
            if (rows.FindLine(paper.Channel, line.Id) is not { } known) fresh.Add(line);
            else if (known.Line != line with { Line = line.Line with { At = known.Line.Line.At } })
                return new SettlementOutcome.Refused(VendingCodes.SettlementLineChanged, $"'{line.Id}' stands in file '{known.Paper}' with another amount; nothing of this file was booked. Ask the service which is right.");
        }

        rows.Keep(paper, fingerprint, fresh, now);
        return null;
    }

    private static int PostBatch(IVendingBooks books, ISettlementBooks rows, SettlementPaper paper)
    {
        IReadOnlyList<SettlementRow> batch = rows.Unposted(paper.Channel, paper.Id, Batch);
        foreach (SettlementRow row in batch) Post(books, rows, row.Line);
        return batch.Count;
    }

    private static void Post(IVendingBooks books, ISettlementBooks rows, PaperLine line)
    {
        LedgerUnit unit = LedgerUnit.Of(line.Line.Amount.Currency);
        (JournalEntry entry, SettlementMoves moves) = SettlementEntries.Of(line, Cleared(books, rows, line.Line, unit));
        foreach (LedgerAccount account in new[] { SettlementEntries.Bank(line.Line.Channel, unit), SettlementEntries.Fees(line.Line.Channel, unit), SettlementEntries.Suspense(line.Line.Channel, unit) })
        {
            if (entry.Postings.Any(p => p.Account == account.Id)) books.Open(account);
        }

        if (books.Post(entry) is not PostResult.Posted and var refused) throw new InvalidOperationException($"The books refuse {entry.Memo}: {refused}.");
        rows.MarkPosted(line.Line.Channel, line.Id, moves);
    }

    /// <summary>
    /// What of a line the clearing account answers for. A payment: what was sold for it. A refund: what an earlier line took from clearing for a sale that was taken
    /// back since; while the token stands, or where nothing was ever sold, the money is not clearing's to give.
    /// </summary>
    private static long Cleared(IVendingBooks books, ISettlementBooks rows, SettlementLine line, LedgerUnit unit)
    {
        long? sold = SoldFor(books, line.Channel, line.Reference, unit);
        if (line.Kind == SettlementKind.Payment) return sold ?? 0;
        if (sold is not null || rows.FindLine(line.Channel, PaperLine.PaymentPrefix + line.Reference) is not { Moves: { } payment } paid) return 0;
        return Math.Min(line.Amount.MinorUnits, paid.Line.Line.Amount.MinorUnits - payment.Suspense);
    }

    /// <summary>The amount of the order that used a payment and stands; null where there is none.</summary>
    private static long? SoldFor(IVendingBooks books, string channel, string reference, LedgerUnit unit) =>
        books.FindPayment(channel, reference) is { } id
        && books.FindOrder(id) is { } order && LedgerUnit.Of(order.Command.Amount.Currency) == unit
        && books.FindAccount(SettlementEntries.Clearing(channel))?.Unit == unit
            ? order.Command.Amount.MinorUnits
            : null;

    private static (string Code, string Detail)? Resolve(IVendingBooks books, ISettlementBooks rows, Approval approval, DateTimeOffset now)
    {
        ApprovalEffect effect = approval.Effect;
        if (approval.State != ApprovalState.Used && RefusalOf(rows, effect) is { } no) return no;
        if (!ActEffects.TryReadSettlement(effect, out string reference, out long difference, out LedgerUnit unit)) return (VendingCodes.RequestMalformed, "A difference names a payment and an amount.");
        LedgerAccount suspense = SettlementEntries.Suspense(effect.Subject, unit), writtenOff = SettlementEntries.WrittenOff(unit);
        bool isSoldSince = difference > 0 && SoldFor(books, effect.Subject, reference, unit) == difference;
        AccountId to = isSoldSince ? SettlementEntries.Clearing(effect.Subject) : writtenOff.Id;
        var act = new ActEntry(
            SettlementEntries.ActIdOf(approval.Id), $"settlement difference {effect.Subject} {reference} ({ActSteps.People(approval)})",
            [new Posting(suspense.Id, unit, difference), new Posting(to, unit, -difference)], isSoldSince ? [suspense] : [suspense, writtenOff]);
        if (ActSteps.Use(books, approval, act, now) is { } used) return used;
        rows.AddAct(approval.Id, effect.Subject, reference, unit, -difference, now);
        return null;
    }

    private static (string Code, string Detail)? RefusalOf(ISettlementBooks rows, ApprovalEffect effect) =>
        !ActEffects.TryReadSettlement(effect, out string reference, out long difference, out LedgerUnit unit) ? (VendingCodes.RequestMalformed, "A difference names a payment and an amount.")
        : rows.SuspenseOf(effect.Subject, reference, unit) != difference ? (VendingCodes.ApprovalMismatch, $"'{reference}' of '{effect.Subject}' does not have this in suspense now.")
        : null;

    /// <summary>For the comparison of tokens with settled money, which knows one refund of a payment: their sum.</summary>
    private static SettlementFile FileOf(SettlementPaper paper) => new(
        paper.Channel, paper.From, paper.To,
        [
            .. paper.Lines.Select(l => l.Line).GroupBy(l => (l.Kind, l.Reference, l.Amount.Currency)).Select(g => g.First() with
            {
                Amount = new Money(g.Sum(l => l.Amount.MinorUnits), g.Key.Currency), FeeMinorUnits = g.Sum(l => l.FeeMinorUnits),
            }),
        ]);
}
