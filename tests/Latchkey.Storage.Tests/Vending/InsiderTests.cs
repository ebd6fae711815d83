using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>What an insider with every role of the program tries: none of it gives a token.</summary>
public sealed class InsiderTests
{
    [Fact]
    public async Task OnePerson_UnderTwoNames_GetsNothing()
    {
        using Shop shop = await Ready();
        await shop.Ask(1, Insiders.FreeIssue(500), ApprovalPerson.AtMachine("root", "Ann"));
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.Give(1, ApprovalPerson.AtMachine("root", "Bo"))));
        Assert.Equal("two-approvers-needed", await shop.IssueCode(1));
        AssertNothing(shop);
    }

    [Fact]
    public async Task OnePerson_WithAProgramsKeyOfTheirOwn_GetsNothing()
    {
        using Shop shop = await Ready();
        await shop.Ask(1, Insiders.FreeIssue(500), Insiders.Program);
        await shop.Give(1, Insiders.Ann);
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.Give(1, Insiders.Ann)));
        Assert.Equal("two-approvers-needed", await shop.IssueCode(1));
        AssertNothing(shop);
    }

    [Fact]
    public async Task OrderDesk_AskedDirectly_WantsTheApproval()
    {
        using Shop shop = await Ready();
        var bare = new PlaceOrder(Shop.Id(1), Shop.Pan, new Money(0, Currency.Cny), "free-issue");
        Assert.Equal("two-approvers-needed", await shop.DeclineCode(bare));
        Assert.Equal("amount-too-high", await shop.DeclineCode(bare with { OrderId = Shop.Id(2), Amount = new Money(1, Currency.Cny) }));
        AssertNothing(shop);
    }

    [Fact]
    public async Task Approval_OfAnotherMeter_OrAmount_OrKind_DoesNotFit()
    {
        using Shop shop = await Ready();
        await shop.Approve(1, Insiders.FreeIssue(500));
        PlaceOrder order = new(Shop.Id(1), Shop.OtherPan, new Money(0, Currency.Cny), "free-issue", null, "portal:ann");
        Assert.Equal("approval-mismatch", await shop.DeclineCode(order));
        var tamper = new ManagementRequest(Shop.Id(1), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, "storm damage, report 17", "portal:ann", "portal:bo");
        Assert.Equal("approval-mismatch", Assert.IsType<ManagementOutcome.Declined>(await shop.Desk.IssueManagementTokenAsync(tamper, CancellationToken.None)).Code);
        AssertNothing(shop);
    }

    [Fact]
    public async Task ManagementToken_WithOtherNamesThanTheApprovals_IsRefused()
    {
        using Shop shop = await Ready();
        await shop.Tokens(BudgetKind.ClearTamper, 5);
        await shop.Approve(1, IssueEffects.Management(ApprovalKind.ClearTamper, Shop.Pan, 0, out _)!);
        var request = new ManagementRequest(Shop.Id(1), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, "storm damage, report 17", "portal:ann", "somebody else");
        Assert.Equal("approval-mismatch", Assert.IsType<ManagementOutcome.Declined>(await shop.Desk.IssueManagementTokenAsync(request, CancellationToken.None)).Code);
        AssertNothing(shop);
    }

    [Fact]
    public async Task Approval_PastItsEnd_GivesNothing()
    {
        using Shop shop = await Ready();
        await shop.Approve(1, Insiders.FreeIssue(500));
        shop.Clock.Advance(Insiders.Day);
        Assert.Equal("approval-expired", await shop.IssueCode(1));
        await shop.House.Approvals.ExpireAsync(CancellationToken.None);
        Assert.Equal("approval-expired", await shop.IssueCode(1));
        AssertNothing(shop);
    }

    [Fact]
    public async Task Approval_Replayed_GivesTheSameTokenAndNoOther()
    {
        using Shop shop = await Ready();
        await shop.Approve(1, Insiders.FreeIssue(500));
        TokenNumber token = (await shop.Issued(1)).Token;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => Assert.Equal(token, (await shop.Issued(1)).Token)));
        PlaceOrder copy = shop.Desk.Find(Shop.Id(1))!.Command with { OrderId = Shop.Id(2) };
        Assert.Equal("two-approvers-needed", await shop.DeclineCode(copy));
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
    }

    [Theory]
    [InlineData("UPDATE vend_approval SET amount = 9999 WHERE kind = 1", "approval-changed")]
    [InlineData("UPDATE vend_approval SET subject = '600727111111111153' WHERE kind = 1", "approval-changed")]
    [InlineData("UPDATE vend_approval SET expires_at = expires_at + 86400000 WHERE kind = 1", "approval-changed")]
    [InlineData("UPDATE vend_approval SET reason = 'birthday' WHERE kind = 1", "approval-changed")]
    [InlineData("UPDATE vend_approval SET second_person = 'portal:eve' WHERE kind = 1", "approval-changed")]
    public async Task Content_ChangedAfterTheApproval_GivesNothing(string edit, string code)
    {
        using Shop shop = await Ready();
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.House.Database.WriteAsync(s => s.Execute(edit), CancellationToken.None);
        Assert.Equal(code, await shop.IssueCode(1));
        AssertNothing(shop);
        Assert.False(shop.House.Audit.Verify().IsIntact);
    }

    [Fact]
    public async Task State_SetByHand_IsNoApproval()
    {
        using Shop shop = await Ready();
        await shop.Ask(1, Insiders.FreeIssue(500));
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_approval SET state = 2, second_person = 'portal:bo', decided_at = asked_at WHERE kind = 1"), CancellationToken.None);
        Assert.Equal("approval-changed", await shop.IssueCode(1));
        AssertNothing(shop);
    }

    [Fact]
    public async Task Signer_OfAGrantWithoutApprovalOrBudgetInItsEntry_Refuses()
    {
        using Shop shop = await Ready();
        DateTimeOffset now = shop.Clock.GetUtcNow();
        SaleTerms terms = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(77))).Terms with { TenthsGranted = 500, Lines = [] };
        var order = new VendOrder(
            new PlaceOrder(Shop.Id(1), Shop.Pan, new Money(0, Currency.Cny), "free-issue"), OrderState.Held, new OrderTimes(now, Held: now), terms, TokenIdentifier.FromMinutes(6_777_000));
        ApprovalEffect effect = Insiders.FreeIssue(500);
        var units = LedgerUnit.TenthsOfKilowattHour;
        Posting[] budget = [Posting.Credit(AccountId.Require("budget:free-issue:always:all:kwh"), units, 500), Posting.Debit(AccountId.Require("budgets:free-issue:kwh"), units, 500)];
        Posting[] source = [Posting.Credit(AccountId.Require("units:free-issue"), units, 500)];

        JournalEntry whole = SaleEntries.HoldGrant(order, effect, now, TimeSpan.FromMinutes(10), source, budget);
        Assert.True(CommittedGrant.Covers(whole, order));
        Assert.False(CommittedGrant.Covers(SaleEntries.HoldGrant(order, effect, now, TimeSpan.FromMinutes(10), source, []), order));
        Assert.False(CommittedGrant.Covers(SaleEntries.HoldGrant(order, effect with { Amount = 400 }, now, TimeSpan.FromMinutes(10), source, budget), order));
        Assert.False(CommittedGrant.Covers(whole, order with { Terms = terms with { TenthsGranted = 600 } }));
        Assert.False(CommittedGrant.Covers(whole, order with { Command = order.Command with { OrderId = Shop.Id(2) } }));
    }

    private static async Task<Shop> Ready()
    {
        Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 100_000);
        return shop;
    }

    private static void AssertNothing(Shop shop)
    {
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Equal((0, 0), (shop.Balance("units:issued:" + Shop.Pan), shop.Balance("units:issued:" + Shop.OtherPan)));
    }
}
