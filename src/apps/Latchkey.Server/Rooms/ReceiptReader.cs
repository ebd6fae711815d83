using Latchkey.Parks.TopUps;
using Latchkey.Server.Receipts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>The stored receipts of orders; a tenant reaches those of the own top-ups only.</summary>
internal sealed class ReceiptReader(IOrderDesk orders, TopUpDesk topUps, ReceiptSeal seal) : IReceipts
{
    public ReceiptSeal Seal => seal;

    public OrderReceipt? Find(Guid orderId) => orders.Find(orderId) is { HasToken: true } order ? OrderReceipt.FromBytes(order.Answer.Span) : null;

    public OrderReceipt? FindOf(string tenantId, Guid topUpId) =>
        Guid.TryParse(tenantId, out Guid tenant) && topUps.Find(topUpId) is { } topUp && topUp.TenantId == tenant ? Find(topUpId) : null;
}
