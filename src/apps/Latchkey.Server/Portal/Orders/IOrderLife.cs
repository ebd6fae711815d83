using Latchkey.Ledger;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Server.Portal.Orders;

/// <summary>One order with its whole life.</summary>
/// <param name="Entries">Of the ledger, in its order.</param>
/// <param name="Paper">Its receipt with every token; null while there is none.</param>
/// <param name="Delivery">Stable code of where its token is on the way to the meter; null where nothing was sent.</param>
/// <param name="VendorName">Who sold it, where that is a vendor.</param>
/// <param name="Maker">The newest request to the meter's maker, where the maker's service makes its token.</param>
public sealed record OrderLife(VendOrder Order, IReadOnlyList<RecordedEntry> Entries, OrderReceipt? Paper, IReadOnlyList<Reprint> Copies, string? Delivery, string? VendorName, MakerRequest? Maker = null);

/// <summary>Finds orders for support and shows one from its first second to its last.</summary>
public interface IOrderLife
{
    /// <summary>By meter number, order id, receipt number or a payment's reference; the newest first.</summary>
    IReadOnlyList<OrderLine> Search(string text, int limit);

    OrderLife? Find(Guid orderId);

    /// <summary>How its money stands that went back or could; null where there is no such order.</summary>
    Task<MoneyBackLine?> MoneyBackAsync(Guid orderId, CancellationToken cancellationToken);

    /// <summary>Gives what it cost back to who paid, on the word of two people who gave their passwords at one screen. Null when done, otherwise the code of what stands against it.</summary>
    /// <param name="reason">What its meter has proved of the token; null where it has none.</param>
    /// <param name="evidence">What the meter's answer can be found by; empty where there is no token.</param>
    Task<string?> GiveBackAsync(Guid orderId, UnusedReason? reason, string evidence, string why, string first, string second, CancellationToken cancellationToken);

    /// <summary>Takes an order back that has no token yet. Null when done, otherwise the code: <c>signer-unavailable</c> may be tried again.</summary>
    Task<string?> ReverseAsync(Guid orderId, string person, CancellationToken cancellationToken);

    /// <summary>Takes the number of the next copy; null where there is no token, or there are too many.</summary>
    Task<Reprint?> ReprintAsync(Guid orderId, string person, CancellationToken cancellationToken);
}
