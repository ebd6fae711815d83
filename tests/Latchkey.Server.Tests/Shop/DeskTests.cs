using Latchkey.Quantities;
using Latchkey.Server.Portal.Books;
using Latchkey.Server.Portal.Keys;
using Latchkey.Server.Portal.Orders;
using Latchkey.Server.Portal.Tariffs;
using Latchkey.Server.Portal.Vendors;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Tests.Shop;

/// <summary>What operators find, and what takes two of them.</summary>
public sealed class DeskTests(TwoShops shops) : IClassFixture<TwoShops>
{
    [Fact]
    public async Task Search_FindsAnOrder_ByMeterIdReceiptAndPayment()
    {
        Guid id = await shops.SellAsync(TwoShops.Ann, 1_100);
        OrderLife life = shops.Get<IOrderLife>().Find(id)!;
        foreach (string text in new[] { TwoShops.Pan(0), life.Order.Command.Pan.Drn.ToString(), id.ToString("D"), life.Paper!.Number, life.Paper.Number.ToLowerInvariant() })
            Assert.Contains(shops.Get<IOrderLife>().Search(text, 50), line => line.OrderId == id);

        Guid office = Demo.DemoIds.Of("desk test office");
        await shops.World.SellAtOfficeAsync(office, Demo.DemoRoomPlan.Park[0], TwoShops.Yuan(900), CancellationToken.None);
        Assert.Equal([office], shops.Get<IOrderLife>().Search("office-" + office.ToString("N"), 50).Select(line => line.OrderId));
        Assert.Empty(shops.Get<IOrderLife>().Search("R999999999", 50));
        Assert.Empty(shops.Get<IOrderLife>().Search("  ", 50));
    }

    [Fact]
    public async Task AnOrdersLife_HasItsEntries_AndEndsWithItsCancellation()
    {
        Guid id = await shops.SellAsync(TwoShops.Ann, 1_300, room: 1);
        Money before = shops.Shop.Now(TwoShops.Ann)!.Float;
        Assert.Equal([Ledger.EntryKind.Hold, Ledger.EntryKind.Settle], shops.Get<IOrderLife>().Find(id)!.Entries.Select(e => e.Entry.Kind));
        Task<string?> GiveBack(UnusedReason? reason, string evidence, string second) => shops.Get<IOrderLife>().GiveBackAsync(id, reason, evidence, "the meter says old", "manager", second, CancellationToken.None);
        Assert.Equal(new MoneyBackLine("float", "none", CanAsk: true), await shops.Get<IOrderLife>().MoneyBackAsync(id, CancellationToken.None));
        Assert.Equal(VendingCodes.ProofMismatch, await GiveBack(UnusedReason.KeyChanged, "0123", "auditor"));
        Assert.Equal(VendingCodes.RequestMalformed, await GiveBack(UnusedReason.RefusedAsOld, "  ", "auditor"));
        Assert.Equal(VendingCodes.TokenIssued, await GiveBack(null, string.Empty, "auditor"));
        Assert.Equal(VendingCodes.ApprovalSamePerson, await GiveBack(UnusedReason.RefusedAsOld, "0123", "Manager"));
        Assert.Equal(before, shops.Shop.Now(TwoShops.Ann)!.Float);
        Assert.Null(await GiveBack(UnusedReason.RefusedAsOld, "0123", "auditor"));
        Assert.Equal(new MoneyBackLine("float", "given", CanAsk: false), await shops.Get<IOrderLife>().MoneyBackAsync(id, CancellationToken.None));
        Assert.Equal(new Api.PurchaseReturn("float", "given", 1_300), (await shops.Get<Api.IPurchases>().FindAsync(id, CancellationToken.None))!.MoneyBack);
        OrderLife after = shops.Get<IOrderLife>().Find(id)!;
        Assert.Equal(OrderState.Cancelled, after.Order.State);
        Assert.Equal([Ledger.EntryKind.Hold, Ledger.EntryKind.Settle, Ledger.EntryKind.Post, Ledger.EntryKind.Reversal], after.Entries.Select(e => e.Entry.Kind));
        Assert.Equal(TwoShops.Yuan(1_300), shops.Shop.Now(TwoShops.Ann)!.Float - before);
    }

    [Fact]
    public async Task ABlockedVendor_SellsNothing_UntilItMayAgain()
    {
        await shops.OpenAsync(TwoShops.Cy);
        var vendors = shops.Get<IVendorView>();
        Assert.Null(await vendors.BlockAsync(TwoShops.Cy.Vendor, true, CancellationToken.None));
        Assert.IsType<Portal.Shop.ShopSaleOutcome.Refused>(await shops.Shop.SellAsync(
            TwoShops.Cy, Portal.TopUps.TopUpIds.Next(), TwoShops.Pan(0), TwoShops.Yuan(1_000), new SaleTender(TenderKind.Card, 1_000), CancellationToken.None));
        Assert.Null(await vendors.BlockAsync(TwoShops.Cy.Vendor, false, CancellationToken.None));
        await shops.SellAsync(TwoShops.Cy);
        Assert.Equal(VendorCodes.Unknown, await vendors.BlockAsync("nobody", true, CancellationToken.None));
    }

