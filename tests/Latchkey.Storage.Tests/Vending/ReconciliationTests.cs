using Latchkey.Ledger;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Quantities;
using Latchkey.Storage.Payments;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>What a compromised caller can do although every entry is right in itself, and what must be named beside honest business, which must not.</summary>
public sealed class ReconciliationTests
{
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    private static readonly AccountId Float = AccountId.Require("float:shop-7");

    [Fact]
    public async Task Caller_WhoHoldsWhatNobodyPaid_GetsATokenThatTheNextRunNames()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.AssertBooksAgree(); // every book is right in itself: that is the attack
        ReconciliationItem item = Assert.Single(await Run(shop));
        Assert.Equal((ReconciliationKind.Tender, FindingCodes.TokenWithoutTender, "order " + Shop.Id(1)), (item.Finding.Kind, item.Finding.Code, item.Finding.Subject));
        Assert.Equal((5_000, "security"), (item.Finding.Amount, item.Owner));
    }

    [Fact]
    public async Task Order_WhosePaymentItsProviderConfirmed_IsNotNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        await shop.Buy(1);
        Assert.Empty(await Run(shop));
    }

    [Theory]
    [InlineData(1_000, PaymentState.Paid, 0, FindingCodes.TenderDiffers)]
    [InlineData(5_000, PaymentState.Pending, 0, FindingCodes.TokenWithoutTender)]
    [InlineData(5_000, PaymentState.Failed, 0, FindingCodes.TokenWithoutTender)]
    [InlineData(5_000, PaymentState.Refunded, 5_000, FindingCodes.TokenAfterRefund)]
    [InlineData(5_000, PaymentState.Paid, 10, FindingCodes.TokenAfterRefund)]
    public async Task Order_WhosePaymentIsNotWhole_IsNamed(long paid, PaymentState state, long refunded, string code)
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, paid, state, refunded);
        await shop.Buy(1);
        Assert.Equal(code, Assert.Single(await Run(shop)).Finding.Code);
    }

    [Fact]
    public async Task Order_OnAChannelThatSettlesByFile_IsNamedWhenItsTimeIsOverAndClearedByTheFile()
    {
        using Shop shop = await Shop.OpenAsync();
        ReconciliationOptions byFile = new() { Providers = new Dictionary<string, string>() };
        await shop.Buy(1);
        shop.Clock.Advance(TimeSpan.FromHours(20));
        Assert.Empty(await Run(shop, byFile));
        shop.Clock.Advance(TimeSpan.FromHours(5));
        ReconciliationItem item = Assert.Single(await Run(shop, byFile));
        Assert.Equal((FindingCodes.TokenWithoutTender, 1), (item.Finding.Code, item.AgeDays(shop.Clock.GetUtcNow())));
        Assert.Equal(1, await shop.House.Papers.KeepAsync(File(Line(1)), CancellationToken.None));
        Assert.Empty(await Run(shop, byFile));
        Assert.Equal(FindingState.Cleared, shop.House.Papers.Find(item.Number)!.State);
    }

    [Fact]
    public async Task SettlementFile_AgainstTheBooks_NamesBothDirections()
    {
        using Shop shop = await Shop.OpenAsync();
        ReconciliationOptions byFile = new() { Providers = new Dictionary<string, string>() };
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        shop.Clock.Advance(TimeSpan.FromHours(12));
        await shop.House.Papers.KeepAsync(File(Line(1), Line(2) with { Amount = new Money(4_900, Currency.Cny) }, Line(9), Line(8), Line(8) with { Kind = SettlementKind.Refund }), CancellationToken.None);
        Assert.Equal(
            [$"not-in-settlement order {Shop.Id(3)}", "paid-without-token wechat pay-9", $"tender-differs order {Shop.Id(2)}"],
            (await Run(shop, byFile)).Select(i => i.Finding.Code + " " + i.Finding.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Caller_WhoWritesADepositThatTheBankDoesNotKnow_IsNamed()
    {
        using Shop shop = await Vendor();
        Assert.Equal([BankMatch.Matched], await shop.House.VendorBank.ImportAsync([await Money(shop, "L1", 9_000)], CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(40, ActEffects.CreditNote("shop-7", new Money(300, Currency.Cny), out _)!));
        Assert.Empty(await Run(shop));

        await Post(shop, 50, "deposit L1 again", VendorBankAccount, Float, 700);
        await Post(shop, 51, "deposit L2 forged", VendorBankAccount, Float, 800);
        IReadOnlyList<ReconciliationItem> found = await Run(shop);
        Assert.Equal(2, found.Count(i => i.Finding.Code == FindingCodes.FloatUnbacked));
        Assert.Equal([700, 800], found.Where(i => i.Finding.Code == FindingCodes.FloatUnbacked).Select(i => i.Finding.Amount!.Value).Order());
        Assert.Single(found, i => i.Finding.Code == FindingCodes.BankDiffers);
    }

    [Fact]
    public async Task Slip_WhoseMoneyDoesNotCome_AndMoneyNobodyKnows_Age()
    {
        using Shop shop = await Vendor();
        await shop.House.VendorDesk.WriteSlipAsync("shop-7", new Money(4_000, Currency.Cny), null, CancellationToken.None);
        await shop.House.VendorBank.ImportAsync([new BankLine("L7", new DateOnly(2026, 11, 20), "no idea", new Money(70, Currency.Cny))], CancellationToken.None);
        ReconciliationItem money = Assert.Single(await Run(shop));
        Assert.Equal((FindingCodes.MoneyUnexplained, 2), (money.Finding.Code, money.AgeDays(shop.Clock.GetUtcNow())));
        shop.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Contains(await Run(shop), i => i.Finding.Code == FindingCodes.SlipUnpaid);
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(41, ActEffects.BankLine(shop.House.Vendors.FindLine("L7")!.Line, "shop-7")));
        Assert.DoesNotContain(await Run(shop), i => i.Finding.Code is FindingCodes.MoneyUnexplained or FindingCodes.FloatUnbacked);
    }

    [Fact]
    public async Task Caller_WhoKeepsTheTokenAndNeverSettles_IsNamedAfterAQuarterOfAnHour()
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        var cut = new Cut(2, After: true);
        await Assert.ThrowsAsync<PowerCutException>(() => new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock)
            .PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Empty(await Run(shop));
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(FindingCodes.TokenUnsettled, Assert.Single(await Run(shop)).Finding.Code);
        await shop.Desk.RecoverAsync(CancellationToken.None);
        Assert.Empty(await Run(shop));
    }

    [Fact]
    public async Task Caller_WhoDatesAHoldInTheFuture_IsNamedAllTheSame()
    {
        using Shop shop = await Shop.OpenAsync();
        var cut = new Cut(2, After: false);
        shop.Clock.Advance(TimeSpan.FromDays(9));
        await Assert.ThrowsAsync<PowerCutException>(() => new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock)
            .PlaceAsync(Shop.Order(1), CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromDays(-9));
        Assert.Equal(FindingCodes.HoldUnended, Assert.Single(await Run(shop)).Finding.Code);
    }

    [Fact]
    public async Task Caller_WhoHoldsWithoutAnOrder_IsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        await shop.Buy(1);
        Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(
            JournalEntry.Hold(Shop.Id(60), shop.Clock.GetUtcNow(), "order x", null, Posting.Debit(AccountId.Require("clearing:wechat"), Cny, 44), Posting.Credit(AccountId.Require("revenue:energy"), Cny, 44)),
            CancellationToken.None));
        ReconciliationItem item = Assert.Single(await Run(shop));
        Assert.Equal((FindingCodes.HoldsWithoutOrder, 44, "clearing:wechat"), (item.Finding.Code, item.Finding.Amount, item.Finding.Subject));
    }

    [Fact]
    public async Task Caller_WhoPaysASaleBackAndKeepsTheToken_IsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        await shop.Buy(1);
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        JournalEntry settled = shop.House.Ledger.FindConclusion(order.HoldId)!.Entry;
        await shop.House.Ledger.PostAsync(JournalEntry.Reverse(Shop.Id(61), shop.Clock.GetUtcNow(), settled, $"order {order.Id} sorry"), CancellationToken.None);
        Assert.Equal(FindingCodes.ReversedWithToken, Assert.Single(await Run(shop)).Finding.Code);
    }

    [Fact]
    public async Task DatabaseWriter_WhoMovesAnOrderToAnotherChannel_IsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_order SET channel = 'shop-7'"), CancellationToken.None);
        Assert.Contains(await Run(shop), i => i.Finding.Code == FindingCodes.PayerDiffers);
    }

    [Fact]
    public async Task Caller_WhoThrowsOrdersAway_IsTheSignersFinding()
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        await shop.Buy(1);
        shop.Restart();
        await shop.House.Database.WriteAsync(s => s.Execute("DELETE FROM vend_order"), CancellationToken.None);
        Assert.Contains(await Run(shop), i => i.Finding.Kind == ReconciliationKind.TokensSigner && i.Finding.Problem.Contains("no order"));
    }

    [Theory]
    [InlineData(0, 0, 0, null)]
    [InlineData(1, 0, 0, FindingCodes.AcceptedNotSold)]
    [InlineData(-1, 0, 0, FindingCodes.AcceptedNotProven)]
    [InlineData(0, 1, 0, FindingCodes.ConsumedAboveAccepted)]
    [InlineData(-1, 0, 1, FindingCodes.MeterBelowLedger)]
    public async Task Meter_AgainstTheUnitLedger_IsNamedWhereItDiffers(long more, long consumedMore, int proven, string? code)
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        await shop.Buy(1);
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        if (proven == 1 || code is null or FindingCodes.ConsumedAboveAccepted)
            await shop.Desk.MarkCreditedAsync(order.Id, new CreditProof(CreditProofKind.Accepted, order.Tid!.Value, shop.Clock.GetUtcNow(), "x"), CancellationToken.None);
        long accepted = order.Terms!.TenthsGranted + more;
        await shop.House.Papers.KeepAsync([new MeterTotals(Shop.Pan, accepted, accepted + consumedMore, shop.Clock.GetUtcNow())], CancellationToken.None);
        Assert.Equal(code, (await Run(shop)).SingleOrDefault()?.Finding.Code);
    }

    [Fact]
    public async Task Finding_FromRunToRun_KeepsItsOwnerIsExplainedClearedAndComesBackAsNew()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        ReconciliationDesk desk = shop.House.Reconciliation;
        ReconciliationRun first = await desk.RunAsync(CancellationToken.None);
        Assert.Equal((1, 1, 0, 1), (first.Found, first.New, first.Cleared, first.Open));
        int number = Assert.Single(desk.List(null, false, 10)).Number;
        Assert.Null(await desk.AssignAsync(number, "Chen", CancellationToken.None));
        Assert.Null(await desk.ExplainAsync(number, "test purchase of the integrator", "Chen", CancellationToken.None));
        Assert.NotNull(await desk.AssignAsync(99, "Chen", CancellationToken.None));
        Assert.NotNull(await desk.ExplainAsync(number, "", "Chen", CancellationToken.None));

        ReconciliationRun second = await desk.RunAsync(CancellationToken.None);
        Assert.Equal((1, 0, 0, 0), (second.Found, second.New, second.Cleared, second.Open));
        ReconciliationItem item = shop.House.Papers.Find(number)!;
        Assert.Equal((FindingState.Explained, "Chen"), (item.State, item.Owner));

        await Pay(shop, 1, 5_000);
        Assert.Equal(1, (await desk.RunAsync(CancellationToken.None)).Cleared);
        Assert.Empty(desk.List(null, false, 10));
        Assert.NotNull(await desk.ExplainAsync(number, "again", "Chen", CancellationToken.None));

        await shop.House.Database.WriteAsync(s => s.Execute("DELETE FROM pay_payment"), CancellationToken.None);
        Assert.Equal(1, (await desk.RunAsync(CancellationToken.None)).New);
        Assert.Equal(FindingState.Open, shop.House.Papers.Find(number)!.State);
    }

    [Fact]
    public async Task Finding_OfAKindThatWasNotSeenWhole_IsNotCleared()
    {
        using Shop shop = await Shop.OpenAsync();
        var finding = new Finding(ReconciliationKind.Tender, FindingCodes.TokenWithoutTender, "order 1", "nobody has paid", shop.Clock.GetUtcNow());
        HashSet<ReconciliationKind> tender = [ReconciliationKind.Tender], others = [ReconciliationKind.FloatBank];
        await shop.House.Papers.KeepAsync(tender, [finding], _ => "Chen", shop.Clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((0, 1), (await shop.House.Papers.KeepAsync(others, [], _ => "Chen", shop.Clock.GetUtcNow(), CancellationToken.None)) is var run ? (run.Cleared, run.Open) : default);
        Assert.Equal(1, (await shop.House.Papers.KeepAsync(tender, [], _ => "Chen", shop.Clock.GetUtcNow(), CancellationToken.None)).Cleared);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(4, FindingCodes.PaidWithoutToken)]
    public async Task Payment_ThatBoughtNothing_IsNamedWhenItsTimeIsOver(int hours, string? code)
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        shop.Clock.Advance(TimeSpan.FromHours(hours));
        Finding? found = (await Run(shop)).SingleOrDefault()?.Finding;
        Assert.Equal(code, found?.Code);
        if (code is not null) Assert.Equal((ReconciliationKind.Settlement, "wechat pay-1", 5_000L), (found!.Kind, found.Subject, found.Amount));
    }

    [Theory]
    [InlineData(RefundState.Succeeded, 100, null)]
    [InlineData(RefundState.Requested, 24, null)]
    [InlineData(RefundState.Requested, 80, FindingCodes.RefundNotPaid)]
    [InlineData(RefundState.Processing, 24, null)]
    [InlineData(RefundState.Processing, 80, FindingCodes.RefundNotPaid)]
    [InlineData(RefundState.Closed, 1, FindingCodes.RefundNotPaid)]
    [InlineData(RefundState.Abnormal, 1, FindingCodes.RefundNotPaid)]
    public async Task Refund_ThatDoesNotArrive_IsNamed(RefundState state, int hours, string? code)
    {
        using Shop shop = await Shop.OpenAsync();
        await Pay(shop, 1, 5_000);
        var store = new SqlitePaymentStore(shop.House.Database);
        var number = OutTradeNo.FromOrder(Shop.Id(1));
        var request = new RefundRequest(number, number, new Money(5_000, Currency.Cny), "could not be completed");
        Refund asked = Assert.IsType<Latchkey.Payments.Store.AddRefundOutcome.Added>(await store.AddRefundAsync(request, shop.Clock.GetUtcNow(), CancellationToken.None)).Refund;
        if (state != RefundState.Requested) await store.SaveRefundAsync(asked with { State = state, SucceededAt = state == RefundState.Succeeded ? shop.Clock.GetUtcNow() : null }, CancellationToken.None);
        shop.Clock.Advance(TimeSpan.FromHours(hours));
        Assert.Equal(code, (await Run(shop)).SingleOrDefault()?.Finding.Code);
    }

    private static readonly AccountId VendorBankAccount = AccountId.Require("bank:cny");

    private static async Task<IReadOnlyList<ReconciliationItem>> Run(Shop shop, ReconciliationOptions? options = null)
    {
        var desk = new ReconciliationDesk(
            shop.House.Papers, shop.House.Ledger, shop.House.Store, shop.House.Signer, shop.House.Vendors, shop.House.Settled, shop.House.Audit, options ?? new(), shop.Clock);
        await desk.RunAsync(CancellationToken.None);
        return desk.List(null, withCleared: false, 100);
    }

    /// <summary>The payments room's own record of what paid order <paramref name="n"/>.</summary>
    private static async Task Pay(Shop shop, int n, long amount, PaymentState state = PaymentState.Paid, long refunded = 0)
    {
        using (SqliteDatabase.Open(new SqliteDatabaseOptions(shop.Directory), shop.Clock, PaymentsSchema.Room))
        {
        }

        var store = new SqlitePaymentStore(shop.House.Database);
        DateTimeOffset now = shop.Clock.GetUtcNow();
        await store.AddAsync(
            new Payment
            {
                Provider = "wechatpay",
                Intent = new PaymentIntent(OutTradeNo.FromOrder(Shop.Id(n)), new Money(amount, Currency.Cny), PaymentMethod.Native, null, "electricity", now.AddHours(1)),
                State = state,
                CreatedAt = now,
                TransactionId = "pay-" + n,
                PaidAt = now,
                RefundedMinorUnits = refunded,
            },
            CancellationToken.None);
    }

    private static async Task<Shop> Vendor()
    {
        Shop shop = await Shop.OpenAsync();
        await shop.House.VendorDesk.SaveAsync(new Vendor("shop-7", "Corner shop", Currency.Cny, 1, 100_000, false, []), CancellationToken.None);
        return shop;
    }

    private static async Task<BankLine> Money(Shop shop, string id, long amount)
    {
        var slip = Assert.IsType<VendorOutcome<DepositSlip>.Done>(await shop.House.VendorDesk.WriteSlipAsync("shop-7", new Money(amount, Currency.Cny), null, CancellationToken.None));
        return new BankLine(id, new DateOnly(2026, 11, 22), slip.Value.Reference, slip.Value.Amount);
    }

    private static async Task Post(Shop shop, int id, string memo, AccountId from, AccountId to, long amount) => Assert.Equal(
        PostResult.Posted,
        await shop.House.Ledger.PostAsync(
            JournalEntry.Post(Shop.Id(id), shop.Clock.GetUtcNow(), memo, Posting.Debit(from, Cny, amount), Posting.Credit(to, Cny, amount)), CancellationToken.None));

    private static SettlementLine Line(int n) =>
        new("wechat", SettlementKind.Payment, "pay-" + n, new Money(5_000, Currency.Cny), 30, new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero));

    private static SettlementFile File(params SettlementLine[] lines) =>
        new("wechat", new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), lines);
}
