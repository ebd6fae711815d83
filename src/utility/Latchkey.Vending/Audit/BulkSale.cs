using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>What a bench needs to write sales in bulk exactly as the desk and the signer would. Sells nothing: its tokens are no tokens.</summary>
public static class BulkSale
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static JournalEntry Hold(VendOrder order, SalesChannel channel) => SaleEntries.Hold(order, channel, order.Times.Held!.Value, Lifetime);

    public static IEnumerable<LedgerAccount> Accounts(JournalEntry hold, SalesChannel channel) => SaleEntries.Accounts(hold, channel);

    public static JournalEntry Settle(VendOrder order, JournalEntry hold) =>
        JournalEntry.Settle(DerivedId.Of(order.HoldId, "settle"), order.Times.Posted!.Value, hold);

    /// <summary>The journal's next line for a sold order.</summary>
    public static SignatureRecord Line(IKeyCustody custody, VendOrder order, string keyId, SignatureRecord? last)
    {
        SaleTerms terms = order.Terms!;
        var line = new SignatureRecord(
            (last?.Number ?? 0) + 1, order.Id, SignatureKind.Credit, keyId, terms.Key.Pan, terms.Key.BaseDate.Year, order.Tid!.Value, terms.TenthsGranted,
            order.Command.Amount.MinorUnits, order.HoldId, SoftwareSigner.HashOf(order.Token!.Value), default);
        ReadOnlyMemory<byte> before = last?.Mac ?? default;
        return line with { Mac = custody.Mac(before.Span, line.CanonicalBytes()) };
    }

    public static SigningKeyRecord Seal(IKeyCustody custody, SigningKeyRecord key) => SignerSeal.Seal(custody, key);
}
