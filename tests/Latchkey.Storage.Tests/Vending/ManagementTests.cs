using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

public sealed class ManagementTests
{
    private static readonly ManagementRequest ClearTamper = new(
        Shop.Id(70), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, "cover opened on 3 May, sealed again", "Ann", "Bo");

    [Fact]
    public async Task Issue_ClearTamper_IsATokenOfThatKindForThatMeter()
    {
        using Shop shop = await Shop.OpenAsync();
        ManagementIssue issue = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper)).Issue;
        Assert.Equal(TokenClass.MeterSpecificManagement, issue.Token!.Value.Class);
        Assert.Equal((1, 1), (shop.Balance("tokens:meter:" + Shop.Pan), shop.House.Keys.Keys.Single().Counters.Tokens));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Issue_TheSameAgain_IsTheSameToken()
    {
        using Shop shop = await Shop.OpenAsync();
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
        using Shop shop = await Shop.OpenAsync();
        uint sale = (await shop.Buy(1)).Receipt.Tokens[0].TidMinutes;
        ManagementIssue issue = Assert.IsType<ManagementOutcome.Issued>(await Issue(shop, ClearTamper)).Issue;
        Assert.Equal(sale + 1, issue.Tid.Minutes);
    }

    public static TheoryData<ManagementRequest, string> Wrong => new()
    {
        { ClearTamper with { SecondApprover = " ANN" }, "two-approvers-needed" },
        { ClearTamper with { SecondApprover = "" }, "two-approvers-needed" },
        { ClearTamper with { Kind = ManagementSubClass.SetMaximumPowerLimit }, "token-kind-not-offered" },
        { ClearTamper with { Value = 1 }, "token-kind-not-offered" },
        { ClearTamper with { Pan = MeterPan.Parse("000001000000000082") }, "unknown-meter" },
        { ClearTamper with { Id = Guid.Empty }, "purchase-id-missing" },
        { ClearTamper with { Reason = new string('x', 300) }, "text-too-long" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Issue_AWrongRequest_IsDeclinedByCodeAndLeavesNothing(ManagementRequest request, string code)
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal(code, Assert.IsType<ManagementOutcome.Declined>(await Issue(shop, request)).Code);
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Equal(0, shop.House.Audit.Verify().Ledger.EntriesRead);
    }

    [Fact]
    public async Task OfflineAudit_OfACopy_AgreesAndNamesWhatWasEdited()
    {
        using Shop shop = await Shop.OpenAsync();
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

    private static Task<ManagementOutcome> Issue(Shop shop, ManagementRequest request) =>
        shop.Desk.IssueManagementTokenAsync(request, CancellationToken.None);
}
