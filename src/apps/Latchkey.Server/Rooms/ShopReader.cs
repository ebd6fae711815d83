using Latchkey.Ledger;
using Latchkey.Parks.Counter;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Shop;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Rooms;

/// <summary>A vendor's counter over the rooms of selling. What a cashier may reach is decided here, by the vendor of her sign-in, and nowhere in the pages.</summary>
internal sealed class ShopReader(VendingHouse vending, CounterSales counter, PaperReader papers, TimeProvider time) : IShop
{
    private const int OrdersLookedThrough = 200;
    private readonly FloatReader _floats = new(vending.Vendors, vending.Ledger);

    public ShopNow? Now(Cashier cashier)
    {
        if (vending.Vendors.Find(cashier.Vendor) is not { } vendor) return null;
        VendorBatch? shift = vending.Vendors.OpenBatch(vendor.Code, BatchKind.Shift);
        return new ShopNow(
            vendor.Code, vendor.Name, vendor.IsBlocked,
            _floats.Balance(vendor.Float, vendor.Currency), _floats.Balance(vendor.CommissionAccount, vendor.Currency), Of(vendor, vending.VendorDesk.CommissionSoFar(vendor.Code)),
            Of(vendor, vendor.MinimumSale), Of(vendor, vendor.MaximumSale), vendor.Coin, shift, shift?.OpenedBy == cashier.Name,
            Totals(vendor, BatchKind.Shift), Totals(vendor, BatchKind.Banking));
    }

