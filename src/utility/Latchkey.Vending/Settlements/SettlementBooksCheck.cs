using Latchkey.Ledger;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Settlements;

/// <summary>Booked settlements against their files: what is in suspense, what was not booked, and what was booked without a file.</summary>
internal sealed class SettlementBooksCheck(ISettlementStore store, DateTimeOffset now, Action<Finding> report)
{
    private const int MostListed = 10_000;

    /// <summary>A file takes seconds; one that stays was broken off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public void Run() => store.Read((books, rows) =>
    {
        foreach (SettlementDifference difference in rows.Differences(MostListed)) Name(books, difference);
        foreach (SettlementRecord paper in rows.Unfinished(MostListed).Where(p => now - p.KeptAt > Patience))
        {
            report(new Finding(
                ReconciliationKind.Settlement, FindingCodes.SettlementUnposted, $"{paper.Channel} file {paper.Id}",
                $"{paper.Lines - paper.Known - paper.Posted} of its lines are not booked: post it again", paper.KeptAt));
        }

        Compare(books, rows.Totals());
        return true;
    });

    /// <summary>True where a credit of a clearing account is what a settlement line or two people's word took from it.</summary>
    public bool Explains(RecordedEntry recorded) => store.Read((books, rows) =>
    {
        if (SettlementEntries.LineOf(recorded.Entry) is { } line)
            return rows.FindLine(line.Channel, line.LineId) is { Moves: not null } row && SettlementEntries.IsOf(recorded.Entry, row);
        return recorded.Entry.Postings.Any(p => p.Account.ToString() is var name && name.StartsWith("approval:", StringComparison.Ordinal)
            && name.Split(':') is [_, var id, _] && Guid.TryParseExact(id, "N", out Guid approval) && recorded.Entry.Id == SettlementEntries.ActIdOf(approval)
            && books.FindApproval(approval) is { } given && ApprovalEntries.Uses(recorded.Entry, approval, given.Effect));
    });

    private void Name(IVendingBooks books, SettlementDifference difference)
    {
        bool isSold = books.FindPayment(difference.Channel, difference.Reference) is not null;
        report(new Finding(
            ReconciliationKind.Settlement,
            difference.MinorUnits > 0 && !isSold ? FindingCodes.PaidWithoutToken : FindingCodes.SettlementDiffers,
            $"{difference.Channel} {difference.Reference}",
            difference.MinorUnits > 0 ? "more was settled than was sold for it" : "less was settled than was sold for it, or it was paid back",
            difference.Since, difference.MinorUnits, difference.Unit));
    }

    /// <summary>The accounts that only settlements move, against the lines: whoever may post could move them, too. Fees go to the result with every period.</summary>
    private void Compare(IVendingBooks books, IReadOnlyList<SettlementTotals> totals)
    {
        var expected = new Dictionary<AccountId, long>();
        foreach (SettlementTotals total in totals)
        {
            expected[SettlementEntries.Bank(total.Channel, total.Unit).Id] = total.Moves.Bank;
            expected[SettlementEntries.Suspense(total.Channel, total.Unit).Id] = -total.Moves.Suspense;
        }

        foreach (LedgerAccount account in new[] { SettlementEntries.BankPrefix, SettlementEntries.SuspensePrefix }.SelectMany(books.AccountsNamed))
        {
            long difference = (long)account.Balance.Net - expected.GetValueOrDefault(account.Id);
            if (difference != 0)
                report(new Finding(ReconciliationKind.Settlement, FindingCodes.SettlementBooksDiffer, account.Id.ToString(), "the lines that were settled come to another sum than the books", now, difference, account.Unit));
        }
    }
}
