using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Tokens that nobody pays for, from the request to the books.</summary>
public sealed class IssueTests
{
    [Fact]
    public async Task FreeIssue_IsAnOrderWithATokenForThatMeterAndAReceiptThatSaysSo()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 2_000);
        await shop.Approve(1, Insiders.FreeIssue(500));
        IssueOutcome.Issued issued = await shop.Issued(1);

        CreditToken token = Shop.Read(issued.Token.ToString());
        Assert.Equal(500, token.Amount.Steps);
        OrderReceipt receipt = issued.Receipt!;
        Assert.Equal(("free-issue", 0, 500, "portal:ann"), (receipt.Tokens.Single().Kind, receipt.AmountMinorUnits, receipt.TenthsGranted, receipt.Operator));
        Assert.Contains("Free issue", ReceiptText.Render(receipt, ReceiptLanguage.English));
        Assert.Contains("免费发放电量", ReceiptText.Render(receipt, ReceiptLanguage.Chinese));
        Assert.Equal((500, -500, 1_500, 0), (shop.Balance("units:issued:" + Shop.Pan), shop.Balance("units:free-issue"), shop.Balance("budget:free-issue:always:all:kwh"), shop.Balance("revenue:energy")));
        Assert.Equal(ApprovalState.Used, issued.Approval.State);
        Assert.Equal(new KeyCounters(1, 500, 0), shop.House.Keys.Keys.Single().Counters);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task FreeIssue_AskedAgain_IsTheSameToken()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 2_000);
        await shop.Approve(1, Insiders.FreeIssue(500));
        IssueOutcome.Issued first = await shop.Issued(1);
        shop.Clock.Advance(TimeSpan.FromDays(30));
        shop.Restart();
        IssueOutcome.Issued again = await shop.Issued(1);
        Assert.True(again.IsReplay);
        Assert.Equal(first.Token, again.Token);
        Assert.Equal(1_500, shop.Balance("budget:free-issue:always:all:kwh"));
    }

    [Fact]
    public async Task FreeIssue_DoesNotCountTowardsTheBlocks()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 10_000);
        SaleTerms before = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(9, 200m))).Terms;
        await shop.Approve(1, Insiders.FreeIssue(5_000));
        await shop.Issued(1);
        Assert.Equal(before.TenthsGranted, Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(9, 200m))).Terms.TenthsGranted);
    }

    [Fact]
    public async Task FreeIssue_WhoseSignerRefuses_GivesBudgetAndApprovalBack()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 2_000);
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.House.Keys.StopAsync(Shop.KeyId, "looking", CancellationToken.None);
        Assert.Equal("key-stopped", await shop.IssueCode(1));
        Assert.Equal(2_000, shop.House.Budgets.Show(BudgetKind.FreeIssue).Single().Left);
        shop.AssertBooksAgree();

        Assert.Null(await shop.Resume(80));
        await shop.Issued(1);
        Assert.Equal(1_500, shop.House.Budgets.Show(BudgetKind.FreeIssue).Single().Left);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Transfer_MovesTheUnitsFromTheOldMeterToTheNewOne()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued bought = await shop.Buy(50, 100m, Shop.OtherPan);
        await shop.Desk.MarkCreditedAsync(Shop.Id(50), new CreditProof(CreditProofKind.Accepted, TokenIdentifier.FromMinutes(bought.Receipt.Tokens[0].TidMinutes), shop.Clock.GetUtcNow(), "ab"), CancellationToken.None);
        long had = shop.Balance("units:accepted:" + Shop.OtherPan);
        await shop.Units(BudgetKind.CreditTransfer, 10_000);
        await shop.Approve(1, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 321, "work order 17", out _)!);
        IssueOutcome.Issued issued = await shop.Issued(1);

        Assert.Equal(321, Shop.Read(issued.Token.ToString()).Amount.Steps);
        Assert.Equal((had - 321, 321), (shop.Balance("units:accepted:" + Shop.OtherPan), shop.Balance("units:issued:" + Shop.Pan)));
        Assert.Equal(("credit-transfer", $"{Shop.OtherPan} work order 17"), (issued.Receipt!.Tokens.Single().Kind, issued.Receipt.PaymentReference));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Transfer_OfMoreThanTheOldMeterWasGiven_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued bought = await shop.Buy(50, 100m, Shop.OtherPan);
        long given = bought.Receipt.TenthsGranted;
        await shop.Units(BudgetKind.CreditTransfer, 100_000);
        await shop.Approve(1, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, given + 1, "wo 17", out _)!);
        Assert.Equal("transfer-exceeds-units", await shop.IssueCode(1));
        await shop.Approve(2, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, given, "wo 18", out _)!);
        await shop.Issued(2);

        // What was moved is gone: it cannot be moved again.
        await shop.Approve(3, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 1, "wo 19", out _)!);
        Assert.Equal("transfer-exceeds-units", await shop.IssueCode(3));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Transfer_WithAReferenceThatWasUsed_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(50, 100m, Shop.OtherPan);
        await shop.Units(BudgetKind.CreditTransfer, 100_000);
        await shop.Approve(1, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 10, "wo 17", out _)!);
        await shop.Issued(1);
        await shop.Approve(2, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 10, "wo 17", out _)!);
        Assert.Equal("payment-reference-used", await shop.IssueCode(2));
    }

    public static TheoryData<ApprovalKind, long, ManagementSubClass> Engineering => new()
    {
        { ApprovalKind.ClearTamper, 0, ManagementSubClass.ClearTamperCondition },
        { ApprovalKind.ClearCredit, (long)CreditRegister.Electricity, ManagementSubClass.ClearCredit },
        { ApprovalKind.ClearCredit, (long)CreditRegister.All, ManagementSubClass.ClearCredit },
        { ApprovalKind.PowerLimit, 5_000, ManagementSubClass.SetMaximumPowerLimit },
        { ApprovalKind.PhaseUnbalance, 16_384, ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit },
    };

    [Theory, MemberData(nameof(Engineering))]
    public async Task EngineeringToken_IsOfThatKindAndCostsItsBudget(ApprovalKind kind, long value, ManagementSubClass expected)
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Tokens(BudgetKinds.Of(kind), 2);
        await shop.Approve(1, IssueEffects.Management(kind, Shop.Pan, value, out _)!);
        IssueOutcome.Issued issued = await shop.Issued(1);
        ManagementToken token = Shop.ReadManagement(issued.Token);
        Assert.Equal(expected, token.SubClass);
        long said = kind is ApprovalKind.PowerLimit or ApprovalKind.PhaseUnbalance ? new TransferAmount(token.Value).Steps : token.Value;
        Assert.Equal(value, said);
        Assert.Equal((1, 1), (shop.Balance($"budget:{BudgetKinds.WordOf(BudgetKinds.Of(kind))}:always:all:count"), shop.Balance("tokens:meter:" + Shop.Pan)));
        Assert.True((await shop.Issued(1)).IsReplay);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task MeterTest_IsTheStandardsTokenAndIsInTheBooks()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Tokens(BudgetKind.MeterTest, 2);
        await shop.Approve(1, IssueEffects.MeterTest(1, 0, false, out _)!);
        Assert.Equal("00000000000150997584", (await shop.Issued(1)).Token.ToString());
        await shop.Approve(2, IssueEffects.MeterTest(null, 0, true, out _)!);
        Assert.Equal("02305843005052951967", (await shop.Issued(2)).Token.ToString());
        Assert.Equal((0, 2), (shop.Balance("budget:meter-test:always:all:count"), shop.Balance("tokens:any-meter")));
        Assert.True((await shop.Issued(2)).IsReplay);
        shop.AssertBooksAgree();
    }

    [Fact]
    public void Effects_ThatNoTokenCanSay_AreRefusedWithWhatItCanSay()
    {
        Assert.Null(IssueEffects.FreeIssue(Shop.Pan, 16_385, out string? problem));
        Assert.Contains("1639.4", problem);
        Assert.Null(IssueEffects.FreeIssue(Shop.Pan, 0, out _));
        Assert.Null(IssueEffects.Management(ApprovalKind.PowerLimit, Shop.Pan, 16_385, out problem));
        Assert.Contains("16394", problem);
        Assert.Null(IssueEffects.Management(ApprovalKind.PowerLimit, Shop.Pan, 0, out _));
        Assert.Null(IssueEffects.Management(ApprovalKind.ClearCredit, Shop.Pan, 9, out _));
        Assert.Null(IssueEffects.Management(ApprovalKind.FreeIssue, Shop.Pan, 9, out _));
        Assert.Null(IssueEffects.Transfer(Shop.Pan, Shop.Pan, 10, "x", out _));
        Assert.Null(IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 10, " ", out _));
        Assert.Null(IssueEffects.MeterTest(0, 0, false, out _));
        Assert.Null(IssueEffects.MeterTest(1, 256, false, out _));
    }

    [Fact]
    public async Task Trial_SaysWhatItWouldDoAndDoesNothing()
    {
        using Shop shop = await Shop.OpenAsync();
        Assert.Equal("budget-missing", Assert.IsType<IssueTrial.Declined>(shop.House.Issues.Trial(Insiders.FreeIssue(500), Insiders.Ann)).Code);
        await shop.Units(BudgetKind.FreeIssue, 600);
        long entries = shop.House.Audit.Verify().Ledger.EntriesRead;
        IssueTrial.Possible trial = Assert.IsType<IssueTrial.Possible>(shop.House.Issues.Trial(Insiders.FreeIssue(500), Insiders.Ann));
        BudgetTrial budget = Assert.Single(trial.Budgets);
        Assert.Equal((600, 500), (budget.Left, budget.Takes));
        Assert.Equal(entries, shop.House.Audit.Verify().Ledger.EntriesRead);
        Assert.Equal("budget-spent", Assert.IsType<IssueTrial.Declined>(shop.House.Issues.Trial(Insiders.FreeIssue(700), Insiders.Ann)).Code);

        // What the trial showed is what the books then say.
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.Issued(1);
        foreach (Posting leg in trial.Legs.Where(l => l.Account.ToString().StartsWith("units:", StringComparison.Ordinal)))
            Assert.Equal(leg.Amount, shop.Balance(leg.Account.ToString()));
    }

    [Fact]
    public async Task Audit_NamesARowThatWasChangedAfterTheApproval()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Units(BudgetKind.FreeIssue, 2_000);
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE vend_approval SET reason = 'other' WHERE kind = 1"), CancellationToken.None);
        Assert.Contains(shop.House.Audit.Verify().Differences, d => d.Where == "approval " + Shop.Id(1) && d.Problem.Contains("content"));
        await shop.House.Database.WriteAsync(s => s.Execute("DELETE FROM vend_approval WHERE kind = 1"), CancellationToken.None);
        Assert.Contains(OfflineAudit(shop), d => d.Where == "approval " + Shop.Id(1) && d.Problem.Contains("gone"));
    }

    [Fact]
    public async Task Anomalies_OfADirectory_NameGiftsToAMeterThatNeverBought()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(50);
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await shop.Units(BudgetKind.FreeIssue, 5_000);
        await shop.Tokens(BudgetKind.ClearTamper, 1);
        await shop.Approve(1, Insiders.FreeIssue(500));
        await shop.Issued(1);
        await shop.Approve(2, IssueEffects.FreeIssue(Shop.OtherPan, 500, out _)!);
        await shop.Issued(2);
        await shop.Approve(3, IssueEffects.Management(ApprovalKind.ClearTamper, Shop.Pan, 0, out _)!);
        await shop.Issued(3);
        shop.Restart();

        AnomalyReport report = Latchkey.Storage.Vending.OfflineAnomalies.Search(shop.Directory, TimeSpan.FromHours(8), new AnomalyOptions(), null, null);
        Assert.Equal((3, 3), (report.Orders, report.Issues.Count));
        Anomaly stranger = Assert.Single(report.Anomalies, a => a.Rule == "no-purchase-history");
        Assert.Equal((Shop.OtherPan.ToString(), Shop.Id(2)), (stranger.Who, stranger.Ids.Single()));
        Assert.Equal(2, report.Anomalies.Single(a => a.Rule == "token-without-tender").Count);
        Assert.Equal(("portal:ann", "portal:bo"), (report.Issues[0].AskedBy, report.Issues[0].ApprovedBy));
        Assert.Empty(Latchkey.Storage.Vending.OfflineAnomalies.Search(shop.Directory, TimeSpan.FromHours(8), new AnomalyOptions(), shop.Clock.GetUtcNow().AddDays(1), null).Issues);
    }

    private static IReadOnlyList<AuditDifference> OfflineAudit(Shop shop) => Latchkey.Storage.Vending.OfflineAudit.Verify(shop.Directory).Report.Differences;
}
