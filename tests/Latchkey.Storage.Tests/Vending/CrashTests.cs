using Latchkey.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>The program ends before or after any durable step; then it starts again, recovers, and the customer asks again.</summary>
public sealed class CrashTests
{
    // Hold, the signer's journal, settle: each may be cut before it is on disk, or after it but before its answer is heard.
    private const int DurableSteps = 3;

    public static TheoryData<int, bool, bool> Cuts()
    {
        var data = new TheoryData<int, bool, bool>();
        for (int step = 1; step <= DurableSteps; step++)
        {
            foreach (bool after in new[] { false, true })
            {
                data.Add(step, after, true);
                data.Add(step, after, false);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Cuts))]
    public async Task Place_CutAtAnyStep_EndsWithOneTokenAndOneSetOfPostings(int step, bool after, bool recover)
    {
        using Shop shop = await Shop.OpenAsync();
        var cut = new Cut(step, after);
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, cut).PlaceAsync(Shop.Order(1), CancellationToken.None));

        shop.Restart();
        shop.Clock.Advance(TimeSpan.FromMinutes(3));
        if (recover) await shop.Desk.RecoverAsync(CancellationToken.None);
        OrderOutcome.Issued issued = await shop.Buy(1);

        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Equal(issued.Receipt.TenthsGranted, Shop.Read(issued.Receipt.Tokens.Single().Number).Amount.Steps);
        Assert.Equal(issued.StoredAnswer.ToArray(), (await shop.Buy(1)).StoredAnswer.ToArray());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_CutAfterAnyStep_GivesTheTokenThatWasSignedBeforeTheCut()
    {
        using Shop shop = await Shop.OpenAsync();
        var signer = new DyingSigner(shop.House.Signer, new Cut(1, After: true));
        var desk = new OrderDesk(shop.House.Store, signer, new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock);
        await Assert.ThrowsAsync<PowerCutException>(() => desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.NotNull(signer.LastToken);

        shop.Restart();
        Assert.Equal([Shop.Id(1)], await shop.Desk.RecoverAsync(CancellationToken.None));
        Assert.Equal(signer.LastToken, shop.Desk.Find(Shop.Id(1))!.Token);
    }

    [Fact]
    public async Task Place_TheCutOrderWithOtherContent_IsRefusedBeforeAndAfterRecovery()
    {
        using Shop shop = await Shop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(2, After: false)).PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.IsType<OrderOutcome.IdReused>(await shop.Place(Shop.Order(1, 60m)));
        await shop.Desk.RecoverAsync(CancellationToken.None);
        Assert.IsType<OrderOutcome.IdReused>(await shop.Place(Shop.Order(1, 60m)));
    }

    [Fact]
    public async Task Expire_AHoldWithoutAToken_FreesTheMoneyAndTheBlocks()
    {
        using Shop shop = await Shop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(2, After: false)).PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Empty(await shop.Desk.ExpireAsync(CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal([Shop.Id(1)], await shop.Desk.ExpireAsync(CancellationToken.None));

        Assert.Equal("purchase-cancelled", await shop.DeclineCode(Shop.Order(1)));
        Assert.Equal(0, shop.House.Ledger.FindAccount(AccountId.Require("clearing:wechat"))!.Balance.DebitsPending);
        Assert.Equal(0, shop.House.Store.Read(b => b.Totals(Shop.Pan, "CalendarMonth:2026-11-01")).Tenths);
        await shop.Place(Shop.Order(2) with { PaymentReference = "pay-1" }); // the payment is free again
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Expire_AHoldWhoseTokenIsSigned_FinishesItInstead()
    {
        using Shop shop = await Shop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(2, After: true)).PlaceAsync(Shop.Order(1), CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(await shop.Desk.ExpireAsync(CancellationToken.None));
        Assert.Equal(OrderState.Held, shop.Desk.Find(Shop.Id(1))!.State);
        await shop.Desk.RecoverAsync(CancellationToken.None);
        Assert.Equal(OrderState.Posted, shop.Desk.Find(Shop.Id(1))!.State);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Reverse_AHoldWithoutAToken_GivesTheMoneyBack()
    {
        using Shop shop = await Shop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(2, After: false)).PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.IsType<ReversalOutcome.Reversed>(await shop.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
        Assert.IsType<ReversalOutcome.Reversed>(await shop.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
        Assert.Empty(await shop.Desk.RecoverAsync(CancellationToken.None));
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_OnAFullDisk_IsATypedFailureThatPostsNothingAndPassesByItself()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        long pages = await shop.House.Database.WriteAsync(s => s.Scalar<long>("PRAGMA page_count"), CancellationToken.None);
        await LimitPages(shop, pages);
        StorageException? full = null;
        for (int i = 2; i < 40 && full is null; i++) full = await Record.ExceptionAsync(() => shop.Place(Shop.Order(i))) as StorageException;

        Assert.Equal(StorageFailure.DiskFull, full!.Failure);
        Assert.Equal(OrderState.Posted, shop.Desk.Find(Shop.Id(1))!.State);

        await LimitPages(shop, 1_000_000);
        await shop.Desk.RecoverAsync(CancellationToken.None);
        for (int i = 2; i < 40; i++) await shop.Buy(i);
        Assert.Equal(39 * 5_000, shop.Balance("clearing:wechat"));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Recover_BehindMoreStuckOrdersThanOneBatch_FinishesTheOthersAndEnds()
    {
        using Shop shop = await Shop.OpenAsync();
        const int Stuck = 501, All = 503;
        OrderDesk desk = DeskThatRefuses(shop, _ => true);
        for (int i = 1; i <= All; i++) Assert.IsType<OrderOutcome.Pending>(await desk.PlaceAsync(Shop.Order(i, 2m), CancellationToken.None));

        IReadOnlyList<Guid> tried = await DeskThatRefuses(shop, order => order.Id.CompareTo(Shop.Id(Stuck)) <= 0)
            .RecoverAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(All, tried.Distinct().Count());
        Assert.Equal([Shop.Id(502), Shop.Id(503)], shop.House.Store.InState(OrderState.Posted, 10).Select(o => o.Id));
    }

    private static OrderDesk DeskThatRefuses(Shop shop, Func<VendOrder, bool> refused) => new(
        shop.House.Store, new StubbornSigner(shop.House.Signer, refused), new TariffBook([Shop.Blocks()]), Shop.Options with { TidLeadMinutes = 10_000 }, shop.Clock);

    private static Task LimitPages(Shop shop, long pages) =>
        shop.House.Database.WriteAsync(s => s.ExecuteScript($"PRAGMA max_page_count = {pages}"), CancellationToken.None);

    private static OrderDesk DeskThatDies(Shop shop, Cut cut) => new(
        new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock);
}
