using System.Net;
using Latchkey.Quantities;
using Latchkey.Server.Api;
using Latchkey.Server.Portal.Approvals;
using Latchkey.Server.Portal.Shop;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Tests.Shop;

/// <summary>What a cashier can do, and what she can reach of others: nothing.</summary>
public sealed class ShopTests(TwoShops shops) : IClassFixture<TwoShops>
{
    [Fact]
    public async Task Sell_WithoutAShift_OrInAnothers_IsRefused()
    {
        await shops.CloseAsync(TwoShops.Ann.Vendor);
        Assert.Equal(VendorCodes.NoBatch, await RefusalAsync(TwoShops.Ann));
        await shops.OpenAsync(TwoShops.Bo);
        Assert.Equal(VendorCodes.NoBatch, await RefusalAsync(TwoShops.Ann));
        await shops.SellAsync(TwoShops.Bo);
    }

    [Fact]
    public async Task Sell_TakesTheFloatOnce_HoweverOftenTheSameIdIsSent()
    {
        await shops.OpenAsync(TwoShops.Ann);
        Money before = shops.Shop.Now(TwoShops.Ann)!.Float;
        var id = Latchkey.Server.Portal.TopUps.TopUpIds.Next();
        ShopSaleOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shops.Shop.SellAsync(
            TwoShops.Ann, id, TwoShops.Pan(1), TwoShops.Yuan(2_500), new SaleTender(TenderKind.Card, 2_500), CancellationToken.None)));
        Assert.All(outcomes, outcome => Assert.IsType<ShopSaleOutcome.Sold>(outcome));
        Assert.Equal(TwoShops.Yuan(2_500), before - shops.Shop.Now(TwoShops.Ann)!.Float);
    }

    [Fact]
    public async Task Quote_IsWhatTheSaleGives()
    {
        var quote = Assert.IsType<ShopQuote.Priced>(shops.Shop.Quote(TwoShops.Ann, TwoShops.Pan(0), TwoShops.Yuan(1_234)));
        Guid id = await shops.SellAsync(TwoShops.Ann, 1_234);
        ShopSaleDetail sale = shops.Shop.FindSale(TwoShops.Ann, id)!;
        Assert.Equal(quote.Units, sale.Sale.Units);
        Assert.Equal(quote.Lines.Select(l => l.Amount.MinorUnits), sale.Paper!.Lines.Select(l => l.MinorUnits));
        Assert.Equal(("Shop kiosk-a", "till-1", "ann", "cash"), (sale.Paper.Vendor, sale.Paper.Terminal, sale.Paper.Operator, sale.Paper.Tender));
    }

    [Fact]
    public async Task ASale_IsOutOfReachOfAnotherVendor()
    {
        Guid id = await shops.SellAsync(TwoShops.Ann);
        string receipt = shops.Shop.FindSale(TwoShops.Ann, id)!.Paper!.Number;
        Assert.Null(shops.Shop.FindSale(TwoShops.Cy, id));
        Assert.Null(await shops.Shop.ReprintAsync(TwoShops.Cy, id, CancellationToken.None));
        Assert.DoesNotContain(shops.Shop.Sales(TwoShops.Cy, null, 1_000), s => s.SaleId == id);
        Assert.DoesNotContain(shops.Shop.Sales(TwoShops.Cy, TwoShops.Pan(0), 1_000), s => s.SaleId == id);
        Assert.Empty(shops.Shop.Sales(TwoShops.Cy, receipt, 10));
        Assert.Contains(shops.Shop.Sales(TwoShops.Bo, receipt, 10), s => s.SaleId == id);
    }

    [Fact]
    public async Task AShift_IsOutOfReachOfAnotherVendor()
    {
        await shops.OpenAsync(TwoShops.Ann);
        var stranger = new Cashier(TwoShops.Cy.Vendor, TwoShops.Ann.Name);
        Assert.Equal(VendorCodes.NoBatch, Code(await shops.Shop.CloseShiftAsync(stranger, TwoShops.Yuan(0), CancellationToken.None)));
        Assert.True(shops.Shop.Now(TwoShops.Ann)!.IsMine);
        Assert.False(shops.Shop.Now(TwoShops.Bo)!.IsMine);
    }

    [Fact]
    public async Task APaper_OverHttp_IsTheCashiersOwnShopsAlone()
    {
        Guid id = await shops.SellAsync(TwoShops.Ann);
        string paper = $"/shop/sales/{id}/receipt?format=text";
        using Browser ann = await shops.BrowserOfAsync("ann"), cy = await shops.BrowserOfAsync("cy"), manager = await shops.BrowserOfAsync("manager"), tenant = await shops.BrowserOfAsync("tenant"), nobody = await shops.BrowserOfAsync(null);
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync(paper)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await cy.GetAsync(paper)).StatusCode);
        foreach (Browser other in new[] { manager, tenant, nobody }) Assert.NotEqual(HttpStatusCode.OK, (await other.GetAsync(paper)).StatusCode);
    }

    [Fact]
    public async Task AnOriginal_IsPrintedByItsCashier_AndNotAfterACopy()
    {
        Guid id = await shops.SellAsync(TwoShops.Ann);
        string paper = $"/shop/sales/{id}/receipt?format=text";
        using Browser ann = await shops.BrowserOfAsync("ann"), bo = await shops.BrowserOfAsync("bo");
        Assert.Equal(HttpStatusCode.Conflict, (await bo.GetAsync(paper)).StatusCode);
        string original = await ann.ReadAsync(paper);
        Assert.Equal(HttpStatusCode.Conflict, (await ann.GetAsync(paper + "&copy=1")).StatusCode);
        Assert.Equal(1, (await shops.Shop.ReprintAsync(TwoShops.Bo, id, CancellationToken.None))!.Number);
        string copy = await bo.ReadAsync(paper + "&copy=1");
        Assert.Equal(HttpStatusCode.Conflict, (await ann.GetAsync(paper)).StatusCode);
        Assert.DoesNotContain("COPY", original, StringComparison.Ordinal);
        Assert.Contains("*** COPY 1 ***", copy, StringComparison.Ordinal);
        Assert.Equal(original.Split('\n').Where(l => l.Length > 0), copy.Split('\n').Where(l => l.Length > 0 && !l.Contains("COPY", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ASaleWithANewKey_PrintsTheSetFirst_AndSendsNothingByItself()
    {
        await shops.PlanNewKeyAsync(room: 2);
        Assert.Equal(4, Assert.IsType<ShopQuote.Priced>(shops.Shop.Quote(TwoShops.Ann, TwoShops.Pan(2), TwoShops.Yuan(1_000))).KeyTokens);
        Guid id = await shops.SellAsync(TwoShops.Ann, room: 2);
        OrderReceipt paper = shops.Shop.FindSale(TwoShops.Ann, id)!.Paper!;
        Assert.Equal(["key-change", "key-change", "key-change", "key-change", "sale"], paper.Tokens.Select(t => t.Kind));
        Assert.Equal(2, paper.KeyRevision);
        Assert.Null(shops.World.Platform.HeadEnd.FindDelivery(id));
        await TypeAndAskAsync(id, paper);
    }

    // Whoever follows the purchase over the interface is told every token, in order, and which of them the meter has.
    private async Task TypeAndAskAsync(Guid id, OrderReceipt paper)
    {
        PurchaseStatus status = (await shops.Get<IPurchases>().FindAsync(id, CancellationToken.None))!;
        Assert.Equal(paper.Tokens.Select(t => t.Number), status.Tokens);
        Assert.Equal(paper.Tokens.Select(t => (t.Kind, t.Number, false)), status.ToType.Select(t => (t.Kind, t.Number, t.InMeter)));
        Assert.Equal((status.EnergyWattHours, null), (status.ToType[^1].EnergyWattHours, status.ToType[0].EnergyWattHours));

        VendOrder order = shops.World.Platform.Vending.Desk.Find(id)!;
        await shops.World.Platform.Vending.Desk.MarkDeliveredAsync(id, CancellationToken.None);
        await shops.World.Platform.Vending.Desk.MarkCreditedAsync(id, new CreditProof(CreditProofKind.Accepted, order.Tid!.Value, order.Times.Posted!.Value, "seen"), CancellationToken.None);
        Assert.All((await shops.Get<IPurchases>().FindAsync(id, CancellationToken.None))!.ToType, token => Assert.True(token.InMeter));
    }

    [Fact]
    public async Task Refund_ThatTwoApproved_IsATokenOfTheNextSale_AndOfNoOther()
    {
        var approvals = shops.Get<IApprovalView>();
        var wish = new Wish("refund", TwoShops.Pan(1), 700, Currency: "CNY");
        Guid request = Latchkey.Server.Portal.TopUps.TopUpIds.Next();
        ApprovalPerson manager = ApprovalPerson.AtPortal("manager", isOperator: true);
        Assert.True((await approvals.AskAsync(request, wish, "billed twice", manager, CancellationToken.None)).IsDone);
        Assert.Equal("approval-same-person", (await approvals.GiveAsync(request, manager, CancellationToken.None)).Code);
        Guid before = await shops.SellAsync(TwoShops.Ann, room: 1);
        Assert.Equal("used", (await approvals.GiveAsync(request, ApprovalPerson.AtPortal("auditor", isOperator: true), CancellationToken.None)).Approval!.State);
        Guid after = await shops.SellAsync(TwoShops.Ann, room: 1), again = await shops.SellAsync(TwoShops.Ann, room: 1);

        async Task<IEnumerable<string>> Kinds(Guid sale) => (await shops.Get<IPurchases>().FindAsync(sale, CancellationToken.None))!.ToType.Select(t => t.Kind).Order(StringComparer.Ordinal);
        Assert.Equal(["sale"], await Kinds(before));
        Assert.Equal(["refund", "sale"], await Kinds(after));
        Assert.Equal(["sale"], await Kinds(again));
    }

    [Fact]
    public async Task EndDay_WithAShiftOpen_IsRefused_AndWithoutCashWritesNoSlip()
    {
        await shops.OpenAsync(TwoShops.Cy);
        Assert.Equal(VendorCodes.InnerBatchOpen, Code(await shops.Shop.EndDayAsync(TwoShops.Cy, TwoShops.Yuan(0), CancellationToken.None)));
        await shops.CloseAsync(TwoShops.Cy.Vendor);
        var ended = Assert.IsType<VendorOutcome<ShopDayEnd>.Done>(await shops.Shop.EndDayAsync(TwoShops.Cy, TwoShops.Yuan(0), CancellationToken.None)).Value;
        Assert.Null(ended.Slip);
        Assert.Equal(VendorCodes.NoBatch, Code(await shops.Shop.EndDayAsync(TwoShops.Cy, TwoShops.Yuan(0), CancellationToken.None)));
    }

    [Theory]
    [InlineData("12345678901", "pan-check-digit")]
    [InlineData("hello", "pan-format")]
    [InlineData("600727 0000 0000 0009", "unknown-meter")]
    public void FindMeter_OfANumberThatIsNone_SaysWhy(string number, string code) =>
        Assert.Equal(code, Assert.IsType<ShopLookup.Refused>(shops.Shop.FindMeter(TwoShops.Ann, number)).Code);

    private async Task<string> RefusalAsync(Cashier cashier) => Assert.IsType<ShopSaleOutcome.Refused>(await shops.Shop.SellAsync(
        cashier, Latchkey.Server.Portal.TopUps.TopUpIds.Next(), TwoShops.Pan(0), TwoShops.Yuan(1_000), new SaleTender(TenderKind.Card, 1_000), CancellationToken.None)).Code;

    private static string Code<T>(VendorOutcome<T> outcome) => Assert.IsType<VendorOutcome<T>.Refused>(outcome).Code;
}
