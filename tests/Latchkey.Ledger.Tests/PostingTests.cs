using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class PostingTests
{
    [Fact]
    public void Post_BalancedEntry_MovesBothTotals()
    {
        LedgerBook book = Open(500);
        Assert.Equal(PostResult.Posted, book.Post(Sale(2, 120)));
        Assert.Equal((-380, -120), (book.Find(Float)!.Balance.Net, book.Find(Revenue)!.Balance.Net));
    }

    [Fact]
    public void Post_TheSameEntryAgain_IsAReplayEvenAtAnotherTime()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        Assert.Equal(PostResult.AlreadyPosted, book.Post(Sale(2, 120) with { At = Noon.AddHours(1) }));
        Assert.Equal(2, book.Journal.Count);
    }

    [Fact]
    public void Post_TheSameIdWithOtherContent_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        Assert.Equal(PostResult.IdReusedWithOtherContent, book.Post(Sale(2, 121)));
        Assert.Equal(PostResult.IdReusedWithOtherContent, book.Post(Sale(2, 120) with { Memo = "other" }));
    }

    [Fact]
    public void Post_UnbalancedLegs_AreRefused() => AssertRefused(
        PostResult.Unbalanced, Posting.Debit(Bank, Cny, 10), Posting.Credit(Revenue, Cny, 9));

    [Fact]
    public void Post_LegsThatBalanceOnlyAcrossUnits_AreRefused() => AssertRefused(
        PostResult.Unbalanced, Posting.Debit(Bank, Cny, 10), Posting.Credit(Sold, Kwh, 10));

    [Fact]
    public void Post_OneAccountAlone_IsRefused() => AssertRefused(
        PostResult.Unbalanced, Posting.Debit(Bank, Cny, 10), Posting.Credit(Bank, Cny, 10));

    [Fact]
    public void Post_AZeroLeg_IsRefused() => AssertRefused(
        PostResult.Malformed, new Posting(Bank, Cny, 0), new Posting(Revenue, Cny, 0));

    [Fact]
    public void Post_NoLegs_IsRefused() => AssertRefused(PostResult.Malformed);

    [Fact]
    public void Post_TheSmallestLong_IsRefused() => AssertRefused(
        PostResult.Malformed, new Posting(Bank, Cny, long.MinValue), new Posting(Revenue, Cny, long.MaxValue), new Posting(Float, Cny, 1));

    [Fact]
    public void Post_AnUnknownAccount_IsRefused() => AssertRefused(
        PostResult.AccountNotFound, Posting.Debit(AccountId.Require("nobody"), Cny, 10), Posting.Credit(Revenue, Cny, 10));

    [Fact]
    public void Post_AnotherUnitThanTheAccounts_IsRefused() => AssertRefused(
        PostResult.UnitMismatch, Posting.Debit(Bank, Kwh, 10), Posting.Credit(Sold, Kwh, 10));

    [Fact]
    public void Post_OnAClosedAccount_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Amend(Float, a => a with { IsClosed = true });
        Assert.Equal(PostResult.AccountClosed, book.Post(Sale(2, 1)));
    }

    [Fact]
    public void Post_BeyondTheFloat_IsRefusedAndLeavesNothing()
    {
        LedgerBook book = Open(500);
        ChainHash head = book.Head;
        Assert.Equal(PostResult.InsufficientFunds, book.Post(Sale(2, 501)));
        Assert.Equal(head, book.Head);
    }

    [Fact]
    public void Post_WithinTheAllowance_IsTaken()
    {
        LedgerBook book = Open(500);
        book.Amend(Float, a => a with { Allowance = 1 });
        Assert.Equal(PostResult.Posted, book.Post(Sale(2, 501)));
    }

    [Fact]
    public void Post_GivingBackToAnAccountBeyondItsLimit_IsTaken()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 500));
        book.Amend(Float, a => a with { Allowance = -100 });
        Assert.Equal(PostResult.InsufficientFunds, book.Post(Sale(3, 1)));
        Assert.Equal(PostResult.Posted, book.Post(Deposit(4, 50)));
    }

    [Fact]
    public void Post_TotalsBeyond64Bits_AreRefusedNotWrapped()
    {
        LedgerBook book = Open();
        Assert.Equal(PostResult.Posted, book.Post(Deposit(1, long.MaxValue)));
        Assert.Equal(PostResult.TotalTooLarge, book.Post(Deposit(2, 1)));
    }

    [Fact]
    public void Post_MoneyAndEnergyTogether_BalanceEachForItself()
    {
        LedgerBook book = Open(500);
        JournalEntry sale = Sale(2, 120);
        Assert.Equal(PostResult.Posted, book.Post(sale with
        {
            Postings = [.. sale.Postings, Posting.Debit(Issued, Kwh, 24), Posting.Credit(Sold, Kwh, 24)],
        }));
        Assert.True(book.TrialBalance().IsBalanced);
        Assert.Equal(24, book.Find(Issued)!.Balance.Net);
    }

    [Fact]
    public void PostResult_Numbers_ArePinned() =>
        Assert.Equal(Enumerable.Range(0, 16), Enum.GetValues<PostResult>().Select(r => (int)r));

    [Fact]
    public void StoredEnums_Numbers_ArePinned()
    {
        Assert.Equal("Post=1 Hold=2 Settle=3 Void=4 Expire=5 Reversal=6 Close=7", Numbers<EntryKind>());
        Assert.Equal("Asset=1 Liability=2 Equity=3 Income=4 Expense=5 Memorandum=6", Numbers<AccountClass>());
        Assert.Equal("None=0 DebitsMustNotExceedCredits=1 CreditsMustNotExceedDebits=2", Numbers<AccountLimit>());
    }

    private static string Numbers<T>() where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(v => $"{v}={v:D}"));

    private static void AssertRefused(PostResult expected, params Posting[] postings) =>
        Assert.Equal(expected, Open(500).Post(JournalEntry.Post(Id(9), Noon, "x", postings)));
}
