using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Refunds, credit notes and changes of keys: one person with two names does none of them, and two do each once.</summary>
public sealed class ActTests
{
    private static readonly ApprovalPerson Root = ApprovalPerson.AtMachine("root", "Ann"), RootAgain = ApprovalPerson.AtMachine("root", "Bo");
    private static readonly Vendor Kiosk = new("shop-7", "Kiosk at the gate", Currency.Cny, 1, 1_000_000, IsBlocked: false, []);

    private static ApprovalEffect Refund(long fen = 1_200) => ActEffects.Refund(Shop.Pan, new Money(fen, Currency.Cny), out _)!;

    private static ApprovalEffect Note(long fen = 9_000) => ActEffects.CreditNote("shop-7", new Money(fen, Currency.Cny), out _)!;

    [Fact]
    public async Task OnePersonWithTwoNames_DoesNothing()
    {
        using Shop shop = await VendorShop();
        await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        ApprovalEffect[] effects = [Refund(), Note(), ActEffects.KeyLimit(shop.Key(), 500, out _)!, ActEffects.KeyResume(shop.Key(), out _)!];
        for (int i = 0; i < effects.Length; i++)
        {
            ApprovalOutcome outcome = await shop.House.Acts.AskAndApproveAsync(Shop.Id(i + 1), effects[i], "goodwill", Root, RootAgain, CancellationToken.None);
            Assert.Equal("approval-same-person", Insiders.CodeOf(outcome));
            Assert.Equal("approval-refused", Insiders.CodeOf(await shop.House.Acts.DoAsync(Shop.Id(i + 1), CancellationToken.None)));
        }

        Assert.Empty(shop.House.Refunds.Of(Shop.Pan));
        Assert.Equal(0, shop.Balance("float:shop-7"));
        Assert.Equal((10_000_000, "drill"), (shop.Key().CreditLimit, shop.Key().StoppedReason));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task AProgramAlone_DoesNothing()
    {
        using Shop shop = await VendorShop();
        await shop.Ask(1, Note(), Insiders.Program);
        Assert.Equal("approval-role-missing", Insiders.CodeOf(await shop.House.Acts.ApproveAsync(Shop.Id(1), Insiders.Program, CancellationToken.None)));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.ApproveAsync(Shop.Id(1), Insiders.Ann, CancellationToken.None));
        Assert.Equal(0, shop.Balance("float:shop-7"));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.ApproveAsync(Shop.Id(1), Insiders.Bo, CancellationToken.None));
        Assert.Equal(-9_000, shop.Balance("float:shop-7"));
    }

    [Fact]
    public async Task ANoteThatWasApproved_IsBookedOnceHoweverOftenItIsDone()
    {
        using Shop shop = await VendorShop();
        Approval done = Assert.IsType<ApprovalOutcome.Done>(await shop.Act(1, Note())).Approval;
        Assert.Equal((ApprovalState.Used, "portal:ann", "portal:bo"), (done.State, done.First!.ToString(), done.Second!.ToString()));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal(-9_000, shop.Balance("float:shop-7"));
        Assert.Equal(0, shop.Balance(done.Account.ToString()));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task AnActThatExpired_IsNotDone()
    {
        using Shop shop = await VendorShop();
        await shop.Approve(1, Note());
        shop.Clock.Advance(Insiders.Day);
        Assert.Equal("approval-expired", Insiders.CodeOf(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None)));
        Assert.Equal(0, shop.Balance("float:shop-7"));
    }

    [Fact]
    public async Task ANoteWhoseRowWasChangedAfterwards_IsNotBooked()
    {
        using Shop shop = await VendorShop();
        await shop.Approve(1, Note());
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_approval SET amount = 900000"), CancellationToken.None);
        Assert.Equal("approval-changed", Insiders.CodeOf(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None)));
        Assert.Equal(0, shop.Balance("float:shop-7"));
    }

    [Theory]
    [InlineData("no-such", "unknown-vendor")]
    [InlineData("shop-7", "currency-mismatch")]
    public async Task ANoteThatCouldNotBeWritten_IsNotAskedFor(string vendor, string code)
    {
        using Shop shop = await VendorShop();
        ApprovalEffect effect = ActEffects.CreditNote(vendor, new Money(100, Currency.Kes), out _)!;
        Assert.Equal(code, Insiders.CodeOf(await shop.House.Acts.AskAsync(Shop.Id(1), effect, "goodwill", Insiders.Ann, Insiders.Day, CancellationToken.None)));
        Assert.Empty(shop.House.Approvals.List(null, 10));
    }

    [Fact]
    public async Task ARefund_IsKeptOnceAndCountsAsApproved()
    {
        using Shop shop = await VendorShop();
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(1, Refund()));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None));
        EnergyRefund kept = Assert.Single(shop.House.Refunds.Of(Shop.Pan));
        Assert.Equal((Shop.Id(1), 1_200L, "portal:ann", "portal:bo"), (kept.Id, kept.Worth.MinorUnits, kept.FirstApprover, kept.SecondApprover));
        Assert.True(shop.House.Store.Read(books => RefundDesk.IsApproved(books, kept)));
        shop.AssertBooksAgree();
    }

    // Whoever writes the table of refunds writes two names as easily as one.
    [Fact]
    public async Task ARefundThatSomebodyWroteIntoTheTable_CountsForNothing()
    {
        using Shop shop = await VendorShop();
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(1, Refund()));
        EnergyRefund kept = Assert.Single(shop.House.Refunds.Of(Shop.Pan));
        EnergyRefund[] forged = [kept with { Id = Shop.Id(2) }, kept with { Worth = new Money(90_000, Currency.Cny) }, kept with { Pan = Shop.OtherPan }];
        Assert.All(forged, refund => Assert.False(shop.House.Store.Read(books => RefundDesk.IsApproved(books, refund))));
    }

    // The program dies between the entry and what lies beside the ledger.
    [Fact]
    public async Task ARefundAndALine_WhoseRowsWereLost_AreFinishedFromTheBooks()
    {
        using Shop shop = await VendorShop();
        await shop.House.VendorBank.ImportAsync([new BankLine("B2", new DateOnly(2026, 11, 22), "thank you", new Money(700, Currency.Cny))], CancellationToken.None);
        await shop.Act(1, Refund());
        await shop.Act(2, ActEffects.BankLine(shop.House.Vendors.FindLine("B2")!.Line, "shop-7"));
        await shop.House.Database.WriteAsync(
            s => s.Execute("DELETE FROM vend_refund") + s.Execute("UPDATE vendors_bank_line SET vendor = NULL, first_approver = NULL, second_approver = NULL"), CancellationToken.None);

        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None));
        await shop.House.VendorBank.ResumeAsync(CancellationToken.None);
        Assert.Single(shop.House.Refunds.Of(Shop.Pan));
        Assert.Equal(("shop-7", "portal:ann"), (shop.House.Vendors.FindLine("B2")!.Vendor, shop.House.Vendors.FindLine("B2")!.ApprovedBy!.Value.First));
        Assert.Empty(shop.House.Vendors.UnbookedLines(10));
        Assert.Equal(-700, shop.Balance("float:shop-7"));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task ALimit_IsRaisedOnceHoweverOftenItIsApplied()
    {
        using Shop shop = await Shop.OpenAsync();
        ApprovalEffect more = ActEffects.KeyLimit(shop.Key(), 500, out _)!;
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(1, more));
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal(10_000_500, shop.Key().CreditLimit);

        // Also not after another change, when the signer no longer remembers this one.
        Assert.Null(await shop.Raise(2, 500));
        Assert.Equal("key-changed-meanwhile", await shop.House.Keys.ApplyAsync(Shop.Id(1), more, CancellationToken.None));
        Assert.Equal(10_001_000, shop.Key().CreditLimit);
        shop.Restart();
        await shop.Buy(9);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task TwoRequestsForOneLimit_FromTheSamePlace_RaiseItOnce()
    {
        using Shop shop = await Shop.OpenAsync();
        ApprovalEffect more = ActEffects.KeyLimit(shop.Key(), 500, out _)!;
        await shop.Ask(1, more);
        await shop.Ask(2, more);
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.ApproveAsync(Shop.Id(1), Insiders.Bo, CancellationToken.None));
        Assert.Equal("key-changed-meanwhile", Insiders.CodeOf(await shop.House.Acts.ApproveAsync(Shop.Id(2), Insiders.Bo, CancellationToken.None)));
        Assert.Equal(10_000_500, shop.Key().CreditLimit);
        Assert.Equal(ApprovalState.Given, shop.House.Approvals.Find(Shop.Id(2))!.State);
    }

    [Fact]
    public async Task AnApprovalOfOneChange_DoesNoOther()
    {
        using Shop shop = await Shop.OpenAsync();
        ApprovalEffect more = ActEffects.KeyLimit(shop.Key(), 500, out _)!;
        await shop.Spend(1, more);
        Assert.Equal("two-approvers-needed", await shop.House.Keys.ApplyAsync(Shop.Id(1), more with { Amount = 500_000 }, CancellationToken.None));
        Assert.Equal("two-approvers-needed", await shop.House.Keys.ApplyAsync(Shop.Id(2), more, CancellationToken.None));
        Assert.Equal(10_000_000, shop.Key().CreditLimit);
    }

    // What was approved for one stop does not end the next one.
    [Fact]
    public async Task AStopThatCameLater_IsNotEndedByAnOlderApproval()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        ApprovalEffect start = ActEffects.KeyResume(shop.Key(), out _)!;
        Assert.IsType<ApprovalOutcome.Done>(await shop.Act(1, start));
        await shop.Buy(9);
        await shop.House.Signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None);
        await shop.House.Acts.DoAsync(Shop.Id(1), CancellationToken.None);
        await shop.House.Keys.ApplyAsync(Shop.Id(1), start, CancellationToken.None);
        Assert.Equal("drill", shop.Key().StoppedReason);
        Assert.Null(await shop.Resume(2));
        Assert.Equal("key-changed-meanwhile", Assert.IsType<string>(await shop.House.Keys.ApplyAsync(Shop.Id(1), start, CancellationToken.None)));
    }

    [Fact]
    public async Task ANoteThatWasPostedWithoutAnApproval_IsNamedByTheReconciliation()
    {
        using Shop shop = await VendorShop();
        LedgerUnit cny = LedgerUnit.Of(Currency.Cny);
        await shop.Act(1, Note());
        JournalEntry forged = JournalEntry.Post(
            Shop.Id(90), shop.Clock.GetUtcNow(), "credit note goodwill (Ann, Bo)",
            Posting.Debit(AccountId.Require("expense:credit-notes-cny"), cny, 700), Posting.Credit(AccountId.Require("float:shop-7"), cny, 700));
        Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(forged, CancellationToken.None));
        var desk = new ReconciliationDesk(
            shop.House.Papers, shop.House.Ledger, shop.House.Store, shop.House.Signer, shop.House.Vendors, shop.House.Settled, shop.House.Audit, new ReconciliationOptions(), shop.Clock);
        await desk.RunAsync(CancellationToken.None);
        ReconciliationItem item = Assert.Single(desk.List(null, withCleared: false, 100));
        Assert.Equal((FindingCodes.FloatUnbacked, 700L), (item.Finding.Code, item.Finding.Amount));
    }

    // "charity" pays refunds out of a budget: what it gives rests on an approval, not on money that will come.
    [Fact]
    public async Task ATokenOfARefund_RestsOnItsApproval_AndOneWithoutIsNamed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Budget(BudgetKind.Refunds, 9_000, LedgerUnit.Of(Currency.Cny));
        await shop.Act(1, Refund());
        PlaceOrder given = Shop.Order(20, 12m) with { Channel = "charity", PaymentReference = Shop.Id(1).ToString("N") };
        PlaceOrder taken = Shop.Order(21, 12m) with { Channel = "charity", PaymentReference = Shop.Id(2).ToString("N") };
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(given));
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(taken));
        shop.Clock.Advance(TimeSpan.FromDays(3));
        var desk = new ReconciliationDesk(
            shop.House.Papers, shop.House.Ledger, shop.House.Store, shop.House.Signer, shop.House.Vendors, shop.House.Settled, shop.House.Audit, new ReconciliationOptions(), shop.Clock);
        await desk.RunAsync(CancellationToken.None);
        ReconciliationItem item = Assert.Single(desk.List(null, withCleared: false, 100));
        Assert.Equal((FindingCodes.TokenWithoutTender, "order " + Shop.Id(21)), (item.Finding.Code, item.Finding.Subject));
    }

    private static async Task<Shop> VendorShop()
    {
        Shop shop = await Shop.OpenAsync();
        Assert.IsType<VendorOutcome<Vendor>.Done>(await shop.House.VendorDesk.SaveAsync(Kiosk, CancellationToken.None));
        return shop;
    }
}
