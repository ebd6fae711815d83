using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

public sealed class BudgetTests
{
    [Fact]
    public async Task Raise_OnAnApproval_IsABalanceInTheBooks()
    {
        using Shop shop = await Shop.OpenAsync();
        BudgetStanding standing = await shop.Budget(BudgetKind.FreeIssue, 1_000, LedgerUnit.TenthsOfKilowattHour, "2026-11", id: 80);
        Assert.Equal((1_000, 1_000), (standing.Given, standing.Left));
        Assert.Equal(1_000, shop.Balance("budget:free-issue:2026-11:all:kwh"));

        // Raising again on the same approval raises nothing.
        Assert.Equal(1_000, Assert.IsType<BudgetOutcome.Raised>(await shop.House.Budgets.RaiseAsync(Shop.Id(80), CancellationToken.None)).Standing.Given);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Raise_WithoutASecondPerson_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        var name = new BudgetName(BudgetKind.FreeIssue, BudgetName.Always, BudgetName.Everybody, LedgerUnit.TenthsOfKilowattHour);
        await shop.Ask(1, BudgetDesk.EffectOf(name, 1_000, out _)!);
        Assert.Equal("two-approvers-needed", Assert.IsType<BudgetOutcome.Declined>(await shop.House.Budgets.RaiseAsync(Shop.Id(1), CancellationToken.None)).Code);
        Assert.Null(shop.House.Ledger.FindAccount(name.Account));
    }

    [Fact]
    public async Task Issue_WithoutABudget_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Approve(1, Insiders.FreeIssue(500));
        Assert.Equal("budget-missing", await shop.IssueCode(1));
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
    }

    [Fact]
    public async Task Issue_BeyondTheBudget_IsRefusedAndUsesNothingUp()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 499);
        await shop.Approve(1, Insiders.FreeIssue(500));
        Assert.Equal("budget-spent", await shop.IssueCode(1));

        // The approval was not used up by the refusal: raised, it goes.
        await shop.Units(BudgetKind.FreeIssue, 1);
        await shop.Issued(1);
        Assert.Equal(0, shop.Balance("budget:free-issue:always:all:kwh"));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Issue_OnTheBudgetOfAnotherPeriod_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Budget(BudgetKind.FreeIssue, 10_000, LedgerUnit.TenthsOfKilowattHour, "2026-10", id: 80);
        await shop.Budget(BudgetKind.FreeIssue, 10_000, LedgerUnit.TenthsOfKilowattHour, "2026-12", id: 81);
        await shop.Approve(1, Insiders.FreeIssue(500));
        Assert.Equal("budget-missing", await shop.IssueCode(1));
    }

    [Fact]
    public async Task Issue_TakesFromEveryBudgetThatIsSet_AndTheTightestDecides()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 10_000);
        await shop.Budget(BudgetKind.FreeIssue, 600, LedgerUnit.TenthsOfKilowattHour, owner: "ann", id: 81);
        await shop.Budget(BudgetKind.FreeIssue, 2, LedgerUnit.Token, "2026-11-22", id: 82);
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.Issued(1);
        Assert.Equal((9_500, 100, 1), (shop.Balance("budget:free-issue:always:all:kwh"), shop.Balance("budget:free-issue:always:op-ann:kwh"), shop.Balance("budget:free-issue:2026-11-22:all:count")));

        await shop.Approve(2, Insiders.FreeIssue(500));
        Assert.Equal("budget-spent", await shop.IssueCode(2));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task BudgetOfOneOperatorAlone_IsNotEnough()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Budget(BudgetKind.FreeIssue, 600, LedgerUnit.TenthsOfKilowattHour, owner: "ann");
        await shop.Approve(1, Insiders.FreeIssue(500));
        Assert.Equal("budget-missing", await shop.IssueCode(1));
    }

    [Fact]
    public async Task Sale_ThroughAChannelWithABudget_StopsWhereItIsSpent()
    {
        using Shop shop = await Shop.OpenAsync();
        var sale = Shop.Order(1) with { Channel = "charity" };
        Assert.Equal("budget-missing", await shop.DeclineCode(sale));
        await shop.Budget(BudgetKind.Refunds, 9_000, LedgerUnit.Of(Currency.Cny));
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(sale));
        Assert.Equal("budget-spent", await shop.DeclineCode(Shop.Order(2) with { Channel = "charity" }));
        Assert.Equal(4_000, shop.Balance("budget:refunds:always:all:cny"));
        shop.AssertBooksAgree();
    }

    public static TheoryData<string> Names => ["budget:free-issue:2026-11:all:kwh", "budget:refunds:always:all:cny", "budget:clear-tamper:2026-11-22:op-ann:count"];

    [Theory, MemberData(nameof(Names))]
    public void Name_ReadAndWritten_IsTheSame(string text)
    {
        Assert.True(BudgetName.TryParse(text, out BudgetName? name));
        Assert.Equal(text, name.Account.ToString());
    }

    [Theory]
    [InlineData("budget:free-issue:2026-13:all:kwh")]
    [InlineData("budget:nothing:always:all:kwh")]
    [InlineData("budget:free-issue:always:all:xyz")]
    [InlineData("float:shop-7")]
    [InlineData(null)]
    public void Name_OfAnythingElse_IsRefused(string? text) => Assert.False(BudgetName.TryParse(text, out _));

    [Fact]
    public void Owners_WhoseNamesReadAlike_HaveBudgetsApart()
    {
        string[] names = ["ann", "änn", "a-nn", "ann.b", "ann-b", new string('x', 40), new string('x', 41)];
        Assert.Equal(names.Length, names.Select(n => new BudgetName(BudgetKind.FreeIssue, "always", n, LedgerUnit.Token).Account).Distinct().Count());
    }
}
