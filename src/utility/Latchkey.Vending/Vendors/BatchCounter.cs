using Latchkey.Ledger;
using Latchkey.Tariffs;

namespace Latchkey.Vending.Vendors;

/// <summary>A sale on a float: what it took and gave; all negative where it was taken back.</summary>
/// <param name="Tender">Code of how it was paid.</param>
/// <param name="Cash">What it left in the drawer.</param>
internal readonly record struct FloatSale(DateTimeOffset At, string Operator, SalesSum Sum, string Tender, long Cash);

/// <summary>Everything on a float after an entry, added up.</summary>
internal sealed record FloatCount(long UpToEntry, BatchTotals Totals, IReadOnlyList<FloatSale> Sales);

/// <summary>Adds up what the ledger says about a float. The ledger is the source: nothing is counted beside it.</summary>
internal sealed class BatchCounter(IVendorStore vendors, ILedgerStore ledger, IOrderDesk orders)
{
    internal const string DepositMemo = "deposit ";
    private const int Page = 1_000;
    private const string Others = "others";
    private const string Nobody = "-";

    public FloatCount Count(Vendor vendor, long afterEntry)
    {
        var byOperator = new Dictionary<string, SalesSum>(StringComparer.Ordinal);
        var byTender = new Dictionary<string, SalesSum>(StringComparer.Ordinal);
        List<FloatSale> sales = [];
        SalesSum total = SalesSum.Zero;
        long deposits = 0, other = 0, cash = 0, upTo = afterEntry;
        foreach (StatementLine line in FloatLines(vendor, afterEntry))
        {
            upTo = line.Sequence;
            if (SaleOf(line) is { } sale)
            {
                sales.Add(sale);
                total += sale.Sum;
                string name = byOperator.ContainsKey(sale.Operator) || byOperator.Count < BatchTotals.MostOperators ? sale.Operator : Others;
                byOperator[name] = byOperator.GetValueOrDefault(name, SalesSum.Zero) + sale.Sum;
                byTender[sale.Tender] = byTender.GetValueOrDefault(sale.Tender, SalesSum.Zero) + sale.Sum;
                cash += sale.Cash;
            }
            else if (line.Memo.StartsWith(LeaseDesk.Memo, StringComparison.Ordinal))
            {
                // Between the float and a terminal's part of it: as a whole nothing moves.
            }
            else if (line.Memo.StartsWith(DepositMemo, StringComparison.Ordinal))
            {
                deposits -= line.Amount;
            }
            else
            {
                other -= line.Amount;
            }
        }

        return new FloatCount(upTo, new BatchTotals(total, byOperator, deposits, other, byTender, cash), sales);
    }

    /// <summary>The newest entry on an account, 0 where there is none.</summary>
    public long LastEntry(AccountId account, long from) => Lines(account, from).Select(l => l.Sequence).DefaultIfEmpty(from).Last();

    /// <summary>The movements of the float and of the terminals' parts of it, in the order of the ledger.</summary>
    private IEnumerable<StatementLine> FloatLines(Vendor vendor, long afterEntry)
    {
        IReadOnlyList<FloatLease> leases = vendors.Leases(vendor.Code);
        if (leases.Count == 0) return Lines(vendor.Float, afterEntry);

        // Sales run on while account after account is read: what is newer than the first look is left for the next batch, on every account.
        long upTo = ledger.Audit(records => records.NewestSequence ?? 0);
        return leases.Select(l => l.Account).Append(vendor.Float).SelectMany(a => Lines(a, afterEntry).TakeWhile(l => l.Sequence <= upTo)).OrderBy(l => l.Sequence);
    }

    private IEnumerable<StatementLine> Lines(AccountId account, long afterEntry)
    {
        while (true)
        {
            IReadOnlyList<StatementLine> page = ledger.Statement(account, afterEntry, Page);
            foreach (StatementLine line in page) yield return line;
            if (page.Count < Page) yield break;
            afterEntry = page[^1].Sequence;
        }
    }

    private FloatSale? SaleOf(StatementLine line)
    {
        if (OrderEntries.OrderOf(line.Memo) is not { } id) return null;
        if (orders.Find(id) is not { Terms: { } terms } order) return null;
        int sign = line.Amount < 0 ? -1 : 1;
        long tax = terms.Lines.Where(l => l.Kind == PriceLineKind.Vat).Sum(l => l.MinorUnits);
        SaleTender? tender = order.Command.Tender;
        return new FloatSale(
            line.At, order.Command.Operator ?? Nobody, new SalesSum(sign, line.Amount, sign * terms.TenthsGranted, sign * tax),
            tender is null ? BatchTotals.Unknown : OrderReceipt.CodeOf(tender.Kind),
            tender is { Kind: TenderKind.Cash } ? sign * tender.Payable(order.Command.Amount.MinorUnits) : 0);
    }

}
