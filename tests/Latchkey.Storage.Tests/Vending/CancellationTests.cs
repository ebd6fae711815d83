using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A token that is out is money that was spent, unless its meter proves that it can never take it.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task Cancel_OnTheMetersWord_GivesMoneyUnitsAndPaymentBack()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued sold = await shop.Buy(1);
        Assert.IsType<ReversalOutcome.Reversed>(await Cancel(shop, 1, UnusedReason.RefusedAsOld));
        Assert.IsType<ReversalOutcome.Reversed>(await Cancel(shop, 1, UnusedReason.RefusedAsOld)); // repeated

        Assert.Equal((0, 0, 0), (shop.Balance("clearing:wechat"), shop.Balance("units:sold"), shop.Balance("revenue:energy")));
        Assert.Equal(OrderState.Cancelled, shop.Desk.Find(Shop.Id(1))!.State);
        Assert.Equal("purchase-cancelled", await shop.DeclineCode(Shop.Order(1)));
        await shop.Place(Shop.Order(2) with { PaymentReference = "pay-1" });
        Assert.Equal(sold.Receipt.TenthsGranted, shop.House.Store.Read(b => b.Totals(Shop.Pan, "CalendarMonth:2026-11-01")).Tenths);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Cancel_AfterTheMeterTookTheToken_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        TokenIdentifier tid = shop.Desk.Find(Shop.Id(1))!.Tid!.Value;
        Assert.Null(await shop.Desk.MarkCreditedAsync(
            Shop.Id(1), new CreditProof(CreditProofKind.AlreadyUsed, tid, shop.Clock.GetUtcNow(), "answer"), CancellationToken.None));
        Assert.Equal("token-used", Refusal(await Cancel(shop, 1, UnusedReason.RefusedAsOld)));
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
    }

    [Fact]
    public async Task Cancel_WithoutAProofForThisToken_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        UnusedProof proof = Proof(shop, 1, UnusedReason.RefusedAsOld);
        foreach (UnusedProof bad in new[]
        {
            proof with { Tid = TokenIdentifier.FromMinutes(7) }, proof with { Evidence = "" }, proof with { Evidence = new string('x', 65) },
            proof with { Reason = UnusedReason.KeyChanged }, proof with { Reason = (UnusedReason)9 }, proof with { At = shop.Clock.GetUtcNow().AddHours(-1) },
        })
        {
            Assert.Equal("proof-mismatch", Refusal(await shop.House.Cancellations.CancelAsync(Shop.Id(1), bad, CancellationToken.None)));
        }

        Assert.Equal("unknown-purchase", Refusal(await shop.House.Cancellations.CancelAsync(Shop.Id(9), proof, CancellationToken.None)));
        Assert.Equal(OrderState.Posted, shop.Desk.Find(Shop.Id(1))!.State);
    }

    [Fact]
    public async Task Transfer_AfterTheKeyChanged_SellsTheSameMoneyToTheOtherMeter()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { Key = meter.Key with { KeyRevision = KeyRevisionNumber.FromValue(2) } }, CancellationToken.None);
        UnusedProof proof = Proof(shop, 1, UnusedReason.KeyChanged);
        for (int i = 0; i < 2; i++)
        {
            OrderOutcome.Issued moved = Assert.IsType<OrderOutcome.Issued>(
                await shop.House.Cancellations.TransferAsync(Shop.Id(1), proof, Shop.Id(2), Shop.OtherPan, CancellationToken.None));
            Assert.Equal(Shop.OtherPan.ToString(), moved.Receipt.MeterPan);
        }

        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
        Assert.Equal(0, shop.Balance("units:issued:" + Shop.Pan));
        shop.AssertBooksAgree();
    }

    private static Task<ReversalOutcome> Cancel(Shop shop, int id, UnusedReason reason) =>
        shop.House.Cancellations.CancelAsync(Shop.Id(id), Proof(shop, id, reason), CancellationToken.None);

    private static UnusedProof Proof(Shop shop, int id, UnusedReason reason) =>
        new(reason, shop.Desk.Find(Shop.Id(id))!.Tid!.Value, shop.Clock.GetUtcNow(), "5e1f");

    private static string Refusal(ReversalOutcome outcome) => Assert.IsType<ReversalOutcome.Refused>(outcome).Code;
}
