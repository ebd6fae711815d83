using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>The paper of a purchase: its own token, and all that came with it, in the order of typing.</summary>
internal sealed class PaperReader(VendingHouse vending)
{
    /// <summary>Null while there is no token.</summary>
    public OrderReceipt? Of(VendOrder order)
    {
        if (!order.HasToken) return null;
        IReadOnlyList<IssuedPart> parts = vending.Bundles.Find(order.Id, order.Command.Pan);
        if (parts.Count == 0 || parts[0].Order.Id != order.Id) return OrderReceipt.FromBytes(order.Answer.Span);
        return PurchaseReceipt.Of(vending.Bundles.ChangeOf(order), parts);
    }

    /// <summary>Every token of the purchase in the order of typing, with how far the meter is known to be; none while there is no token.</summary>
    public IReadOnlyList<TokenToType> EntryOf(VendOrder order)
    {
        if (Of(order) is not { } paper) return [];

        // What follows a new key is under it: once anything of it is proven, so are the tokens of the key.
        IssuedPart[] proven = [.. vending.Bundles.Find(order.Id, order.Command.Pan).Where(part => part.Order.Times.Credited is not null)];
        bool hasKey = proven.Length > 0 || order.Times.Credited is not null || vending.KeyChanges.Find(order.Command.Pan) is { State: KeyChangeState.Done };
        HashSet<string> inMeter = [.. proven.SelectMany(part => part.Receipt.Tokens).Select(token => token.Number)];
        if (order.Times.Credited is not null) inMeter.UnionWith(OrderReceipt.FromBytes(order.Answer.Span).Tokens.Select(token => token.Number));
        return [.. paper.Tokens.Select(token => new TokenToType(
            token.Kind, token.Number, token.Tenths > 0 ? Energy.FromTenthsOfKilowattHour(token.Tenths) : null,
            token.MinorUnits is { } credit ? new Money(credit, order.Command.Amount.Currency) : null,
            token.Kind == ReceiptTokenKinds.KeyChange ? hasKey : inMeter.Contains(token.Number)))];
    }
}