    [Fact]
    public async Task MoneyInSuspense_IsGivenByTwoAlone()
    {
        var vendors = shops.Get<IVendorView>();
        BankLine line = new("DESK-1", new DateOnly(2026, 6, 1), "thank you", TwoShops.Yuan(4_200));
        Assert.Equal([BankMatch.Unmatched], await vendors.ImportAsync([line], CancellationToken.None));
        Money before = vendors.Find(TwoShops.Cy.Vendor)!.Float;
        Assert.Equal(VendingCodes.ApprovalSamePerson, await vendors.AssignAsync("DESK-1", TwoShops.Cy.Vendor, "manager", "Manager", CancellationToken.None));
        Assert.Null(await vendors.AssignAsync("DESK-1", TwoShops.Cy.Vendor, "manager", "auditor", CancellationToken.None));
        Assert.Equal(TwoShops.Yuan(4_200), vendors.Find(TwoShops.Cy.Vendor)!.Float - before);
        Assert.DoesNotContain(vendors.Suspense(100), l => l.Line.Id == "DESK-1");
    }

    [Fact]
    public async Task AKey_IsStoppedByOne_AndRaisedAndStartedByTwo()
    {
        var keys = shops.Get<IKeyView>();
        KeyLine key = (await keys.ListAsync(CancellationToken.None))![0];
        Assert.Equal(VendingCodes.ApprovalSamePerson, await keys.RaiseAsync(key.KeyId, 500, "manager", "manager", CancellationToken.None));
        Assert.Null(await keys.RaiseAsync(key.KeyId, 500, "manager", "auditor", CancellationToken.None));
        Assert.Equal(key.Limit + 500, (await keys.ListAsync(CancellationToken.None))![0].Limit);
        Assert.Null(await keys.StopAsync(key.KeyId, "operator", CancellationToken.None));
        Assert.Equal("operator", (await keys.ListAsync(CancellationToken.None))![0].Stopped);
        Assert.Equal(VendingCodes.ApprovalRoleMissing, await keys.ResumeAsync(key.KeyId, "manager", "", CancellationToken.None));
        Assert.Null(await keys.ResumeAsync(key.KeyId, "manager", "auditor", CancellationToken.None));
        Assert.Null((await keys.ListAsync(CancellationToken.None))![0].Stopped);
    }

    [Theory]
    [InlineData(100, 0, 100)]
    [InlineData(100, 1, 99)]
    [InlineData(1_000, 999, 0)]
    [InlineData(100, 150, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(long.MaxValue, 1, 99)]
    public void LeftPercent_OfALimit_IsRoundedDown(long limit, long signed, int percent) => Assert.Equal(
        percent, new KeyLine("k", "000000", 1, "Unique", 2014, "ABCDEF", 0, 0, signed, limit, default, null, null).LeftPercent);

    [Fact]
    public async Task Books_AfterSales_AreIntact_AndAreNotReplayedForEveryPress()
    {
        await shops.SellAsync(TwoShops.Ann);
        BooksCheck first = await shops.Get<IBooksView>().CheckAsync(again: true, CancellationToken.None);
        Assert.True(first.IsIntact);
        Assert.True(first.Tokens > 0);
        Assert.Same(first, await shops.Get<IBooksView>().CheckAsync(again: true, CancellationToken.None));
    }

    // A day later: what the office sold for cash has its tender, what the interface sold for nothing is named, with the root of a closed month beside it.
    [Fact]
    public async Task Books_ADayLater_NameWhatNobodyPaid_AndShowTheSignedRoot()
    {
        using DemoBooks books = await DemoBooks.OpenAsync();
        BooksPapers before = books.View.Papers();
        Assert.Equal((0, 0), (before.Roots.Count, before.Findings.Count));

        // A visit looks and keeps nothing; who presses a moment later is not shown the visit's look, and who presses again is shown the press's.
        BooksCheck visit = await books.View.CheckAsync(again: false, CancellationToken.None);
        Assert.Empty(books.View.Papers().Findings);
        BooksCheck[] pressed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => books.View.CheckAsync(again: true, CancellationToken.None)));
        Assert.NotSame(visit, pressed[0]);
        Assert.All(pressed, p => Assert.Same(pressed[0], p));
        Assert.Same(pressed[0], await books.View.CheckAsync(again: false, CancellationToken.None));
        FindingLine finding = Assert.Single(books.View.Papers().Findings);
        Assert.Equal(("token-without-tender", "order " + DemoBooks.Unpaid, 2), (finding.Code, finding.Subject, finding.Days));

        await books.CloseAsync();
        RootLine root = Assert.Single(books.View.Papers().Roots);
        Assert.True(root is { Period: 1, Holds: true, Keeper: "demo keeper", Head.Length: 64 });
        await books.ForgeRootAsync(root.Head, new string('a', 64));
        Assert.False(Assert.Single(books.View.Papers().Roots).Holds);
        await books.ForgeRootAsync("entry: ", "entry: 9");
        Assert.False(Assert.Single(books.View.Papers().Roots).Holds);
    }

    [Fact]
    public async Task Tariffs_PriceAsTheSaleDoes_AndSimulateTheSameTariffToNoChange()
    {
        await shops.SellAsync(TwoShops.Ann, 1_500);
        var tariffs = shops.Get<ITariffView>();
        string id = shops.World.Platform.Vending.Meters.Find(Sts.MeterPan.Parse(TwoShops.Pan(0)))!.TariffId;
        PricedPurchase priced = tariffs.Price(id, tariffs.Today, "15")!;
        Assert.Equal(Assert.IsType<Portal.Shop.ShopQuote.Priced>(shops.Shop.Quote(TwoShops.Ann, TwoShops.Pan(0), TwoShops.Yuan(1_500))).Units, priced.Units);
        Assert.Null(tariffs.Price("no-such", tariffs.Today, "15"));
        IReadOnlyList<SimulatedBill> bills = tariffs.Simulate(id, id);
        Assert.NotEmpty(bills);
        Assert.All(bills, bill => Assert.Equal(0, bill.Change.MinorUnits));
        Assert.Contains(tariffs.Simulate(id, Demo.DemoTariffs.Ladder), bill => bill.Change.MinorUnits != 0);
    }
}
