using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>The paper of a purchase: its own token, and all that came with it.</summary>
internal sealed class PaperReader(VendingHouse vending)
{
    private const int OrdersLookedThrough = 50;

    /// <summary>Null while there is no token.</summary>
    public OrderReceipt? Of(VendOrder order)
    {
        if (!order.HasToken) return null;
        IReadOnlyList<IssuedPart> parts = vending.Bundles.Find(order.Id, order.Command.Pan);
        if (parts.Count == 0 || parts[0].Order.Id != order.Id) return OrderReceipt.FromBytes(order.Answer.Span);
        return PurchaseReceipt.Of(
            PurchaseReceipt.ChangeOf(order, vending.KeyChanges.Find(order.Command.Pan), vending.Desk.OrdersOf(order.Command.Pan, OrdersLookedThrough)), parts);
    }
}
