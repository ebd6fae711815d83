using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Shop;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Rooms;

/// <summary>What the ledger says about a vendor's float, seen from the vendor: above 0 is money to sell out of.</summary>
internal sealed class FloatReader(IVendorStore store, ILedgerStore ledger)
{
    private const int DaysBack = 14;
    private const int Page = 1_000;
    private const int MostLines = 20_000;

    public Money Balance(AccountId account, Currency currency) => new(-(long)(ledger.FindAccount(account)?.Balance.Net ?? 0), currency);

    /// <summary>The newest movements first, as far back as the last days.</summary>
    public IReadOnlyList<StatementLine> Newest(Vendor vendor, int limit)
    {
        long after = store.Batches(vendor.Code, BatchKind.Sales, DaysBack) is [.., { } oldest] days && days.Count == DaysBack ? oldest.AfterEntry : 0;
        List<StatementLine> lines = [];
        while (lines.Count < MostLines)
        {
            IReadOnlyList<StatementLine> page = ledger.Statement(vendor.Float, after, Page);
            lines.AddRange(page);
            if (page.Count < Page) break;
            after = page[^1].Sequence;
        }

        lines.Reverse();
        return lines.Count > limit ? lines[..limit] : lines;
    }

    public static FloatLine LineOf(StatementLine line, Currency currency) =>
        new(line.At, line.Memo, new Money(-line.Amount, currency), new Money(checked((long)-line.Balance), currency));
}
