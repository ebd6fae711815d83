using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

public sealed class ManagementTests
{
    private static readonly ManagementRequest ClearTamper = new(
        Shop.Id(70), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, "storm damage, report 17", "portal:ann", "portal:bo");

    [Fact]
    public async Task Issue_ClearTamper_IsATokenOfThatKindForThatMeter()
    {
        using Shop shop = await OpenAsync();
        ManagementIssue issue = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper)).Issue;
        Assert.Equal(TokenClass.MeterSpecificManagement, issue.Token!.Value.Class);
        Assert.Equal((1, 1), (shop.Balance("tokens:meter:" + Shop.Pan), shop.House.Keys.Keys.Single().Counters.Tokens));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Issue_TheSameAgain_IsTheSameToken()
    {
        using Shop shop = await OpenAsync();
        ManagementIssue first = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper)).Issue;
        shop.Restart();
        ManagementOutcome.Issued again = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper));
        Assert.True(again.IsReplay);
        Assert.Equal(first.Token, again.Issue.Token);
        Assert.IsType<ManagementOutcome.IdReused>(await Issue(shop, ClearTamper with { Reason = "other" }));
    }

    [Fact]
    public async Task Issue_BesideASale_NeverSharesAnIdentifier()
    {
        using Shop shop = await OpenAsync();
        uint sale = (await shop.Buy(1)).Receipt.Tokens[0].TidMinutes;
        ManagementIssue issue = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper)).Issue;
        Assert.Equal(sale + 1, issue.Tid.Minutes);
    }

    public static TheoryData<ManagementRequest, string> Wrong => new()
    {
        { ClearTamper with { SecondApprover = "portal:ann" }, "approval-mismatch" },
        { ClearTamper with { SecondApprover = "" }, "approval-mismatch" },
        { ClearTamper with { Reason = "another reason" }, "approval-mismatch" },
        { ClearTamper with { Id = Shop.Id(71) }, "two-approvers-needed" },
        { ClearTamper with { Kind = ManagementSubClass.SetMaximumPowerLimit, Value = 100 }, "approval-mismatch" },
        { ClearTamper with { Kind = ManagementSubClass.SetTariffRate }, "token-kind-not-offered" },
        { ClearTamper with { Value = 1 }, "token-kind-not-offered" },
        { ClearTamper with { Pan = Shop.OtherPan }, "approval-mismatch" },
        { ClearTamper with { Id = Guid.Empty }, "purchase-id-missing" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Issue_AWrongRequest_IsDeclinedByCodeAndLeavesNothing(ManagementRequest request, string code)
    {
        using Shop shop = await OpenAsync();
        Assert.Equal(code, Assert.IsType<ManagementOutcome.Declined>(await Issue(shop, request)).Code);
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Equal(0, shop.Balance("tokens:management"));
    }

    [Fact]
    public async Task OfflineAudit_OfACopy_AgreesAndNamesWhatWasEdited()
    {
        using Shop shop = await OpenAsync();
        await shop.Buy(1);
        await Issue(shop, ClearTamper);
        OfflineAuditReport report = OfflineAudit.Verify(shop.Directory);
        Assert.True(report.WithCustody);
        Assert.True(report.Report.IsIntact);
        Assert.Equal((2, 1), (report.Report.Tokens, report.Report.Orders));

        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_order SET token = '00000000000000000001'"), CancellationToken.None);
        Assert.Equal("order " + Shop.Id(1), Assert.Single(OfflineAudit.Verify(shop.Directory).Report.Differences).Where);
    }

    [Fact]
    public void OfflineAudit_WhereThereIsNothing_SaysSo() =>
        Assert.Equal(StorageFailure.CannotOpen, Assert.Throws<StorageException>(() => OfflineAudit.Verify("/nowhere")).Failure);

    /// <summary>A shop where this very token was approved, and where there is a budget for it.</summary>
    private static async Task<Shop> OpenAsync()
    {
        Shop shop = await Shop.OpenAsync();
        await shop.Tokens(BudgetKind.ClearTamper, 10);
        await shop.Approve(70, IssueEffects.Management(ApprovalKind.ClearTamper, Shop.Pan, 0, out _)!);
        return shop;
    }

    private static Task<ManagementOutcome> Issue(Shop shop, ManagementRequest request) =>
        shop.Desk.IssueManagementTokenAsync(request, CancellationToken.None);
}
