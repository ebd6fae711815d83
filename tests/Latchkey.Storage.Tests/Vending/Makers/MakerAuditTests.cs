using Latchkey.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>Whoever can write the file changes one thing about a maker's token, and the audit names it.</summary>
public sealed class MakerAuditTests
{
    private const string Unlock = "DROP TRIGGER maker_request_ends_once; DROP TRIGGER maker_request_stays; DROP INDEX maker_request_open; DROP INDEX maker_request_token; ";

    [Fact]
    public async Task Untouched_BooksWithEveryKindOfToken_Agree()
    {
        using MakerShop shop = await SoldAsync();
        shop.AssertBooksAgree();
        Assert.True(OfflineAudit.Verify(shop.Directory).Report.IsIntact);
        Assert.Equal((1, 3), (shop.House.Audit.Verify().Tokens, shop.House.Audit.Verify().MakerTokens));
    }

    [Theory]
    [InlineData("DELETE FROM maker_request WHERE number = 1", "the record of its maker's answer is missing")]
    [InlineData("UPDATE maker_request SET tenths = tenths + 1 WHERE number = 1", "the record of its maker's answer was altered")]
    [InlineData("UPDATE maker_request SET token = '00000000000000000001' WHERE number = 1", "its token is not the one that the maker answered")]
    [InlineData("UPDATE maker_request SET asked_at = asked_at + 1 WHERE number = 1", "the record of its maker's answer was altered")]
    [InlineData("UPDATE maker_request SET answer_hash = zeroblob(32) WHERE number = 1", "the record of its maker's answer was altered")]
    [InlineData("UPDATE maker_request SET people = 'Eve, Mallory: trust me' WHERE number = 1", "the record of its maker's answer was altered")]
    [InlineData("UPDATE maker_request SET state = 3, token = NULL WHERE number = 1", "it has a token of which the maker's answer is not on record")]
    [InlineData("UPDATE maker_request SET make = 'other' WHERE number = 1", "a maker's token is on record for an entry that is not the maker's")]
    [InlineData("UPDATE maker_request SET token = (SELECT token FROM maker_request WHERE number = 2) WHERE number = 1", "its maker's token is on record twice")]
    [InlineData("INSERT INTO maker_request SELECT 77, randomblob(16), kind, make, order_id, entry_id, entry_hash, pan, tenths, asked_at, state, ended_at, '00000000000000000002', answer_hash, code, people FROM maker_request WHERE number = 1", "its maker's token is on record twice")]
    [InlineData("INSERT INTO maker_request SELECT 77, randomblob(16), kind, make, randomblob(16), randomblob(16), entry_hash, pan, tenths, asked_at, state, ended_at, '00000000000000000002', answer_hash, code, people FROM maker_request WHERE number = 1", "a maker's token is on record that the books have not sealed")]
    [InlineData("UPDATE vend_order SET token = '00000000000000000003' WHERE no = 1", "its token is not the one that the maker answered")]
    public async Task Changed_ByHand_IsNamed(string change, string problem)
    {
        using MakerShop shop = await SoldAsync();
        await shop.House.Database.WriteAsync(s => s.ExecuteScript(Unlock + change), CancellationToken.None);
        Assert.Contains(problem, shop.Problems());
        Assert.Contains(problem, OfflineAudit.Verify(shop.Directory).Report.Differences.Select(d => d.Problem));
        Assert.All(shop.House.Audit.Verify().Differences, d => Assert.NotNull(d.KeyId));
    }

    [Fact]
    public async Task Locked_TheJournalRefusesToBeRewritten()
    {
        using MakerShop shop = await SoldAsync();
        foreach (string change in (string[])["UPDATE maker_request SET tenths = 1", "DELETE FROM maker_request"])
        {
            Exception? refused = await Record.ExceptionAsync(() => shop.House.Database.WriteAsync(s => s.ExecuteScript(change), CancellationToken.None));
            Assert.Matches("final|kept", refused!.Message);
        }
    }

    [Fact]
    public async Task OrderThatHidesItsMake_IsNamed()
    {
        using MakerShop shop = await SoldAsync();
        VendOrder order = shop.Find(1);
        await shop.House.Store.UpdateAsync(
            books =>
            {
                books.Save(order with { Terms = order.Terms! with { Make = null } });
                return true;
            },
            CancellationToken.None);
        Assert.Contains("it has a token that the signer does not know", shop.Problems());
    }

    [Fact]
    public async Task OrdinaryOrderThatClaimsAMake_IsNamed()
    {
        using MakerShop shop = await SoldAsync();
        VendOrder order = shop.House.Desk.Find(Shop.Id(9))!;
        await shop.House.Store.UpdateAsync(
            books =>
            {
                books.Save(order with { Terms = order.Terms! with { Make = MakerShop.Make } });
                return true;
            },
            CancellationToken.None);
        Assert.Contains("it has a token of the maker's and one of our signer", shop.Problems());
    }

    [Fact]
    public async Task Reconciliation_StopsTheMakeAndNotOurKeys()
    {
        using MakerShop shop = await SoldAsync();
        Assert.True((await shop.House.ReconcileAsync(CancellationToken.None)).IsIntact);
        Assert.Null(shop.House.Makers.StoppedReason(MakerShop.Make));

        await shop.House.Database.WriteAsync(s => s.ExecuteScript(Unlock + "DELETE FROM maker_request WHERE number = 1"), CancellationToken.None);
        DailyReconciliation report = await shop.House.ReconcileAsync(CancellationToken.None);
        Assert.False(report.IsIntact);
        Assert.Equal("reconciliation", shop.House.Makers.StoppedReason(MakerShop.Make));
        Assert.Null(shop.House.Keys.Keys.Single().StoppedReason);
        Assert.Equal(VendingCodes.MakerStopped, await shop.Pending(20));
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(Shop.Order(21)));
    }

    [Fact]
    public async Task Reconciliation_ListsTheUnknownUntilPeopleSettleIt()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => StandInMaker.Lost);
        await shop.Pending(1);
        shop.Clock.Advance(TimeSpan.FromMinutes(20));
        await shop.House.Reconciliation.RunAsync(CancellationToken.None);
        ReconciliationItem item = Assert.Single(shop.House.Reconciliation.List(ReconciliationKind.OrdersLedger, withCleared: false, 10));
        Assert.Equal((FindingCodes.MakerAnswerUnknown, $"order {Shop.Id(1)}"), (item.Finding.Code, item.Finding.Subject));

        Assert.Null(await shop.Settle(1, null));
        await shop.Recover(1, OrderState.Reversed);
        await shop.House.Reconciliation.RunAsync(CancellationToken.None);
        Assert.Empty(shop.House.Reconciliation.List(ReconciliationKind.OrdersLedger, withCleared: false, 10));
    }

    [Fact]
    public async Task Answers_AreCountedInTheLedger()
    {
        using MakerShop shop = await SoldAsync();
        Assert.Equal(3, (long)shop.House.Ledger.FindAccount(AccountId.Require("tokens:answered:calin"))!.Balance.Net);
        Assert.Equal(3, (long)shop.House.Ledger.FindAccount(AccountId.Require("tokens:maker:calin"))!.Balance.Net);
    }

    /// <summary>Three of the maker's, one refused, one of our signer.</summary>
    private static async Task<MakerShop> SoldAsync()
    {
        MakerShop shop = await MakerShop.OpenAsync();
        for (int i = 1; i <= 3; i++) await shop.Buy(i);
        shop.Service.Next(_ => new MakerOutcome.Refused(VendingCodes.MakerRefused, "no."));
        Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(4)));
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(Shop.Order(9)));
        return shop;
    }
}
