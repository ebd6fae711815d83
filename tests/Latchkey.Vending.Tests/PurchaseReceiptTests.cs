using Latchkey.Sts;

namespace Latchkey.Vending.Tests;

public sealed class PurchaseReceiptTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly DecoderKeyAttributes NewKey = Samples.Key with { KeyRevision = KeyRevisionNumber.FromValue(2) };
    private static readonly KeyChange Change = new(
        new Guid(1, 0, 0, new byte[8]), Samples.Key, NewKey, TakesThirdToken: false, KeyChangePolicy.WithNextPurchase, KeyChangeState.Issued, Noon, TokenIdentifier.FromMinutes(100),
        [TokenNumber.Parse("11112222333344445555"), TokenNumber.Parse("66667777888899990000")]);

    [Fact]
    public void Of_APurchaseOfSeveralTokens_PutsThemInTheOrderOfTyping()
    {
        OrderReceipt paper = PurchaseReceipt.Of(Change, [Part(BundlePart.Sale, 102), Part(BundlePart.FreeUnits, 101), Part(BundlePart.Refund, 103)]);
        Assert.Equal(["key-change", "key-change", "free", "sale", "refund"], paper.Tokens.Select(t => t.Kind));
        Assert.Equal(
            ["1. Key change 1/2", "2. Key change 2/2", "3. Free units", "4. Token", "5. Refund"],
            ReceiptSheet.Of(paper, ReceiptLanguage.English).Tokens.Select(t => t.Caption));
    }

    [Fact]
    public void Of_AnOrderAlone_IsItsStoredReceipt() => Assert.Equal(Samples.Receipt.ToBytes(), PurchaseReceipt.Of(null, [Part(BundlePart.Sale, 6_777_000)]).ToBytes());

    [Fact]
    public void ChangeOf_AnOrderUnderTheNewKeyBeforeItsProof_IsTheSetThatWentWithIt()
    {
        Assert.Equal(Change, PurchaseReceipt.ChangeOf(Order(NewKey, Noon.AddMinutes(1)), Change, []));
        Assert.Equal(Change, PurchaseReceipt.ChangeOf(Order(NewKey, Noon.AddMinutes(1)), Change, [Order(NewKey, Noon, credited: Noon.AddHours(1))]));
    }

    [Fact]
    public void ChangeOf_AnOrderThatNeededNone_IsNone()
    {
        Assert.Null(PurchaseReceipt.ChangeOf(Order(Samples.Key, Noon.AddMinutes(1)), Change, []));
        Assert.Null(PurchaseReceipt.ChangeOf(Order(NewKey, Noon.AddMinutes(-1)), Change, []));
        Assert.Null(PurchaseReceipt.ChangeOf(Order(NewKey, Noon.AddDays(1)), Change, [Order(NewKey, Noon, credited: Noon.AddHours(1))]));
        Assert.Null(PurchaseReceipt.ChangeOf(Order(NewKey, Noon.AddMinutes(1)), Change with { Tokens = [] }, []));
    }

    private static IssuedPart Part(BundlePart part, uint tid) =>
        new(part, Order(NewKey, Noon), Samples.Receipt with { Tokens = [Samples.Receipt.Tokens[0] with { TidMinutes = tid }] });

    private static VendOrder Order(DecoderKeyAttributes key, DateTimeOffset held, DateTimeOffset? credited = null) => new(
        new PlaceOrder(new Guid(9, 0, 0, new byte[8]), key.Pan, new Latchkey.Quantities.Money(5_000, Latchkey.Quantities.Currency.Cny), "kiosk-1"), OrderState.Posted,
        new OrderTimes(held, held, held, null, credited), Samples.Terms with { Key = key });
}
