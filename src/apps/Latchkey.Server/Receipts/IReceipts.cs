using Latchkey.Vending;

namespace Latchkey.Server.Receipts;

/// <summary>Finds receipts and seals them.</summary>
public interface IReceipts
{
    /// <summary>The stored receipt of an order; null where there is none, or no token yet.</summary>
    OrderReceipt? Find(Guid orderId);

    /// <summary>The receipt of a tenant's own top-up; null where it is not the tenant's.</summary>
    OrderReceipt? FindOf(string tenantId, Guid topUpId);

    /// <summary>The seller's seal, with its published key.</summary>
    ReceiptSeal Seal { get; }
}
