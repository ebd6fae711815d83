using System.Text.Json;
using Latchkey.Emulators.Calin;
using Latchkey.Ledger;
using Latchkey.ModuleLink.Messages;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Scenarios;

/// <summary>A meter whose maker keeps the key: from the purchase over HTTP to the meter's keypad, and everything that goes wrong on the way.</summary>
public sealed class MakerStoryTests
{
    [Fact]
    public async Task Purchase_GivesTheMakersToken_WhichTheMakersMeterTakesOnce()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        (int status, JsonElement receipt) = await park.BuyAsync(1);
        Assert.Equal(201, status);
        string token = MakerPark.TokenOf(receipt);
        Assert.Equal(park.Maker.Sales.Single().Token, TokenNumber.Parse(token).ToString());
        Assert.Equal(park.Maker.Sales.Single().Tenths, receipt.GetProperty("tenthsGranted").GetInt64());
        Assert.Equal(TokenStatus.Accepted, park.Type(token));
        Assert.Equal(TokenStatus.UsedError, park.Type(token));

        // The same answer for ever, the same receipt, and nothing more was asked of the maker.
        (int again, JsonElement same) = await park.BuyAsync(1);
        Assert.Equal((200, token), (again, MakerPark.TokenOf(same)));
        Assert.Contains(token, (await park.GetAsync($"/v1/purchases/{MakerPark.Id(1)}")).Body, StringComparison.Ordinal);
        (int receiptStatus, string text) = await park.GetAsync($"/v1/purchases/{MakerPark.Id(1)}/receipt?format=text");
        Assert.Equal(200, receiptStatus);
        Assert.Contains(token[..4], text, StringComparison.Ordinal);
        Assert.DoesNotContain("DEVELOPMENT", text, StringComparison.Ordinal);
        Assert.Equal(1, park.Maker.Calls);
        AssertAgree(park);
    }

    [Fact]
    public async Task Meter_OfNoMake_IsSoldByOurSigner()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        Assert.Equal(201, (await park.BuyAsync(1, MakerPark.Ours)).Status);
        Assert.Equal(0, park.Maker.Calls);
        Assert.Contains("\"make\":\"CALIN\"", (await park.GetAsync($"/v1/meters/{MakerPark.Attributes.Pan}/record")).Body, StringComparison.Ordinal);
        AssertAgree(park);
    }

    [Theory]
    [InlineData(CalinFault.DropAfter)]
    [InlineData(CalinFault.FailAfter)]
    [InlineData(CalinFault.Page)]
    [InlineData(CalinFault.Cut)]
    [InlineData(CalinFault.NoToken)]
    [InlineData(CalinFault.OtherAmount)]
    public async Task Answer_LostAfterTheTokenWasMade_IsNeverAskedAgain_UntilPeopleSayTheToken(CalinFault fault)
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        park.Maker.FaultNext(fault);
        (int status, JsonElement problem) = await park.BuyAsync(1);
        Assert.Equal((503, VendingCodes.MakerAnswerUnknown), (status, MakerPark.CodeOf(problem)));
        for (int minute = 0; minute < 12; minute++)
        {
            await park.MinuteAsync();
            Assert.Equal(503, (await park.BuyAsync(1)).Status);
        }

        await park.RestartAsync();
        Assert.Equal(503, (await park.BuyAsync(1)).Status);
        Assert.Equal(1, park.Maker.Calls);
        Assert.Equal(OrderState.Held, park.House.Desk.Find(MakerPark.Id(1))!.State);

        Assert.Single(park.House.Makers.Waiting(10));
        string made = park.Maker.Sales.Single().Token;
        Assert.Null(await park.SettleAsync(1, made));
        (int sold, JsonElement receipt) = await park.BuyAsync(1);
        Assert.Equal((200, made), (sold, TokenNumber.Parse(MakerPark.TokenOf(receipt)).ToString()));
        if (fault != CalinFault.OtherAmount) Assert.Equal(TokenStatus.Accepted, park.Type(made));
        Assert.Equal(1, park.Maker.Calls);
        AssertAgree(park);
    }

    [Theory]
    [InlineData(CalinFault.DropBefore)]
    [InlineData(CalinFault.FailBefore)]
    public async Task Answer_LostBeforeTheTokenWasMade_LooksTheSame_AndPeopleFreeTheMoney(CalinFault fault)
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        park.Maker.FaultNext(fault);
        Assert.Equal(VendingCodes.MakerAnswerUnknown, MakerPark.CodeOf((await park.BuyAsync(1)).Body));
        for (int minute = 0; minute < 12; minute++) await park.MinuteAsync();
        Assert.Equal((1, 0), (park.Maker.Calls, park.Maker.Sales.Count));
        Assert.Null(await park.SettleAsync(1, null));

        // Certain, whichever of the server's beats comes first, and for ever: nobody who still sends it buys anything.
        for (int minute = 0; minute < 15; minute++)
        {
            (int status, JsonElement problem) = await park.BuyAsync(1);
            Assert.Equal((422, VendingCodes.MakerNoToken), (status, MakerPark.CodeOf(problem)));
            await park.MinuteAsync();
        }

        Assert.Equal((OrderState.Reversed, 0), (park.House.Desk.Find(MakerPark.Id(1))!.State, park.Maker.Sales.Count));
        Assert.Equal(TokenStatus.Accepted, park.Type(MakerPark.TokenOf((await park.BuyAsync(2)).Body)));
        AssertAgree(park);
    }

    // What a thief of our password buys is good at the meter and in none of our books: the maker's own statement has it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Statement_OfTheMaker_NamesWhatIsNotOurs_AndWhatTheMakerDoesNotKnow(bool csv)
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        DateTimeOffset from = new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8)), to = from.AddMonths(1);
        Assert.Equal(201, (await park.BuyAsync(1)).Status);
        Assert.Empty(await CompareAsync(park, park.Maker.Statement(from, to), csv));

        park.Maker.FaultNext(CalinFault.DropAfter);
        Assert.Equal(503, (await park.BuyAsync(2)).Status);
        CalinSale stolen = park.Maker.SellToAThief(MakerPark.Attributes.Pan.Drn.ToString(), 777);
        Assert.Equal(TokenStatus.Accepted, park.Type(stolen.Token));
        CalinStatement stated = park.Maker.Statement(from, to);
        Assert.Equal([FindingCodes.MakerTokenNotOurs, FindingCodes.MakerTokenNotOurs], await CompareAsync(park, stated, csv));

        // The one that waits for people is settled with what the statement has; the other stays.
        for (int minute = 0; minute < 12; minute++) await park.MinuteAsync();
        Assert.Null(await park.SettleAsync(2, park.Maker.Sales[1].Token));
        Assert.Equal([FindingCodes.MakerTokenNotOurs], await CompareAsync(park, stated, csv));
        CalinSale[] own = [.. stated.Sales.Take(2)];
        Assert.Equal([FindingCodes.MakerTokenNotStated], await CompareAsync(park, stated with { Sales = [own[0]] }, csv));
        Assert.Equal([FindingCodes.MakerTokenDiffers], await CompareAsync(park, stated with { Sales = [own[0], own[1] with { Tenths = own[1].Tenths + 1 }] }, csv));
        Assert.Equal([FindingCodes.MakerTokenDiffers], await CompareAsync(park, stated with { Sales = [own[0], own[1], own[1]] }, csv));
        Assert.Equal([FindingCodes.MakerTokenDiffers], await CompareAsync(park, stated with { Sales = [own[0], own[1] with { MeterNumber = "00000000018" }] }, csv));
        Assert.Empty(await CompareAsync(park, stated with { Sales = own }, csv));
    }

    private static async Task<string[]> CompareAsync(MakerPark park, CalinStatement statement, bool csv)
    {
        Assert.Null(MakerStatementFile.Read(csv ? statement.ToCsv() : statement.ToJson(), "calin", out IReadOnlyList<StatedToken> lines));
        DateTimeOffset from = new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8));
        await park.House.Papers.KeepAsync(new MakerStatement("calin", from, from.AddMonths(1), lines), CancellationToken.None);
        string[] found = [.. park.House.Reconciliation.CompareStatements().Select(f => f.Code)];
        await park.House.Reconciliation.RunAsync(CancellationToken.None);
        Assert.Equal(found, park.House.Reconciliation.List(ReconciliationKind.MakerStatement, withCleared: false, 100).Select(i => i.Finding.Code));
        return found;
    }

    [Fact]
    public async Task Answer_LostWhereTheInstallationKnowsOurIds_IsFoundById()
    {
        await using MakerPark park = await MakerPark.OpenAsync(new CalinEmulatorOptions { RequestIdField = "order_no", FindCall = "POS_Find" });
        park.Maker.FaultNext(CalinFault.DropAfter);
        (int status, JsonElement receipt) = await park.BuyAsync(1);
        Assert.Equal(201, status);
        Assert.Equal(TokenStatus.Accepted, park.Type(MakerPark.TokenOf(receipt)));
        Assert.Single(park.Maker.Sales);
        AssertAgree(park);
    }

    [Fact]
    public async Task Answer_LaterThanOurPatience_IsUnknown()
    {
        await using MakerPark park = await MakerPark.OpenAsync(new CalinEmulatorOptions { Delay = TimeSpan.FromSeconds(30) }, timeoutSeconds: 1);
        park.Maker.FaultNext(CalinFault.Late);
        Assert.Equal(VendingCodes.MakerAnswerUnknown, MakerPark.CodeOf((await park.BuyAsync(1)).Body));
        Assert.Equal(201, (await park.BuyAsync(2)).Status);
        Assert.Equal(2, park.Maker.Sales.Count);
    }

    [Fact]
    public async Task Answer_ThatRepeatsTheSaleBefore_IsShownToNobody()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        Assert.Equal(201, (await park.BuyAsync(1)).Status);
        park.Maker.FaultNext(CalinFault.Repeat);
        (int status, JsonElement problem) = await park.BuyAsync(2);
        Assert.Equal((503, VendingCodes.MakerTokenRepeated), (status, MakerPark.CodeOf(problem)));
        AssertAgree(park);
    }

    [Fact]
    public async Task Service_ThatIsDown_IsTriedUntilTheHoldEnds_AndTheMoneyIsFree()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        await park.Maker.DisposeAsync();
        Assert.Equal(VendingCodes.MakerUnavailable, MakerPark.CodeOf((await park.BuyAsync(1)).Body));
        Assert.Equal(201, (await park.BuyAsync(2, MakerPark.Ours)).Status);
        for (int minute = 0; minute < 8; minute++) await park.MinuteAsync();
        Assert.Equal(OrderState.Held, park.House.Desk.Find(MakerPark.Id(1))!.State);
        await park.UntilAsync(1, OrderState.Expired);
        (int status, JsonElement problem) = await park.BuyAsync(1);
        Assert.Equal((422, VendingCodes.OrderCancelled), (status, MakerPark.CodeOf(problem)));
        AssertAgree(park);
    }

    [Theory]
    [InlineData("wrong\n")]
    [InlineData("{password}\nwrong\n")]
    public async Task Password_ThatIsWrong_RefusesAndChargesNothing_UntilItIsSetRight(string secrets)
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        park.WriteSecrets(secrets.Replace("{password}", park.Maker.Password, StringComparison.Ordinal));
        await park.RestartAsync();
        (int status, JsonElement problem) = await park.BuyAsync(1);
        Assert.Equal((422, VendingCodes.MakerLoginRefused), (status, MakerPark.CodeOf(problem)));
        Assert.Equal(OrderState.Declined, park.House.Desk.Find(MakerPark.Id(1))!.State);
        Assert.Empty(park.Maker.Sales);

        park.WriteSecrets($"{park.Maker.Password}\n{park.Maker.VendPassword}\n");
        await park.RestartAsync();
        Assert.Equal(TokenStatus.Accepted, park.Type(MakerPark.TokenOf((await park.BuyAsync(1)).Body)));
        AssertAgree(park);
    }

    [Fact]
    public async Task Refusal_ThatRepeatsOurPasswords_ReachesTheCallerWithoutThem()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        park.Maker.FaultNext(CalinFault.RefuseLoudly);
        (int status, JsonElement problem) = await park.BuyAsync(1);
        Assert.Equal((422, VendingCodes.MakerRefused), (status, MakerPark.CodeOf(problem)));
        Assert.DoesNotContain(park.Maker.Password, problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(park.Maker.VendPassword, problem.GetRawText(), StringComparison.Ordinal);
        AssertAgree(park);
    }

    [Fact]
    public async Task ClearTamper_OnTheWordOfTwo_ComesFromTheMaker()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        IssueOutcome.Issued issued = Assert.IsType<IssueOutcome.Issued>(await IssueAsync(park, ApprovalKind.ClearTamper));
        Assert.Equal("Maintenance_ClearTamper", park.Maker.Sales.Single().Call);
        Assert.Equal(TokenStatus.Accepted, park.Type(issued.Token.ToString()));
        AssertAgree(park);
    }

    [Fact]
    public async Task PowerLimit_IsNotTheMakersToMake_AndIsRefused()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        Assert.Equal(VendingCodes.TokenKindNotOffered, Assert.IsType<IssueOutcome.Declined>(await IssueAsync(park, ApprovalKind.PowerLimit)).Code);
        Assert.Equal(0, park.Maker.Calls);
    }

    [Fact]
    public async Task FreeIssue_OnTheWordOfTwo_ComesFromTheMaker()
    {
        await using MakerPark park = await MakerPark.OpenAsync();
        IssueOutcome.Issued issued = Assert.IsType<IssueOutcome.Issued>(await IssueAsync(park, ApprovalKind.FreeIssue));
        Assert.Equal((250, "POS_Purchase"), (park.Maker.Sales.Single().Tenths, park.Maker.Sales.Single().Call));
        Assert.Equal(TokenStatus.Accepted, park.Type(issued.Token.ToString()));
        AssertAgree(park);
    }

    private static async Task<IssueOutcome> IssueAsync(MakerPark park, ApprovalKind kind)
    {
        ApprovalEffect effect = (kind == ApprovalKind.FreeIssue
            ? IssueEffects.FreeIssue(MakerPark.Attributes.Pan, 250, out string? problem)
            : IssueEffects.Management(kind, MakerPark.Attributes.Pan, kind == ApprovalKind.PowerLimit ? 1_000 : 0, out problem))!;
        Assert.Null(problem);
        BudgetKind budget = BudgetKinds.Of(kind);
        LedgerUnit unit = kind == ApprovalKind.FreeIssue ? LedgerUnit.TenthsOfKilowattHour : LedgerUnit.Token;
        ApprovalEffect raise = BudgetDesk.EffectOf(new BudgetName(budget, BudgetName.Always, BudgetName.Everybody, unit), 1_000, out problem)!;
        Assert.Null(problem);
        await ApproveAsync(park, MakerPark.Id(76), raise);
        Assert.IsType<BudgetOutcome.Raised>(await park.House.Budgets.RaiseAsync(MakerPark.Id(76), CancellationToken.None));
        await ApproveAsync(park, MakerPark.Id(77), effect);
        return await park.House.Issues.IssueAsync(MakerPark.Id(77), CancellationToken.None);
    }

    private static async Task ApproveAsync(MakerPark park, Guid id, ApprovalEffect effect)
    {
        ApprovalPerson ann = ApprovalPerson.AtMachine("ann", "Ann"), bo = ApprovalPerson.AtMachine("bo", "Bo");
        Assert.IsType<ApprovalOutcome.Done>(await park.House.Approvals.AskAsync(id, effect, "story", ann, TimeSpan.FromDays(1), CancellationToken.None));
        Assert.IsType<ApprovalOutcome.Done>(await park.House.Approvals.GiveAsync(id, bo, CancellationToken.None));
    }

    private static void AssertAgree(MakerPark park)
    {
        VendingAuditReport report = OfflineAudit.Verify(park.Path).Report;
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
    }
}
