using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The receipt of a purchase of several tokens: one paper, its tokens in the order in which they are to be typed.</summary>
/// <remarks>The stored answers of the orders stay as they are; this is what is printed of them.</remarks>
public static class PurchaseReceipt
{
    /// <summary>A new key first, because all that follows is under it; then the tokens by rising identifier, as the meter wants them.</summary>
    /// <param name="change">The change of keys that goes with the purchase; null where there is none.</param>
    /// <param name="parts">At least one; the first names the receipt: its number, its money, its price.</param>
    public static OrderReceipt Of(KeyChange? change, IReadOnlyList<IssuedPart> parts)
    {
        OrderReceipt main = parts[0].Receipt;
        return main with { Tokens = [.. KeysOf(change, main), .. parts.SelectMany(TokensOf).OrderBy(t => t.TidMinutes)] };
    }

    /// <summary>The change of keys whose tokens went with an order: its token is under the new key, and nothing had proven that key before it.</summary>
    /// <param name="order">A sale with its token.</param>
    /// <param name="change">The meter's newest change; null where it has none.</param>
    /// <param name="others">The meter's orders, as far as they are known.</param>
    public static KeyChange? ChangeOf(VendOrder order, KeyChange? change, IEnumerable<VendOrder> others)
    {
        if (change is not { Tokens.Count: > 0 } || order.Terms?.Key != change.To || order.Times.Held is not { } held || held < change.At) return null;
        return others.Any(o => o.Terms?.Key == change.To && o.Times.Credited <= held) ? null : change;
    }

    /// <summary>Each once: a receipt that was stored with its set has it already.</summary>
    private static IEnumerable<ReceiptToken> KeysOf(KeyChange? change, OrderReceipt main) => change is null
        ? main.Tokens.Where(t => t.Kind == ReceiptTokenKinds.KeyChange)
        : change.Tokens.Select(t => new ReceiptToken(ReceiptTokenKinds.KeyChange, t.ToGroupedString(), 0, change.Tid?.Minutes ?? 0));

    private static IEnumerable<ReceiptToken> TokensOf(IssuedPart part) =>
        part.Receipt.Tokens.Where(t => t.Kind != ReceiptTokenKinds.KeyChange).Select(t => t with { Kind = KindOf(part.Part) });

    private static string KindOf(BundlePart part) => part switch
    {
        BundlePart.FreeUnits => ReceiptTokenKinds.FreeUnits,
        BundlePart.Refund => ReceiptTokenKinds.Refund,
        _ => ReceiptTokenKinds.Sale,
    };
}

/// <summary>The stable codes of what a token on a receipt is for.</summary>
public static class ReceiptTokenKinds
{
    public const string Sale = "sale";
    public const string FreeUnits = "free";
    public const string Refund = "refund";
    public const string KeyChange = "key-change";
    public const string FreeIssue = "free-issue";
    public const string CreditTransfer = "credit-transfer";
}
