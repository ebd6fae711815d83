using Latchkey.Ledger;
using Latchkey.Tariffs;

namespace Latchkey.Vending.Vendors;

/// <summary>A sale on a float: what it took and gave; all negative where it was taken back.</summary>
internal readonly record struct FloatSale(DateTimeOffset At, string Operator, SalesSum Sum);

/// <summary>Everything on a float after an entry, added up.</summary>
internal sealed record FloatCount(long UpToEntry, BatchTotals Totals, IReadOnlyList<FloatSale> Sales);

/// <summary>Adds up what the ledger says about a float. The ledger is the source: nothing is counted beside it.</summary>
internal sealed class BatchCounter(ILedgerStore ledger, IOrderDesk orders)
{
    internal const string OrderMemo = "order ";
    internal const string DepositMemo = "deposit ";
    private const int Page = 1_000;
    private const string Others = "others";
    private const string Nobody = "-";

    public FloatCount Count(Vendor vendor, long afterEntry)
    {
        var byOperator = new Dictionary<string, SalesSum>(StringComparer.Ordinal);
        List<FloatSale> sales = [];
        SalesSum total = SalesSum.Zero;
        long deposits = 0, other = 0, upTo = afterEntry;
        foreach (StatementLine line in Lines(vendor.Float, afterEntry))
        {
            upTo = line.Sequence;
            if (SaleOf(line) is { } sale)
            {
                sales.Add(sale);
                total += sale.Sum;
                string name = byOperator.ContainsKey(sale.Operator) || byOperator.Count < BatchTotals.MostOperators ? sale.Operator : Others;
                byOperator[name] = byOperator.GetValueOrDefault(name, SalesSum.Zero) + sale.Sum;
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

        return new FloatCount(upTo, new BatchTotals(total, byOperator, deposits, other), sales);
    }

    /// <summary>The newest entry on an account, 0 where there is none.</summary>
    public long LastEntry(AccountId account, long from) => Lines(account, from).Select(l => l.Sequence).DefaultIfEmpty(from).Last();

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
        if (!line.Memo.StartsWith(OrderMemo, StringComparison.Ordinal) || !Guid.TryParseExact(line.Memo.AsSpan(OrderMemo.Length), "D", out Guid id)) return null;
        if (orders.Find(id) is not { Terms: { } terms } order) return null;
        int sign = line.Amount < 0 ? -1 : 1;
        long tax = terms.Lines.Where(l => l.Kind == PriceLineKind.Vat).Sum(l => l.MinorUnits);
        return new FloatSale(line.At, order.Command.Operator ?? Nobody, new SalesSum(sign, line.Amount, sign * terms.TenthsGranted, sign * tax));
    }
}
