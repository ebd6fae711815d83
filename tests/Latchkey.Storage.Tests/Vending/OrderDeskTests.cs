using CsCheck;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

public sealed class OrderDeskTests
{
    [Fact]
    public async Task Place_AGoodOrder_GivesATokenForThatMeterAndTheseUnits()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderReceipt receipt = (await shop.Buy(1)).Receipt;

        // 50.00 at (0.5283 * 1.13 + 0.02) a kWh.
        Assert.Equal(("81.0400353983", 811L), (receipt.UnitsAsked, receipt.TenthsGranted));
        CreditToken token = Shop.Read(receipt.Tokens.Single().Number);
        Assert.Equal(811, token.Amount.Steps);
        Assert.Equal(new DateTime(2026, 11, 22, 17, 30, 0), token.Tid.ToTime(BaseDate.Year2014));
    }

    [Fact]
    public async Task Place_AGoodOrder_PostsMoneyUnitsAndRounding()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
        Assert.Equal(-5_000, shop.Balance("revenue:energy") + shop.Balance("tax:vat") + shop.Balance("levy:street-lighting") + shop.Balance("expense:rounding"));
        Assert.Equal(3, shop.Balance("expense:rounding"));
        Assert.Equal((811, -811), (shop.Balance("units:issued:" + Shop.Pan), shop.Balance("units:sold")));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_TheSameAgain_IsTheStoredAnswerByteForByte()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued first = await shop.Buy(1);
        shop.Clock.Advance(TimeSpan.FromDays(3));
        shop.Restart();
        OrderOutcome.Issued again = await shop.Buy(1);
        Assert.Equal((false, true), (first.IsReplay, again.IsReplay));
        Assert.Equal(first.StoredAnswer.ToArray(), again.StoredAnswer.ToArray());
    }

    [Fact]
    public async Task Place_OneIdAHundredTimesAtOnce_IsOneTokenAndOneSetOfPostings()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => shop.Place(Shop.Order(1)))));
        Assert.Single(outcomes.Select(o => Convert.ToHexString(Assert.IsType<OrderOutcome.Issued>(o).StoredAnswer.Span)).Distinct(StringComparer.Ordinal));
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
        shop.AssertBooksAgree();
    }

    public static TheoryData<PlaceOrder> OtherContent => new(
        Shop.Order(1, 51m),
        Shop.Order(1, pan: Shop.OtherPan),
        Shop.Order(1) with { PaymentReference = "pay-2" },
        Shop.Order(1) with { Operator = "Eve" },
        Shop.Order(1) with { Channel = "shop-7" });

    [Theory, MemberData(nameof(OtherContent))]
    public async Task Place_AnIdWithOtherContent_IsRefused(PlaceOrder other)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        Assert.IsType<OrderOutcome.IdReused>(await shop.Place(other));
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
    }

    public static TheoryData<PlaceOrder, string> Wrong => new()
    {
        { Shop.Order(1, pan: MeterPan.Parse("000001000000000082")), "unknown-meter" },
        { Shop.Order(1, 0m), "amount-zero" },
        { Shop.Order(1, -5m), "amount-zero" },
        { Shop.Order(1, 0.99m), "amount-too-low" },
        { Shop.Order(1, 5_000.01m), "amount-too-high" },
        { Shop.Order(1) with { Amount = Money.FromMajor(50m, Currency.Kes) }, "currency-mismatch" },
        { Shop.Order(1) with { Channel = "moon" }, "unknown-channel" },
        { Shop.Order(1) with { PaymentReference = null }, "payment-reference-missing" },
        { Shop.Order(1) with { PaymentReference = new string('x', 65) }, "text-too-long" },
        { Shop.Order(1) with { OrderId = Guid.Empty }, "purchase-id-missing" },
        { Shop.Order(1) with { Channel = "shop-7" }, "insufficient-funds" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Place_AWrongOrder_IsDeclinedByCodeAndNothingIsPosted(PlaceOrder order, string code)
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal(code, await shop.DeclineCode(order));
        Assert.Equal(0, shop.House.Audit.Verify().Ledger.EntriesRead);
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
    }

    [Theory]
    [InlineData("600727000000000008", "pan-check-digit")]
    [InlineData("60072700000000000", "pan-format")]
    [InlineData("60072700000000000X", "pan-format")]
    [InlineData("01000000001", "pan-check-digit")]
    [InlineData(null, "pan-format")]
    public void Read_AWrongMeterNumber_IsNamedByCode(string? text, string code) => Assert.Equal(code, MeterNumber.Read(text, out _));

    [Fact]
    public void Read_APanOrTheNumberOnTheFace_IsTheSameMeter()
    {
        MeterPan pan = MeterPan.Parse("600727000000000009");
        Assert.Null(MeterNumber.Read(pan.ToString(), out MeterPan byPan));
        Assert.Equal(pan, byPan);
        Assert.Null(MeterNumber.Read(" " + pan.Drn + " ", out MeterPan byDrn));
        Assert.Equal(pan, byDrn);
    }

    [Fact]
    public async Task Place_ADeclinedOrderOnceItsCauseIsGone_IsIssued()
    {
        using Shop shop = await Shop.OpenAsync();
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { IsBlocked = true }, CancellationToken.None);
        Assert.Equal("meter-blocked", await shop.DeclineCode(Shop.Order(1)));
        Assert.Equal(OrderState.Declined, shop.Desk.Find(Shop.Id(1))!.State);

        await shop.House.Meters.SaveAsync(meter, CancellationToken.None);
        Assert.False((await shop.Buy(1)).IsReplay);
    }

    [Fact]
    public async Task Place_OnePaymentForTwoOrders_PaysOnlyTheFirst()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        Assert.Equal("payment-reference-used", await shop.DeclineCode(Shop.Order(2) with { PaymentReference = "pay-1" }));
    }

    [Fact]
    public async Task Place_TwiceInAMonth_CountsTowardsTheBlocks()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderReceipt whole = (await shop.Buy(1, 300m, Shop.OtherPan)).Receipt;
        OrderReceipt first = (await shop.Buy(2, 120m)).Receipt, second = (await shop.Buy(3, 180m)).Receipt;
        Assert.InRange(first.TenthsGranted + second.TenthsGranted - whole.TenthsGranted, -1, 1);
        Assert.Equal(2, second.Lines.Count(l => l.Kind == "energy"));

        shop.Clock.Set(new DateTimeOffset(2026, 11, 30, 16, 0, 0, TimeSpan.Zero)); // midnight at UTC+8: the next month
        Assert.Single((await shop.Buy(4, 100m)).Receipt.Lines, l => l.Kind == "energy");
    }

    [Fact]
    public async Task Place_SeveralInAMinute_GivesRisingIdentifiers()
    {
        using Shop shop = await Shop.OpenAsync();
        uint[] tids = await Task.WhenAll(Enumerable.Range(1, 20).Select(async i => (await shop.Buy(i)).Receipt.Tokens[0].TidMinutes));
        Assert.Equal(20, tids.Distinct().Count());
        Assert.Equal(tids.Min() + 19, tids.Max());
    }

    [Fact]
    public async Task Place_AfterTheClockWentBack_NeverRepeatsAnIdentifier()
    {
        using Shop shop = await Shop.OpenAsync();
        uint before = (await shop.Buy(1)).Receipt.Tokens[0].TidMinutes;
        shop.Clock.Advance(-TimeSpan.FromMinutes(30));
        Assert.Equal(before + 1, (await shop.Buy(2)).Receipt.Tokens[0].TidMinutes);
        shop.Clock.Advance(-TimeSpan.FromHours(1));
        Assert.Equal("too-many-tokens", await shop.DeclineCode(Shop.Order(3)));
    }

    [Fact]
    public async Task Place_AtTheReservedMinute_TakesTheNext()
    {
        using Shop shop = await Shop.OpenAsync();
        shop.Clock.Set(new DateTimeOffset(2026, 11, 22, 16, 1, 5, TimeSpan.Zero)); // 00:01 at UTC+8
        Assert.Equal(2u, (await shop.Buy(1)).Receipt.Tokens[0].TidMinutes % 1_440);
    }

    [Fact]
    public async Task Place_UnderAnExpiredKey_IsDeclined()
    {
        using Shop shop = await Shop.OpenAsync();
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { Key = meter.Key with { KeyExpiry = new KeyExpiryNumber(80) } }, CancellationToken.None);
        Assert.Equal("key-expired", await shop.DeclineCode(Shop.Order(1)));
    }

    [Fact]
    public async Task Trial_OfAnyAmount_IsWhatTheSaleGives()
    {
        using Shop shop = await Shop.OpenAsync();
        int id = 0;
        await Gen.Int[100, 60_000].SampleAsync(
            async minor =>
            {
                PlaceOrder order = Shop.Order(Interlocked.Increment(ref id)) with { Amount = new Money(minor, Currency.Cny) };
                shop.Clock.Advance(TimeSpan.FromMinutes(1));
                SaleTerms trial = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(order)).Terms;
                OrderReceipt sale = Assert.IsType<OrderOutcome.Issued>(await shop.Place(order)).Receipt;
                Assert.Equal((trial.TenthsGranted, trial.UnitsAsked, trial.RoundingMinorUnits), (sale.TenthsGranted, sale.UnitsAsked, sale.RoundingMinorUnits));
                Assert.Equal(trial.Lines.Select(l => l.MinorUnits), sale.Lines.Select(l => l.MinorUnits));
            },
            iter: 40,
            threads: 1);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Trial_LeavesNoTrace()
    {
        using Shop shop = await Shop.OpenAsync();
        shop.Desk.Trial(Shop.Order(1));
        Assert.Null(shop.Desk.Find(Shop.Id(1)));
        Assert.Equal("unknown-meter", Assert.IsType<TrialOutcome.Declined>(shop.Desk.Trial(Shop.Order(1, pan: MeterPan.Parse("000001000000000082")))).Code);
    }

    [Fact]
    public async Task MarkCredited_WithTheMetersAnswer_MovesTheUnitsOnce()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        TokenIdentifier tid = shop.Desk.Find(Shop.Id(1))!.Tid!.Value;
        var proof = new CreditProof(CreditProofKind.Accepted, tid, shop.Clock.GetUtcNow().AddMinutes(2), "af31");
        Assert.True(await shop.Desk.MarkDeliveredAsync(Shop.Id(1), CancellationToken.None));
        Assert.Null(await shop.Desk.MarkCreditedAsync(Shop.Id(1), proof, CancellationToken.None));
        Assert.Null(await shop.Desk.MarkCreditedAsync(Shop.Id(1), proof with { Kind = CreditProofKind.AlreadyUsed }, CancellationToken.None));

        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        Assert.Equal((OrderState.Credited, proof), (order.State, order.Proof));
        Assert.Equal((0, 811), (shop.Balance("units:issued:" + Shop.Pan), shop.Balance("units:accepted:" + Shop.Pan)));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task MarkCredited_WithTheAnswerToAnotherToken_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        var proof = new CreditProof(CreditProofKind.Accepted, TokenIdentifier.FromMinutes(5), shop.Clock.GetUtcNow(), "af31");
        Assert.Equal("proof-mismatch", await shop.Desk.MarkCreditedAsync(Shop.Id(1), proof, CancellationToken.None));
        Assert.Equal("unknown-purchase", await shop.Desk.MarkCreditedAsync(Shop.Id(9), proof, CancellationToken.None));
        Assert.False(await shop.Desk.MarkDeliveredAsync(Shop.Id(9), CancellationToken.None));
    }

    [Fact]
    public async Task Reverse_AnIssuedToken_IsRefusedBecauseANumberCannotBeCalledBack()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        Assert.Equal("token-already-issued", Assert.IsType<ReversalOutcome.Refused>(await shop.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None)).Code);
        Assert.Equal(5_000, shop.Balance("clearing:wechat"));
    }

    [Fact]
    public async Task OrdersOf_AMeter_AreNewestFirst()
    {
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        await shop.Buy(4, pan: Shop.OtherPan);
        Assert.Equal([Shop.Id(3), Shop.Id(2)], shop.Desk.OrdersOf(Shop.Pan, 2).Select(o => o.Id));
    }

    [Fact]
    public async Task Receipt_WithDevelopmentKeys_SaysSo()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderReceipt receipt = (await shop.Buy(1)).Receipt;
        Assert.Equal(OrderReceipt.DevelopmentWatermark, receipt.Watermark);
        Assert.Equal(receipt.AmountMinorUnits, receipt.Lines.Sum(l => l.MinorUnits));
    }

    [Theory]
    [InlineData(OrderState.Held)]
    [InlineData(OrderState.Posted)]
    [InlineData(OrderState.Delivered)]
    public async Task InState_OfUnfinishedOrders_ReadsNoFinishedOnes(OrderState state)
    {
        using Shop shop = await Shop.OpenAsync();
        IReadOnlyList<string> plan = shop.House.Database.Read(s => s.Query(
            "EXPLAIN QUERY PLAN " + Latchkey.Storage.Vending.SqliteVendingStore.QueryFor(state), row => row.GetString(3), (int)state, 10, null));
        Assert.Contains("vend_order_open", plan[0]);
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InState_FollowsAnOrderThroughItsLife()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.Buy(2);
        await shop.Desk.MarkDeliveredAsync(Shop.Id(1), CancellationToken.None);
        Assert.Equal(Shop.Id(2), Assert.Single(shop.House.Store.InState(OrderState.Posted, 10)).Id);
        Assert.Equal(Shop.Id(1), Assert.Single(shop.House.Store.InState(OrderState.Delivered, 10)).Id);
        Assert.Empty(shop.House.Store.InState(OrderState.Credited, 10));
    }

    [Fact]
    public async Task InState_AfterAnOrder_GoesOnBehindItEvenWhenThatOneHasMovedOn()
    {
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= 4; i++) await shop.Buy(i);
        await shop.Desk.MarkDeliveredAsync(Shop.Id(2), CancellationToken.None);
        Assert.Equal([Shop.Id(3), Shop.Id(4)], shop.House.Store.InState(OrderState.Posted, 10, Shop.Id(2)).Select(o => o.Id));
        Assert.Empty(shop.House.Store.InState(OrderState.Posted, 10, Shop.Id(4)));
    }
}
