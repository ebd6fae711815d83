using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Portal.Shop;

/// <summary>Who stands at the till, and for which vendor: from the sign-in alone, never from an address or a form.</summary>
/// <param name="Name">The sign-in name; on receipts and in totals.</param>
public sealed record Cashier(string Vendor, string Name);

/// <summary>A shop as its cashier sees it now.</summary>
/// <param name="Commission">Earned, booked and not paid out.</param>
/// <param name="CommissionSoFar">Earned by the sales since the last closed day; booked when the day ends.</param>
/// <param name="Coin">The smallest coin in minor units.</param>
/// <param name="Shift">The open one; null where nobody is at the till.</param>
/// <param name="Day">Totals since the last end of day, open shift included.</param>
public sealed record ShopNow(
    string Code, string Name, bool IsBlocked, Money Float, Money Commission, Money CommissionSoFar, Money Least, Money Most, long Coin, VendorBatch? Shift, bool IsMine, BatchTotals? ShiftTotals, BatchTotals? Day)
{
    public Currency Currency => Float.Currency;

    public bool MaySell => !IsBlocked && Shift is not null && IsMine;
}

/// <summary>A meter that somebody wants to buy for: enough to see that it is the right one.</summary>
public sealed record ShopMeter(string Pan, string Number, string Place, string? Customer, string Tariff);

/// <summary>What finding a meter came to.</summary>
public abstract record ShopLookup
{
    public sealed record Found(ShopMeter Meter) : ShopLookup;

    public sealed record Refused(string Code) : ShopLookup;
}

/// <summary>A price before anybody pays, line by line.</summary>
public abstract record ShopQuote
{
    /// <param name="Gifts">Free units and refunds that come with it: a stable code and the energy.</param>
    /// <param name="KeyTokens">Tokens of a new key that must be typed first.</param>
    public sealed record Priced(Money Amount, Energy Units, IReadOnlyList<QuoteLine> Lines, IReadOnlyList<(string Kind, Energy Units)> Gifts, int KeyTokens) : ShopQuote;

    public sealed record Refused(string Code) : ShopQuote;
}

/// <summary>What a wish to sell came to.</summary>
public abstract record ShopSaleOutcome
{
    public sealed record Sold(Guid SaleId) : ShopSaleOutcome;

    /// <summary>The money is set aside and the token is not made yet: ask again with the same id.</summary>
    public sealed record Pending(string Code) : ShopSaleOutcome;

    public sealed record Refused(string Code) : ShopSaleOutcome;
}

/// <summary>A sale of this shop.</summary>
public sealed record ShopSale(Guid SaleId, DateTimeOffset At, string Cashier, string MeterNumber, string Place, Money Amount, Energy? Units, string State, string? Receipt, string? Tender);

/// <summary>A sale with its paper.</summary>
/// <param name="Paper">Every token of the purchase in the order of typing; null while there is none.</param>
/// <param name="Copies">What was printed again.</param>
/// <param name="MayPrintOriginal">The one paper without a mark of a copy is this cashier's to print, and was not followed by a copy yet.</param>
public sealed record ShopSaleDetail(ShopSale Sale, OrderReceipt? Paper, IReadOnlyList<Reprint> Copies, bool MayPrintOriginal);

/// <summary>A movement on the float: above 0 raises it.</summary>
public sealed record FloatLine(DateTimeOffset At, string Memo, Money Amount, Money After);

/// <summary>The end of a shop's day.</summary>
/// <param name="Slip">Null where there was nothing to take to the bank.</param>
public sealed record ShopDayEnd(VendorBatch? Sales, DepositSlip? Slip);

/// <summary>Selling over a counter, for one cashier at a time: every call names the cashier and reaches nothing of another vendor.</summary>
public interface IShop
{
    /// <summary>Null where there is no such vendor any more.</summary>
    ShopNow? Now(Cashier cashier);

    ShopLookup FindMeter(Cashier cashier, string number);

    ShopQuote Quote(Cashier cashier, string pan, Money amount);

    /// <summary>The same id is the same sale. Only in the cashier's own open shift.</summary>
    Task<ShopSaleOutcome> SellAsync(Cashier cashier, Guid saleId, string pan, Money amount, SaleTender tender, CancellationToken cancellationToken);

    ShopSaleDetail? FindSale(Cashier cashier, Guid saleId);

    /// <summary>The newest first; of one meter where a number is given, of one receipt where that is.</summary>
    IReadOnlyList<ShopSale> Sales(Cashier cashier, string? search, int limit);

    /// <summary>Takes the number of the next copy; null where the sale is not this vendor's, or there are too many.</summary>
    Task<Reprint?> ReprintAsync(Cashier cashier, Guid saleId, CancellationToken cancellationToken);

    Task<VendorOutcome<VendorBatch>> OpenShiftAsync(Cashier cashier, string till, Money drawer, CancellationToken cancellationToken);

    Task<VendorOutcome<VendorBatch>> CloseShiftAsync(Cashier cashier, Money drawer, CancellationToken cancellationToken);

    /// <summary>Closes the day and writes the slip for what goes to the bank. Shifts are closed and counted before.</summary>
    Task<VendorOutcome<ShopDayEnd>> EndDayAsync(Cashier cashier, Money toBank, CancellationToken cancellationToken);

    /// <summary>Closed shifts, the newest first.</summary>
    IReadOnlyList<VendorBatch> Shifts(Cashier cashier, int limit);

    IReadOnlyList<DepositSlip> Slips(Cashier cashier, int limit);

    /// <summary>The newest first.</summary>
    IReadOnlyList<FloatLine> Statement(Cashier cashier, int limit);
}
