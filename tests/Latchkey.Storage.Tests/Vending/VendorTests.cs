using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A vendor's day over the real books: deposits, sales, shifts, commission, the bank.</summary>
public sealed class VendorTests : IAsyncLifetime
{
    private static readonly Vendor Kiosk = new(
        "shop-7", "Kiosk at the gate", Currency.Cny, 1, 1_000_000, IsBlocked: false,
        [new CommissionScheme(new DateOnly(2026, 1, 1), SharePpm: 15_000, PerKilowattHour: 0, PerSale: 0, Tiers: [])]);

    private Shop _shop = null!;
    private SqliteVendorStore _store = null!;
    private VendorDesk _desk = null!;
    private VendorBank _bank = null!;
    private int _orders;

    public async ValueTask InitializeAsync()
    {
        _shop = await Shop.OpenAsync();
        _store = new SqliteVendorStore(_shop.House.Database);
        _desk = new VendorDesk(_store, _shop.House.Ledger, _shop.Desk, Shop.Options, _shop.Clock);
        _bank = _shop.House.VendorBank;
        Done(await _desk.SaveAsync(Kiosk, CancellationToken.None));
    }

    public ValueTask DisposeAsync()
    {
        _shop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Deposit_WithASlipsReference_RaisesTheFloatOnce()
    {
        BankLine line = await LineAsync("B1", 50_000);
        Assert.Equal([BankMatch.Matched, BankMatch.AlreadyRead], await _bank.ImportAsync([line, line], CancellationToken.None));
        Assert.Equal([BankMatch.AlreadyRead], await _bank.ImportAsync([line], CancellationToken.None));
        Assert.Equal(50_000, Float());
    }

    [Fact]
    public async Task Deposit_WithAnotherLineOfTheSameNumber_IsRefused()
    {
        BankLine line = await LineAsync("B1", 50_000);
        await _bank.ImportAsync([line], CancellationToken.None);
        Assert.Equal([BankMatch.IdReused], await _bank.ImportAsync([line with { Amount = Yuan(1) }], CancellationToken.None));
        Assert.Equal(50_000, Float());
    }

    [Fact]
    public async Task Deposit_WithoutASlip_WaitsForTwoPeople()
    {
        Assert.Equal([BankMatch.Unmatched], await _bank.ImportAsync([new BankLine("B2", new DateOnly(2026, 11, 22), "thank you", Yuan(30_000))], CancellationToken.None));
        Assert.Equal(0, Float());
        ApprovalEffect give = ActEffects.BankLine(_store.FindLine("B2")!.Line, "shop-7");
        await _shop.Ask(30, give, ApprovalPerson.AtMachine("root", "Ann"));
        Assert.Equal(VendingCodes.ApprovalSamePerson, Insiders.CodeOf(await _shop.House.Acts.ApproveAsync(Shop.Id(30), ApprovalPerson.AtMachine("root", "Bo"), CancellationToken.None)));
        Assert.Equal(0, Float());
        Assert.IsType<ApprovalOutcome.Done>(await _shop.House.Acts.ApproveAsync(Shop.Id(30), Insiders.Bo, CancellationToken.None));
        Assert.Equal(30_000, Float());
        Assert.Equal(VendorCodes.Invalid, Insiders.CodeOf(await _shop.Act(31, give)));
        Assert.Equal(0, Net("suspense:bank-cny"));
    }

    [Fact]
    public async Task Sale_BeyondTheFloat_IsDeclined()
    {
        await DepositAsync(6_000);
        Assert.IsType<OrderOutcome.Issued>(await SellAsync(5_000, "Wang"));
        Assert.Equal(VendingCodes.InsufficientFunds, Assert.IsType<OrderOutcome.Declined>(await SellAsync(5_000, "Wang")).Code);
        Assert.Equal(1_000, Float());
    }

    [Fact]
    public async Task Sale_OfABlockedVendor_IsDeclined()
    {
        Done(await _desk.SaveAsync(Kiosk with { Code = "kiosk-9" }, CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await _shop.Act(5, ActEffects.CreditNote("kiosk-9", Yuan(9_000), out _)!));
        Assert.IsType<OrderOutcome.Issued>(await _shop.Desk.PlaceAsync(new PlaceOrder(new Guid(71, 0, 0, new byte[8]), Shop.Pan, Yuan(1_000), "kiosk-9"), CancellationToken.None));
        Done(await _desk.SaveAsync(Kiosk with { Code = "kiosk-9", IsBlocked = true }, CancellationToken.None));
        Assert.Equal(
            VendingCodes.UnknownChannel,
            Assert.IsType<OrderOutcome.Declined>(await _shop.Desk.PlaceAsync(new PlaceOrder(new Guid(72, 0, 0, new byte[8]), Shop.Pan, Yuan(1_000), "kiosk-9"), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task CloseShift_CountsTheSalesOfItsPeople_AndNoneTwice()
    {
        await DepositAsync(100_000);
        Done(await _desk.OpenAsync("shop-7", BatchKind.Shift, "Wang", CancellationToken.None));
        await SellAsync(5_000, "Wang");
        await SellAsync(3_000, "Li");
        BatchTotals first = Done(await _desk.CloseAsync("shop-7", BatchKind.Shift, CancellationToken.None)).Totals!;
        Done(await _desk.OpenAsync("shop-7", BatchKind.Shift, "Li", CancellationToken.None));
        await SellAsync(2_000, "Li");
        BatchTotals second = Done(await _desk.CloseAsync("shop-7", BatchKind.Shift, CancellationToken.None)).Totals!;

        Assert.Equal((2, 8_000L, 100_000L), (first.Sales.Count, first.Sales.MinorUnits, first.Deposits));
        Assert.Equal((5_000L, 3_000L), (first.ByOperator["Wang"].MinorUnits, first.ByOperator["Li"].MinorUnits));
        Assert.Equal((1, 2_000L, 0L), (second.Sales.Count, second.Sales.MinorUnits, second.Deposits));
        Assert.Equal(10_000, Done(_desk.Total("shop-7", BatchKind.Sales)).Sales.MinorUnits);
    }

    [Fact]
    public async Task CloseShift_WithACountedDrawer_KeepsTheDifference()
    {
        await DepositAsync(100_000);
        Done(await _desk.SaveAsync(Kiosk with { Coin = 10 }, CancellationToken.None));
        Done(await _desk.OpenShiftAsync("shop-7", "Wang", "till-1", Yuan(2_000), CancellationToken.None));
        await SellAsync(5_003, "Wang", SaleTender.Cash(Yuan(5_003), tendered: 6_000, coin: 10));
        await SellAsync(1_000, "Wang", new SaleTender(TenderKind.Card, 1_000));
        VendorBatch shift = Done(await _desk.CloseShiftAsync("shop-7", "Wang", Yuan(6_950), CancellationToken.None));
        Assert.Equal((5_000L, 5_003L, 1_000L), (shift.Totals!.Cash, shift.Totals.ByTender!["cash"].MinorUnits, shift.Totals.ByTender["card"].MinorUnits));
        Assert.Equal((7_000L, -50L, "Wang"), (shift.ExpectedCash(shift.Totals)!.Value, shift.CashDifference!.Value, shift.ClosedBy));
        VendorBatch kept = _store.Batches("shop-7", BatchKind.Shift, 1)[0];
        Assert.Equal("till-1", kept.Till);
        Assert.Equal((2_000L, 6_950L, -50L), (kept.OpeningCash!.Value, kept.CountedCash!.Value, kept.CashDifference!.Value));
    }

    [Fact]
    public async Task CloseShift_OfSomebodyElse_IsRefused()
    {
        Done(await _desk.OpenShiftAsync("shop-7", "Wang", "till-1", Yuan(0), CancellationToken.None));
        Assert.Equal(VendorCodes.OthersShift, Refusal(await _desk.CloseShiftAsync("shop-7", "Li", Yuan(0), CancellationToken.None)));
        Assert.Equal(VendorCodes.Invalid, Refusal(await _desk.CloseShiftAsync("shop-7", "Wang", Yuan(-1), CancellationToken.None)));
        Assert.Equal(VendorCodes.Invalid, Refusal(await _desk.CloseShiftAsync("shop-7", "Wang", new Money(0, Currency.Zar), CancellationToken.None)));
        Assert.NotNull(_store.OpenBatch("shop-7", BatchKind.Shift));
    }

    [Fact]
    public async Task Sale_WithATender_IsKeptWithIt_AndTheSameIdWithAnotherIsRefused()
    {
        Done(await _desk.SaveAsync(Kiosk with { Code = "kiosk-9" }, CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await _shop.Act(5, ActEffects.CreditNote("kiosk-9", Yuan(9_000), out _)!));
        var cash = SaleTender.Cash(Yuan(5_003), tendered: 6_000, coin: 5);
        var order = new PlaceOrder(new Guid(81, 0, 0, new byte[8]), Shop.Pan, Yuan(5_003), "kiosk-9", Operator: "Wang", Terminal: "till-1", Tender: cash);
        OrderReceipt receipt = Assert.IsType<OrderOutcome.Issued>(await _shop.Desk.PlaceAsync(order, CancellationToken.None)).Receipt;
        Assert.Equal(("Kiosk at the gate", "till-1", "cash", 6_000L, 3L), (receipt.Vendor, receipt.Terminal, receipt.Tender, receipt.TenderedMinorUnits!.Value, receipt.CashRoundingMinorUnits!.Value));
        Assert.Equal(order, _shop.Desk.Find(order.OrderId)!.Command);
        Assert.IsType<OrderOutcome.IdReused>(await _shop.Desk.PlaceAsync(order with { Tender = cash with { TenderedMinorUnits = 7_000 } }, CancellationToken.None));
        Assert.Equal(
            VendingCodes.TenderWrong,
            Assert.IsType<OrderOutcome.Declined>(await _shop.Desk.PlaceAsync(order with { OrderId = new Guid(82, 0, 0, new byte[8]), Tender = cash with { TenderedMinorUnits = 10 } }, CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Total_AfterASaleWasTakenBack_CountsItBack()
    {
        await DepositAsync(100_000);
        Done(await _desk.OpenShiftAsync("shop-7", "Wang", "till-1", Yuan(0), CancellationToken.None));
        var order = Assert.IsType<OrderOutcome.Issued>(await SellAsync(5_000, "Wang", SaleTender.Cash(Yuan(5_000), 5_000, 1))).Receipt;
        VendOrder sold = _shop.Desk.Find(order.OrderId)!;
        var proof = new UnusedProof(UnusedReason.RefusedAsOld, sold.Tid!.Value, _shop.Clock.GetUtcNow(), "0123abcd");
        Assert.IsType<ReversalOutcome.Reversed>(await _shop.House.Cancellations.CancelAsync(order.OrderId, proof, CancellationToken.None));
        BatchTotals totals = Done(_desk.Total("shop-7", BatchKind.Shift));
        Assert.Equal((0, 0L, 0L, 0L), (totals.Sales.Count, totals.Sales.MinorUnits, totals.Cash, totals.OtherMinorUnits));
    }

    [Fact]
    public async Task Reprint_ByManyAtOnce_NumbersEachOnce()
    {
        Guid order = new(83, 0, 0, new byte[8]);
        Reprint?[] copies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _shop.House.Reprints.AddAsync(order, "Wang", _shop.Clock.GetUtcNow(), CancellationToken.None)));
        Assert.Equal(Enumerable.Range(1, 20), copies.Select(c => c!.Number).Order());
        Assert.Equal(copies.OrderBy(c => c!.Number), _shop.House.Reprints.Of(order));
    }

    [Fact]
    public async Task CloseSales_AccruesCommissionAndCarriesTheRest()
    {
        await DepositAsync(100_000);
        // 1.5 % of 4,433 is 66.495; of 4,467 is 67.005; together 133.5.
        foreach ((long sale, long commission) in new[] { (4_433L, 66L), (4_467L, 67L) })
        {
            Done(await _desk.OpenAsync("shop-7", BatchKind.Sales, "Wang", CancellationToken.None));
            Assert.IsType<OrderOutcome.Issued>(await SellAsync(sale, "Wang"));
            Assert.Equal(commission, _desk.CommissionSoFar("shop-7"));
            Assert.Equal(commission, Done(await _desk.CloseAsync("shop-7", BatchKind.Sales, CancellationToken.None)).Commission);
        }

        Assert.Equal(-133, Net("commission:shop-7"));
        Assert.Equal(CommissionScheme.StepsPerMinorUnit / 2, _store.Find("shop-7")!.Remainder);
    }

    [Fact]
    public async Task PayCommission_MoreThanEarned_IsRefused_AndTheSameTwiceIsOnce()
    {
        await DepositAsync(100_000);
        Done(await _desk.OpenAsync("shop-7", BatchKind.Sales, "Wang", CancellationToken.None));
        await SellAsync(10_000, "Wang");
        Done(await _desk.CloseAsync("shop-7", BatchKind.Sales, CancellationToken.None));
        Guid id = new(1, 2, 3, new byte[8]);
        Assert.Equal(VendorCodes.NotEnoughEarned, Refusal(await _bank.PayCommissionAsync(new Guid(9, 9, 9, new byte[8]), "shop-7", Yuan(151), CancellationToken.None)));
        Done(await _bank.PayCommissionAsync(id, "shop-7", Yuan(150), CancellationToken.None));
        Done(await _bank.PayCommissionAsync(id, "shop-7", Yuan(150), CancellationToken.None));
        Assert.Equal(90_150, Float());
        Assert.Equal(VendingCodes.OrderIdReused, Refusal(await _bank.PayCommissionAsync(id, "shop-7", Yuan(1), CancellationToken.None)));
    }

    [Fact]
    public async Task CreditNote_OfOnePerson_IsRefused()
    {
        ApprovalEffect note = ActEffects.CreditNote("shop-7", Yuan(100), out _)!;
        Assert.Equal(VendingCodes.ApprovalSamePerson, Insiders.CodeOf(await _shop.House.Acts.AskAndApproveAsync(Shop.Id(1), note, "goodwill", Insiders.Ann, Insiders.Ann, CancellationToken.None)));
        Assert.Equal(ApprovalState.Refused, _shop.House.Approvals.Find(Shop.Id(1))!.State);
        Assert.Equal(0, Float());
    }

    [Fact]
    public async Task EndDay_ClosesAllAndWritesASlip()
    {
        await DepositAsync(100_000);
        Done(await _desk.OpenAsync("shop-7", BatchKind.Shift, "Wang", CancellationToken.None));
        await SellAsync(5_000, "Wang");
        DepositSlip slip = Done(await _desk.EndDayAsync("shop-7", Yuan(5_000), CancellationToken.None));
        Assert.True(DepositSlip.IsWellFormed(slip.Reference));
        Assert.Equal(1, slip.BankingBatch);
        Assert.All([BatchKind.Shift, BatchKind.Sales, BatchKind.Banking], kind => Assert.Null(_store.OpenBatch("shop-7", kind)));
        Assert.Equal(5_000, _store.Batches("shop-7", BatchKind.Banking, 1)[0].Totals!.Sales.MinorUnits);
    }

    [Fact]
    public async Task Close_OfTheOuterBatchFirst_IsRefused()
    {
        Done(await _desk.OpenAsync("shop-7", BatchKind.Shift, "Wang", CancellationToken.None));
        Assert.Equal(VendorCodes.InnerBatchOpen, Refusal(await _desk.CloseAsync("shop-7", BatchKind.Sales, CancellationToken.None)));
    }

    // The program dies after a step is saved and before its movement is posted.
    [Fact]
    public async Task Resume_AfterADeathBeforeTheMovement_BooksItOnce()
    {
        BankLine line = await LineAsync("B9", 40_000);
        await _store.SaveAsync(new VendorChanges { Lines = [new BankLineRecord(line, "shop-7", null)] }, CancellationToken.None);
        Assert.Equal(0, Float());
        await _bank.ResumeAsync(CancellationToken.None);
        await _bank.ResumeAsync(CancellationToken.None);
        Assert.Equal(40_000, Float());
        Assert.Equal([BankMatch.AlreadyRead], await _bank.ImportAsync([line], CancellationToken.None));
        Assert.Equal(40_000, Float());
    }

    [Fact]
    public async Task Resume_AfterADeathBeforeTheCommission_BooksItOnce()
    {
        VendorBatch closed = new("shop-7", BatchKind.Sales, 1, "Wang", _shop.Clock.GetUtcNow(), 0, _shop.Clock.GetUtcNow(), 0, new BatchTotals(SalesSum.Zero, new Dictionary<string, SalesSum>(), 0, 0), 75, IsBooked: false);
        await _store.SaveAsync(new VendorChanges { Batches = [closed] }, CancellationToken.None);
        await _desk.ResumeAsync(CancellationToken.None);
        await _desk.ResumeAsync(CancellationToken.None);
        Assert.Equal(-75, Net("commission:shop-7"));
        Assert.Empty(_store.Unbooked(10));
    }

    [Fact]
    public async Task Save_BasedOnAnOlderState_IsRefused()
    {
        Vendor old = _store.Find("shop-7")!;
        Assert.True(await _store.SaveAsync(new VendorChanges { Vendors = [old with { Name = "A" }] }, CancellationToken.None));
        Assert.False(await _store.SaveAsync(new VendorChanges { Vendors = [old with { Name = "B" }] }, CancellationToken.None));
    }

    private async Task DepositAsync(long fen) => await _bank.ImportAsync([await LineAsync("D" + fen, fen)], CancellationToken.None);

    private async Task<BankLine> LineAsync(string id, long fen) =>
        new(id, new DateOnly(2026, 11, 22), " " + Done(await _desk.WriteSlipAsync("shop-7", Yuan(fen), null, CancellationToken.None)).Reference.ToLowerInvariant(), Yuan(fen));

    private Task<OrderOutcome> SellAsync(long fen, string person, SaleTender? tender = null) => _shop.Desk.PlaceAsync(
        new PlaceOrder(new Guid(++_orders, 0, 0, new byte[8]), Shop.Pan, Yuan(fen), "shop-7", Operator: person, Tender: tender), CancellationToken.None);

    private long Float() => -Net("float:shop-7");

    private long Net(string account) => (long)(_shop.House.Ledger.FindAccount(AccountId.Require(account))?.Balance.Net ?? 0);

    private static Money Yuan(long fen) => new(fen, Currency.Cny);

    private static T Done<T>(VendorOutcome<T> outcome) => Assert.IsType<VendorOutcome<T>.Done>(outcome).Value;

    private static string Refusal<T>(VendorOutcome<T> outcome) => Assert.IsType<VendorOutcome<T>.Refused>(outcome).Code;
}
