using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

public sealed class ApprovalTests
{
    private static readonly ApprovalEffect Effect = Insiders.FreeIssue(500);

    [Fact]
    public async Task Give_ByASecondPerson_IsGivenAndStandsInTheBooks()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect);
        Approval given = Assert.IsType<ApprovalOutcome.Done>(await shop.Give(1)).Approval;
        Assert.Equal((ApprovalState.Given, "portal:ann", "portal:bo"), (given.State, given.First!.ToString(), given.Second!.ToString()));
        Assert.Equal((0, 1), (shop.Balance("approvals:open"), shop.Balance(given.Account.ToString())));
        shop.AssertBooksAgree();
    }

    public static TheoryData<string, string> SamePerson => new()
    {
        { "portal:ann", "one account" },
        { "portal:ANN", "one account in capitals" },
        { "machine:ann/Bo", "the account of the machine has the name of the portal's" },
        { "machine:root/Ann", "another account, the same name" },
    };

    [Theory, MemberData(nameof(SamePerson))]
    public async Task Give_ByOnePersonTwice_IsRefusedHoweverNamed(string second, string why)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect);
        Assert.True(ApprovalPerson.TryParse(second, out ApprovalPerson? person), why);
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.Give(1, person with { MayApprove = true })));
        Assert.Equal(ApprovalState.Open, shop.House.Approvals.Find(Shop.Id(1))!.State);
    }

    [Fact]
    public async Task Give_AtTheMachineUnderTwoNames_IsOneOperatingSystemAccount()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect, ApprovalPerson.AtMachine("root", "Ann"));
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.Give(1, ApprovalPerson.AtMachine("root", "Bo"))));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Give(1, ApprovalPerson.AtMachine("bo", "Bo")));
    }

    [Fact]
    public async Task Give_WhatAProgramAsked_TakesTwoPeople()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect, Insiders.Program);
        Assert.Equal("approval-role-missing", Insiders.CodeOf(await shop.Give(1, Insiders.Program)));
        Assert.Equal(ApprovalState.Open, Assert.IsType<ApprovalOutcome.Done>(await shop.Give(1, Insiders.Ann)).Approval.State);
        Assert.Equal("approval-same-person", Insiders.CodeOf(await shop.Give(1, Insiders.Ann)));
        Assert.Equal(ApprovalState.Given, Assert.IsType<ApprovalOutcome.Done>(await shop.Give(1, Insiders.Bo)).Approval.State);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Give_WithoutTheRole_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect);
        Assert.Equal("approval-role-missing", Insiders.CodeOf(await shop.Give(1, Insiders.Clerk)));
    }

    [Fact]
    public async Task Give_Twice_IsDecidedOnce()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Approve(1, Effect);
        Assert.Equal("approval-decided", Insiders.CodeOf(await shop.Give(1)));
        Assert.Equal(1, shop.Balance(Effect.AccountOf(Shop.Id(1)).ToString()));
    }

    [Fact]
    public async Task Give_PastItsEnd_IsExpired()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect, lifetime: TimeSpan.FromHours(1));
        shop.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("approval-expired", Insiders.CodeOf(await shop.Give(1)));
        Assert.Equal(1, await shop.House.Approvals.ExpireAsync(CancellationToken.None));
        Assert.Equal(ApprovalState.Expired, shop.House.Approvals.Find(Shop.Id(1))!.State);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Refuse_ByWhoAsked_TakesTheRequestBack()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Ask(1, Effect, Insiders.Program);
        Approval refused = Assert.IsType<ApprovalOutcome.Done>(await shop.House.Approvals.RefuseAsync(Shop.Id(1), Insiders.Program, CancellationToken.None)).Approval;
        Assert.Equal(ApprovalState.Refused, refused.State);
        Assert.Equal("approval-decided", Insiders.CodeOf(await shop.Give(1)));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Refuse_WhatWasGiven_EndsItBeforeItIsUsed()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 1_000);
        await shop.Approve(1, Effect);
        await shop.House.Approvals.RefuseAsync(Shop.Id(1), Insiders.Bo, CancellationToken.None);
        Assert.Equal("approval-refused", await shop.IssueCode(1));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Ask_TheSameAgain_IsTheSame_AndOtherContentIsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        Approval first = Assert.IsType<ApprovalOutcome.Done>(await shop.Ask(1, Effect)).Approval;
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first.Request.ContentHash(), Assert.IsType<ApprovalOutcome.Done>(await shop.Ask(1, Effect)).Approval.Request.ContentHash());
        Assert.Equal("purchase-id-reused", Insiders.CodeOf(await shop.Ask(1, Insiders.FreeIssue(501))));
    }

    [Fact]
    public async Task Ask_Endlessly_EndsAtTheLimitOfOnePerson()
    {
        using Shop shop = await Shop.OpenAsync();
        for (int i = 1; i <= ApprovalDesk.MostOpenOfOne; i++) Assert.IsType<ApprovalOutcome.Done>(await shop.Ask(i, Effect));
        Assert.Equal("too-many-approvals", Insiders.CodeOf(await shop.Ask(900, Effect)));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Ask(901, Effect, Insiders.Bo));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Ask_WithoutAReason_IsRefused(string reason)
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal("request-malformed", Insiders.CodeOf(await shop.House.Approvals.AskAsync(Shop.Id(1), Effect, reason, Insiders.Ann, Insiders.Day, CancellationToken.None)));
        Assert.Equal("request-malformed", Insiders.CodeOf(await shop.Ask(1, Effect, ApprovalPerson.AtPortal("a/b:c", true))));
        Assert.Equal("request-malformed", Insiders.CodeOf(await shop.Ask(1, Effect, lifetime: TimeSpan.FromDays(8))));
    }

    [Fact]
    public async Task Restart_KeepsRequestsAndDecisions()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Approve(1, Effect);
        Approval before = shop.House.Approvals.Find(Shop.Id(1))!;
        shop.Restart();
        Approval after = shop.House.Approvals.Find(Shop.Id(1))!;
        Assert.Equal((before.State, before.Request.ContentHash()), (after.State, after.Request.ContentHash()));
    }
}
