using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Ledger;

/// <summary>Closing a month of a shop that sells.</summary>
public sealed class PeriodStoreTests
{
    private static readonly AccountId Revenue = AccountId.Require("revenue:energy");

    /// <summary>The shop's clock stands at 9:30:20; so far into the day everything is to be closed.</summary>
    private static readonly DateTimeOffset End = new(2026, 11, 22, 9, 40, 0, TimeSpan.Zero);

    [Fact]
    public async Task Close_AMonthOfSales_GivesASignedRootAndBooksThatAgree()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await shop.Buy(2);
        long earned = -shop.Balance("revenue:energy");
        ClosingOutcome.Closed closed = await Close(shop, End);

        Assert.Equal(0, shop.Balance("revenue:energy"));
        Assert.Equal(earned - shop.House.Ledger.FindAccount(AccountId.Require("expense:rounding"))!.Balance.DebitsPosted, -shop.Balance("equity:result-cny"));
        Assert.All(closed.Balance.Units.Values, u => Assert.True(u.IsBalanced));
        Assert.True(PublishedRoot.TryParse(closed.Period.Root, out PublishedRoot? root));
        Assert.Equal((closed.Entry.Sequence, closed.Entry.Hash), (root!.Sequence, root.Head));
        using ECDsa key = ECDsa.Create();
        using (RootKey own = RootKey.OpenOrCreate(shop.Directory)) key.ImportFromPem(own.PublicPem);
        Assert.True(root.IsSignedBy(key));
        Assert.True(shop.House.Audit.Verify([root]).IsIntact);
        shop.Restart();
        shop.AssertBooksAgree();
        Assert.Equal(closed.Balance.Digest, shop.House.Periods.Of(1)!.Digest);
        Assert.Equal(closed.Period, Assert.Single(shop.House.Periods.List()));
    }

    [Fact]
    public async Task Close_Again_IsRefusedForEver()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Close(shop, End);
        Assert.Equal(ClosingRefusal.AlreadyClosed, Refusal(await Desk(shop).CloseAsync(End, "Ann", "Park", CancellationToken.None)));
        Assert.Equal(ClosingRefusal.AlreadyClosed, Refusal(await Desk(shop).CloseAsync(End.AddDays(-3), "Ann", "Park", CancellationToken.None)));
        Assert.Equal(ClosingRefusal.TooEarly, Refusal(await Desk(shop).CloseAsync(shop.Clock.GetUtcNow(), "Ann", "Park", CancellationToken.None)));
        Assert.Equal(ClosingRefusal.NameMissing, Refusal(await Desk(shop).CloseAsync(End.AddMinutes(1), "", "Park", CancellationToken.None)));
    }

    [Fact]
    public async Task Close_BrokenBooks_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        shop.Restart();
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE id = 'revenue:energy'"), CancellationToken.None);
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(ClosingRefusal.BooksBroken, Refusal(await Desk(shop).CloseAsync(End, "Ann", "Park", CancellationToken.None)));
        Assert.Empty(shop.House.Periods.List());
    }

    [Fact]
    public async Task Post_IntoAClosedPeriod_IsATypedRefusal()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Close(shop, End);
        AccountId bank = AccountId.Require("bank");
        LedgerUnit cny = LedgerUnit.Of(Latchkey.Quantities.Currency.Cny);
        await shop.House.Ledger.OpenAccountAsync(new LedgerAccount(bank, cny, AccountClass.Asset), CancellationToken.None);
        JournalEntry late = JournalEntry.Post(Shop.Id(77), End.AddMinutes(-5), "late", Posting.Debit(bank, cny, 5), Posting.Credit(Revenue, cny, 5));
        Assert.Equal(PostResult.PeriodClosed, await shop.House.Ledger.PostAsync(late, CancellationToken.None));
        Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(late.InOpenPeriod(shop.House.Ledger.ClosedThrough), CancellationToken.None));
        shop.Restart();
        Assert.Equal(PostResult.PeriodClosed, await shop.House.Ledger.PostAsync(late with { Id = Shop.Id(78) }, CancellationToken.None));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Credited_ByAProofOfAClosedPeriod_IsBookedInTheOpenOne()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued issued = await shop.Buy(1);
        DateTimeOffset then = shop.Clock.GetUtcNow();
        await Close(shop, End);
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        Assert.Null(await shop.Desk.MarkCreditedAsync(order.Id, new CreditProof(CreditProofKind.Accepted, order.Tid!.Value, then, "late answer"), CancellationToken.None));
        AccountStatement accepted = shop.House.Statements.Of(AccountId.Require("units:accepted:" + Shop.Pan), End, End.AddDays(9))!;
        AccountMovement line = Assert.Single(accepted.Lines);
        Assert.Equal((End, "order " + order.Id), (line.At, line.Memo));
        Assert.Equal(then, shop.Desk.Find(Shop.Id(1))!.Times.Credited);
        Assert.Single(issued.Receipt.Tokens);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Sell_WhenTheClockIsSetBackIntoAClosedPeriod_BooksInTheOpenOne()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Close(shop, End);
        shop.Clock.Set(End.AddMinutes(-7));
        await shop.Buy(2);
        shop.AssertBooksAgree();
        Assert.Equal(2, shop.House.Statements.Of(AccountId.Require("clearing:wechat"), End.AddDays(-2), End.AddDays(2))!.Lines.Count);
        Assert.Equal(End, shop.House.Statements.Of(AccountId.Require("clearing:wechat"), End, End.AddDays(2))!.Lines.Single().At);
    }

    [Fact]
    public async Task Statements_OfFollowingPeriods_FitTogetherToTheCent()
    {
        using Shop shop = await Shop.OpenAsync();
        AccountId clearing = AccountId.Require("clearing:wechat");
        DateTimeOffset start = End.AddHours(-1), second = End.AddDays(1);
        await shop.Buy(1);
        await shop.Buy(2, 30m);
        shop.Clock.Set(End.AddHours(3));
        await shop.Buy(3);
        await Close(shop, End, closedAt: End.AddHours(5));
        await shop.Buy(4, 20m);
        await Close(shop, second, closedAt: second.AddDays(1));
        await shop.Buy(5);

        AccountStatement first = shop.House.Statements.Of(clearing, start, End)!, next = shop.House.Statements.Of(clearing, End, second)!;
        AccountStatement rest = shop.House.Statements.Of(clearing, second, second.AddYears(1))!;
        Assert.Equal((0, 8_000), (first.Opening, first.Closing));
        Assert.Equal((8_000, 15_000), (next.Opening, next.Closing));
        Assert.Equal((15_000, 20_000), (rest.Opening, rest.Closing));
        Assert.Equal(shop.House.Ledger.FindAccount(clearing)!.Balance.Net, rest.Closing);
        Assert.All(next.Lines, l => Assert.Equal(shop.House.Ledger.FindEntry(l.EntryId)!.Hash, l.Hash));
        Assert.Equal(0, shop.House.Statements.Of(Revenue, second, second)!.Opening);
        Assert.Equal(2, shop.House.Periods.List().Count);
        Assert.Equal(15_000, shop.House.Periods.Of(2)!.Lines.Single(l => l.Account == clearing).Net);
        Assert.Equal(8_000, shop.House.Periods.AsOf(End.AddMinutes(1)).Lines.Single(l => l.Account == clearing).Net);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Sell_WhileAPeriodIsClosed_LosesNothing()
    {
        using Shop shop = await Shop.OpenAsync(creditLimit: long.MaxValue);
        await shop.Buy(1);
        shop.Clock.Advance(TimeSpan.FromHours(2));
        Task<OrderOutcome.Issued>[] sales = [.. Enumerable.Range(2, 40).Select(i => shop.Buy(i, 10m))];
        ClosingOutcome closed = await Desk(shop).CloseAsync(End, "Ann", "Riverside Park", CancellationToken.None);
        await Task.WhenAll(sales);
        Assert.Equal(5_000, Assert.IsType<ClosingOutcome.Closed>(closed).Balance.Lines.Single(l => l.Account.ToString() == "clearing:wechat").Net);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task DatabaseWriter_WhoOpensAClosedPeriodAgain_IsNamedByTheAudit()
    {
        using Shop shop = await Shop.OpenAsync();
        await shop.Buy(1);
        await Close(shop, End);
        await shop.House.Database.WriteAsync(
            s => s.ExecuteScript("DROP TRIGGER ledger_period_stays; DROP TRIGGER ledger_period_line_stays; DELETE FROM ledger_period_line; DELETE FROM ledger_period"), CancellationToken.None);
        Assert.Contains("do not list", shop.House.Audit.Verify().Ledger.Problem);
    }

    private static ClosingDesk Desk(Shop shop) => new(shop.House, RootKey.OpenOrCreate(shop.Directory), shop.Clock);

    private static async Task<ClosingOutcome.Closed> Close(Shop shop, DateTimeOffset end, DateTimeOffset? closedAt = null)
    {
        shop.Clock.Set(closedAt ?? end.AddMinutes(20));
        using RootKey key = RootKey.OpenOrCreate(shop.Directory);
        return Assert.IsType<ClosingOutcome.Closed>(await new ClosingDesk(shop.House, key, shop.Clock).CloseAsync(end, "Ann", "Riverside Park", CancellationToken.None));
    }

    private static ClosingRefusal Refusal(ClosingOutcome outcome) => Assert.IsType<ClosingOutcome.Refused>(outcome).Code;
}
