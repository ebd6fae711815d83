using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>What a purchase cost, back to who paid: on the word of two people, on the meter's proof where there is a token, and once.</summary>
public sealed class MoneyBackTests
{
    private static readonly ApprovalPerson Root = ApprovalPerson.AtMachine("root", "Ann"), RootAgain = ApprovalPerson.AtMachine("root", "Bo");
    private static readonly Vendor Client = new("shop-7", "A shop in the town", Currency.Cny, 1, 1_000_000, IsBlocked: false, []);

    [Fact]
    public async Task APurchaseWhoseTokenTheMeterRefused_GoesBackToTheFloat_Once()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        Assert.Equal(-45_000, shop.Balance("float:shop-7"));
        Approval done = Assert.IsType<ApprovalOutcome.Done>(await shop.Act(50, Back(shop, 1, UnusedReason.RefusedAsOld))).Approval;
        Assert.Equal(ApprovalState.Used, done.State);
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(50), CancellationToken.None));

        Assert.Equal((-50_000, 0, 0), (shop.Balance("float:shop-7"), shop.Balance("revenue:energy"), shop.Balance("units:sold")));
        Assert.Equal((OrderState.Cancelled, 1), (shop.Desk.Find(Shop.Id(1))!.State, shop.House.MoneyBack.Granted(Shop.Id(1))));
        Assert.Equal("purchase-cancelled", await shop.DeclineCode(Wish(1)));
        Assert.Equal("money-is-back", Insiders.CodeOf(await shop.Act(51, Back(shop, 1, UnusedReason.RefusedAsOld))));
        shop.AssertBooksAgree();
        Assert.Empty(await Findings(shop));
    }

    [Fact]
    public async Task OnePersonWithTwoNames_AndAProgramAlone_GiveNothingBack()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        ApprovalEffect back = Back(shop, 1, UnusedReason.RefusedAsOld);
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.House.Acts.AskAndApproveAsync(Shop.Id(50), back, "goodwill", Root, RootAgain, CancellationToken.None)));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.AskAsync(Shop.Id(51), back, "goodwill", Insiders.Program, Insiders.Day, CancellationToken.None));
        Assert.Equal("approval-role-missing", Insiders.CodeOf(await shop.House.Acts.ApproveAsync(Shop.Id(51), Insiders.Program, CancellationToken.None)));
        Assert.Equal((-45_000, OrderState.Posted), (shop.Balance("float:shop-7"), shop.Desk.Find(Shop.Id(1))!.State));
    }

    // A number that somebody may still type is money that was spent.
    [Fact]
    public async Task APurchaseWithAToken_WithoutTheMetersProof_IsNotAskedFor()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        Assert.Equal("token-already-issued", Insiders.CodeOf(await shop.Act(50, Back(shop, 1, null))));
        Assert.Equal("proof-mismatch", Insiders.CodeOf(await shop.Act(51, Back(shop, 1, UnusedReason.KeyChanged))));
        Assert.Null(shop.House.MoneyBack.EffectOf(Shop.Id(1), UnusedReason.RefusedAsOld, " ", out (string Code, string Detail)? problem));
        Assert.Equal("request-malformed", problem!.Value.Code);
        Assert.Null(shop.House.MoneyBack.EffectOf(Shop.Id(99), null, "", out problem));
        Assert.Equal("unknown-purchase", problem!.Value.Code);
        Assert.DoesNotContain(shop.House.Approvals.List(null, 10), a => a.Effect.Kind == ApprovalKind.MoneyBack);
    }

    [Fact]
    public async Task ATokenThatTheMeterTookBetweenAskingAndApproving_IsNotPaidBack()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.AskAsync(Shop.Id(50), Back(shop, 1, UnusedReason.RefusedAsOld), "the meter says old", Insiders.Ann, Insiders.Day, CancellationToken.None));
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        Assert.Null(await shop.Desk.MarkCreditedAsync(order.Id, new CreditProof(CreditProofKind.Accepted, order.Tid!.Value, shop.Clock.GetUtcNow(), "x"), CancellationToken.None));
        Assert.Equal("token-used", Insiders.CodeOf(await shop.House.Acts.ApproveAsync(Shop.Id(50), Insiders.Bo, CancellationToken.None)));
        Assert.Equal((-45_000, ApprovalState.Given), (shop.Balance("float:shop-7"), shop.House.Approvals.Find(Shop.Id(50))!.State));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task ARequestWhoseRowWasChangedAfterwards_IsNotDone()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        await Sell(shop, 2);
        await shop.Approve(50, Back(shop, 1, UnusedReason.RefusedAsOld));
        string other = Shop.Id(2).ToString("D");
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_approval SET subject = ?1", other), CancellationToken.None);
        Assert.Equal("approval-changed", Insiders.CodeOf(await shop.House.Acts.DoAsync(Shop.Id(50), CancellationToken.None)));
        Assert.Equal(-40_000, shop.Balance("float:shop-7"));
    }

    [Fact]
    public async Task TwoRequestsForOnePurchase_GiveItBackOnce()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        ApprovalEffect back = Back(shop, 1, UnusedReason.RefusedAsOld);
        await shop.Approve(50, back);
        await shop.Approve(51, back);
        ApprovalOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shop.House.Acts.DoAsync(Shop.Id(50 + (i % 2)), CancellationToken.None)));
        Assert.Equal(10, outcomes.Count(o => o is ApprovalOutcome.Done));
        Assert.All(outcomes.OfType<ApprovalOutcome.Refused>(), refused => Assert.Equal("approval-mismatch", refused.Code));
        Assert.Equal(-50_000, shop.Balance("float:shop-7"));
        shop.AssertBooksAgree();
    }

    // Whoever can post to the ledger can write such an entry, and not the approval that it must have used.
    [Fact]
    public async Task AnEntryWithoutAnApproval_CountsForNothing()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        await Sell(shop, 2);
        ApprovalEffect note = ActEffects.CreditNote("shop-7", new Money(100, Currency.Cny), out _)!;
        await shop.Approve(50, note);
        JournalEntry forged = JournalEntry.Post(MoneyBackDesk.EntryOf(Shop.Id(1), 1), shop.Clock.GetUtcNow(), "money back", [.. ApprovalEntries.UseLegs(Shop.Id(50), note)]);
        Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(forged, CancellationToken.None));
        Assert.Equal(0, shop.House.MoneyBack.Granted(Shop.Id(1)));
    }

    [Fact]
    public async Task ASaleThatWasTakenBackWithoutTwoPeople_IsNamedByTheReconciliation()
    {
        using Shop shop = await FloatShop();
        await Sell(shop, 1);
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        await shop.House.Cancellations.CancelAsync(order.Id, new UnusedProof(UnusedReason.RefusedAsOld, order.Tid!.Value, shop.Clock.GetUtcNow(), "5e1f"), CancellationToken.None);
        Finding finding = Assert.Single(await Findings(shop));
        Assert.Equal((FindingCodes.ReversalUnapproved, ReconciliationKind.Tender, 5_000L), (finding.Code, finding.Kind, finding.Amount));
    }

    [Fact]
    public async Task WhatThePayerPaidHimself_IsTakenBackHere_AndSentByItsRoom()
    {
        using Shop shop = await FloatShop();
        var payers = new Payers(Shop.Order(1), Shop.Order(2));
        shop.House.MoneyBack.Payers = payers;
        await shop.Buy(1);
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(50, Back(shop, 1, UnusedReason.RefusedAsOld)));
        Assert.Equal([Shop.Id(1)], payers.Returned);
        Assert.Equal(0, shop.Balance("clearing:wechat"));

        // Paid, and never sold: it ends here for good, whoever asks for it later.
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(51, Back(shop, 2, null)));
        Assert.Equal(OrderState.Reversed, shop.Desk.Find(Shop.Id(2))!.State);
        Assert.Equal("purchase-cancelled", await shop.DeclineCode(Shop.Order(2)));
        Assert.Equal(2, payers.Returned.Count);

        // The service refused to pay: the same people, another approval, another number.
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(52, Back(shop, 2, null)));
        Assert.Equal((2, 3), (shop.House.MoneyBack.Granted(Shop.Id(2)), payers.Returned.Count));
        payers.Refusal = ("refund-under-way", "wait");
        Assert.Equal("refund-under-way", Insiders.CodeOf(await shop.Act(53, Back(shop, 2, null))));
        Assert.Equal("unknown-purchase", Assert.IsType<string>(Problem(shop, 3)));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task WhatWasGivenWithoutALineToThePayersRoom_IsSentWhenThereIsOne()
    {
        using Shop shop = await FloatShop();
        await shop.Buy(1);
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(50, Back(shop, 1, UnusedReason.RefusedAsOld)));
        var payers = new Payers(Shop.Order(1));
        shop.House.MoneyBack.Payers = payers;
        await shop.House.Acts.ResumeAsync(CancellationToken.None);
        Assert.Equal([Shop.Id(1)], payers.Returned);

        await shop.Buy(2);
        payers.Paid.Add(Shop.Order(2));
        await shop.Approve(51, Back(shop, 2, UnusedReason.RefusedAsOld)); // and the program ended
        await shop.House.Acts.ResumeAsync(CancellationToken.None);
        Assert.Equal(ApprovalState.Used, shop.House.Approvals.Find(Shop.Id(51))!.State);
        Assert.Contains(Shop.Id(2), payers.Returned);
        shop.Clock.Advance(TimeSpan.FromDays(8));
        int before = payers.Returned.Count;
        await shop.House.Acts.ResumeAsync(CancellationToken.None);
        Assert.Equal(before, payers.Returned.Count);
    }

    [Theory]
    [InlineData("1 no-token", true)]
    [InlineData("2 refused-as-old a b", true)]
    [InlineData("20 key-changed 5e1f", true)]
    [InlineData("0 no-token", false)]
    [InlineData("1 no-token x", false)]
    [InlineData("1 refused-as-old", false)]
    [InlineData("1 refused-as-old ", false)]
    [InlineData("-1 no-token", false)]
    [InlineData("1 lost x", false)]
    [InlineData("", false)]
    public void AClaim_ReadsWhatItWrote_AndNothingElse(string text, bool isOne)
    {
        Assert.Equal(isOne, MoneyBackClaim.TryParse(text, out MoneyBackClaim claim));
        if (isOne) Assert.Equal(text, claim.ToString());
    }

    private static ApprovalEffect Back(Shop shop, int id, UnusedReason? reason) =>
        shop.House.MoneyBack.EffectOf(Shop.Id(id), reason, reason is null ? string.Empty : "5e1f", out (string Code, string Detail)? problem) ?? throw new InvalidOperationException(problem?.Code);

    private static string? Problem(Shop shop, int id) => shop.House.MoneyBack.EffectOf(Shop.Id(id), null, string.Empty, out (string Code, string Detail)? problem) is null ? problem?.Code : null;

    private static PlaceOrder Wish(int id) => Shop.Order(id) with { Channel = "shop-7", PaymentReference = null };

    private static async Task Sell(Shop shop, int id) => Assert.IsType<OrderOutcome.Issued>(await shop.Place(Wish(id)));

    private static async Task<IReadOnlyList<Finding>> Findings(Shop shop)
    {
        await shop.House.Reconciliation.RunAsync(CancellationToken.None);
        return [.. shop.House.Reconciliation.List(null, withCleared: false, 100).Select(i => i.Finding)];
    }

    private static async Task<Shop> FloatShop()
    {
        Shop shop = await Shop.OpenAsync();
        Assert.IsType<VendorOutcome<Vendor>.Done>(await shop.House.VendorDesk.SaveAsync(Client, CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(40, ActEffects.CreditNote("shop-7", new Money(50_000, Currency.Cny), out _)!));
        return shop;
    }

    /// <summary>A room of payers that pays whatever it is asked for.</summary>
    private sealed class Payers(params PlaceOrder[] paid) : IPayerMoney
    {
        public List<PlaceOrder> Paid { get; } = [.. paid];

        public List<Guid> Returned { get; } = [];

        public (string Code, string Detail)? Refusal { get; set; }

        public PlaceOrder? FindPaid(Guid orderId) => Paid.FirstOrDefault(p => p.OrderId == orderId);

        public Task<(string Code, string Detail)?> RefusalOfReturnAsync(Guid orderId, CancellationToken cancellationToken) => Task.FromResult(Refusal);

        public Task ReturnAsync(Guid orderId, CancellationToken cancellationToken)
        {
            Returned.Add(orderId);
            return Task.CompletedTask;
        }
    }
}