    public ShopLookup FindMeter(Cashier cashier, string number)
    {
        string digits = string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c != '-'));
        if (MeterNumber.Read(digits, out MeterPan pan) is { } fault) return new ShopLookup.Refused(fault);
        if (vending.Meters.Find(pan) is not { } meter) return new ShopLookup.Refused(VendingCodes.UnknownMeter);
        if (meter.IsBlocked) return new ShopLookup.Refused(VendingCodes.MeterBlocked);
        return new ShopLookup.Found(new ShopMeter(pan.ToString(), pan.Drn.ToString(), meter.Place, meter.CustomerName, meter.TariffId));
    }

    public ShopQuote Quote(Cashier cashier, string pan, Money amount)
    {
        if (!MeterPan.TryParse(pan, out MeterPan meter)) return new ShopQuote.Refused(VendingCodes.PanFormat);
        switch (vending.Bundles.Trial(new PlaceOrder(TopUpIds.Next(), meter, amount, cashier.Vendor)))
        {
            case BundleTrial.Priced { Parts: [(BundlePart.Sale, var terms), ..] } priced:
                return new ShopQuote.Priced(
                    amount, Energy.FromTenthsOfKilowattHour(terms.TenthsGranted), TopUpReader.LinesOf(terms, amount.Currency),
                    [.. priced.Parts.Skip(1).Select(p => (CodeText.Of(p.Part), Energy.FromTenthsOfKilowattHour(p.Terms.TenthsGranted)))], priced.KeyChange?.TokenCount ?? 0);
            case BundleTrial.Declined declined:
                return new ShopQuote.Refused(declined.Code);
            default:
                return new ShopQuote.Refused(VendingCodes.AmountZero);
        }
    }

    public async Task<ShopSaleOutcome> SellAsync(Cashier cashier, Guid saleId, string pan, Money amount, SaleTender tender, CancellationToken cancellationToken)
    {
        if (!MeterPan.TryParse(pan, out MeterPan meter)) return new ShopSaleOutcome.Refused(VendingCodes.PanFormat);
        if (vending.Vendors.OpenBatch(cashier.Vendor, BatchKind.Shift) is not { } shift || shift.OpenedBy != cashier.Name) return new ShopSaleOutcome.Refused(VendorCodes.NoBatch);
        var order = new PlaceOrder(saleId, meter, amount, cashier.Vendor, PaymentReference: null, cashier.Name, shift.Till, tender);
        switch (await vending.Bundles.PlaceAsync(order, cancellationToken))
        {
            case BundleOutcome.Issued issued:
                // With a new key on its way the meter could not read what is sent: then the paper alone carries the tokens.
                if (issued.KeyChange is null) foreach (IssuedPart part in issued.Parts) await counter.SellAsync(part.Order.Command, cancellationToken);
                return new ShopSaleOutcome.Sold(saleId);
            case BundleOutcome.Pending pending:
                return new ShopSaleOutcome.Pending(pending.Code);
            case BundleOutcome.IdReused:
                return new ShopSaleOutcome.Refused(VendingCodes.OrderIdReused);
            case BundleOutcome.Declined declined:
                return new ShopSaleOutcome.Refused(declined.Code);
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    public ShopSaleDetail? FindSale(Cashier cashier, Guid saleId)
    {
        if (OrderOf(cashier, saleId) is not { } order) return null;
        IReadOnlyList<Reprint> copies = vending.Reprints.Of(saleId);
        return new ShopSaleDetail(SaleOf(order), papers.Of(order), copies, copies.Count == 0 && order.Command.Operator == cashier.Name);
    }

    public IReadOnlyList<ShopSale> Sales(Cashier cashier, string? search, int limit)
    {
        if (vending.Vendors.Find(cashier.Vendor) is not { } vendor) return [];
        string wanted = string.Concat((search ?? string.Empty).Where(c => !char.IsWhiteSpace(c) && c != '-'));
        if (wanted.Length > 0 && MeterNumber.Read(wanted, out MeterPan pan) is null)
            return [.. vending.Desk.OrdersOf(pan, OrdersLookedThrough).Where(o => o.Command.Channel == vendor.Code).Take(limit).Select(SaleOf)];
        IEnumerable<ShopSale> newest = _floats.Newest(vendor, OrdersLookedThrough).Select(line => OrderEntries.OrderOf(line.Memo)).OfType<Guid>().Distinct().Select(vending.Desk.Find).OfType<VendOrder>().Select(SaleOf);
        return [.. newest.Where(s => wanted.Length == 0 || string.Equals(s.Receipt, wanted, StringComparison.OrdinalIgnoreCase)).Take(limit)];
    }

    public async Task<Reprint?> ReprintAsync(Cashier cashier, Guid saleId, CancellationToken cancellationToken) =>
        OrderOf(cashier, saleId) is { HasToken: true } ? await vending.Reprints.AddAsync(saleId, cashier.Name, time.GetUtcNow(), cancellationToken) : null;

    public Task<VendorOutcome<VendorBatch>> OpenShiftAsync(Cashier cashier, string till, Money drawer, CancellationToken cancellationToken) =>
        vending.VendorDesk.OpenShiftAsync(cashier.Vendor, cashier.Name, till, drawer, cancellationToken);

    public Task<VendorOutcome<VendorBatch>> CloseShiftAsync(Cashier cashier, Money drawer, CancellationToken cancellationToken) =>
        vending.VendorDesk.CloseShiftAsync(cashier.Vendor, cashier.Name, drawer, cancellationToken);

    public async Task<VendorOutcome<ShopDayEnd>> EndDayAsync(Cashier cashier, Money toBank, CancellationToken cancellationToken)
    {
        string code = cashier.Vendor;
        if (vending.Vendors.OpenBatch(code, BatchKind.Shift) is not null) return new VendorOutcome<ShopDayEnd>.Refused(VendorCodes.InnerBatchOpen, "a shift is open; count and close it first");
        if (vending.Vendors.OpenBatch(code, BatchKind.Banking) is null) return new VendorOutcome<ShopDayEnd>.Refused(VendorCodes.NoBatch, "nothing was sold since the last end of day");
        if (toBank.MinorUnits < 0) return new VendorOutcome<ShopDayEnd>.Refused(VendorCodes.Invalid, "what goes to the bank is 0 or more");
        DepositSlip? slip = null;
        if (toBank.MinorUnits > 0)
        {
            if (await vending.VendorDesk.EndDayAsync(code, toBank, cancellationToken) is not VendorOutcome<DepositSlip>.Done done) return Changed();
            slip = done.Value;
        }
        else
        {
            foreach (BatchKind kind in new[] { BatchKind.Sales, BatchKind.Banking }.Where(k => vending.Vendors.OpenBatch(code, k) is not null))
                if (await vending.VendorDesk.CloseAsync(code, kind, cancellationToken) is not VendorOutcome<VendorBatch>.Done) return Changed();
        }

        return new VendorOutcome<ShopDayEnd>.Done(new ShopDayEnd(vending.Vendors.Batches(code, BatchKind.Sales, 1) is [var sales, ..] ? sales : null, slip));
    }

    public IReadOnlyList<VendorBatch> Shifts(Cashier cashier, int limit) => vending.Vendors.Batches(cashier.Vendor, BatchKind.Shift, limit);

    public IReadOnlyList<DepositSlip> Slips(Cashier cashier, int limit) => vending.Vendors.Slips(cashier.Vendor, limit);

    public IReadOnlyList<FloatLine> Statement(Cashier cashier, int limit) =>
        vending.Vendors.Find(cashier.Vendor) is { } vendor ? [.. _floats.Newest(vendor, limit).Select(line => FloatReader.LineOf(line, vendor.Currency))] : [];

    private static VendorOutcome<ShopDayEnd> Changed() => new VendorOutcome<ShopDayEnd>.Refused(VendorCodes.Changed, "somebody else changed it meanwhile; look again");

    /// <summary>The sale, if it is this vendor's.</summary>
    private VendOrder? OrderOf(Cashier cashier, Guid saleId) => vending.Desk.Find(saleId) is { } order && order.Command.Channel == cashier.Vendor ? order : null;

    private BatchTotals? Totals(Vendor vendor, BatchKind kind) => vending.VendorDesk.Total(vendor.Code, kind) is VendorOutcome<BatchTotals>.Done done ? done.Value : null;

    private static Money Of(Vendor vendor, long minorUnits) => new(minorUnits, vendor.Currency);

    private static ShopSale SaleOf(VendOrder order) => new(
        order.Id, order.Times.Received, order.Command.Operator ?? string.Empty, order.Command.Pan.Drn.ToString(), order.Terms?.Place ?? string.Empty, order.Command.Amount,
        order.Terms is { } terms ? Energy.FromTenthsOfKilowattHour(terms.TenthsGranted) : null, CodeText.Of(order.State),
        order.HasToken ? OrderReceipt.FromBytes(order.Answer.Span).Number : null, order.Command.Tender is { } tender ? OrderReceipt.CodeOf(tender.Kind) : null);
}
