using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class HoldTests
{
    [Fact]
    public void Hold_CountsAgainstTheLimitButMovesNothing()
    {
        LedgerBook book = Open(500);
        Assert.Equal(PostResult.Posted, book.Post(HeldSale(2, 400)));
        Assert.Equal((100, 0), (book.Find(Float)!.Available, book.Find(Revenue)!.Balance.Net));
        Assert.Equal(PostResult.InsufficientFunds, book.Post(Sale(3, 101)));
    }

    [Fact]
    public void Settle_MovesWhatWasHeld()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400));
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Settle(Id(3), Noon, HeldSale(2, 400))));
        Assert.Equal(new AccountBalance(400, 500, 0, 0), book.Find(Float)!.Balance);
    }

    [Fact]
    public void Settle_APart_FreesTheRest()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400));
        JournalEntry part = JournalEntry.Settle(Id(3), Noon, HeldSale(2, 400)) with { Postings = Sale(0, 150).Postings };
        Assert.Equal(PostResult.Posted, book.Post(part));
        Assert.Equal((350, 0L), (book.Find(Float)!.Available, book.Find(Float)!.Balance.DebitsPending));
    }

    [Fact]
    public void Settle_MoreThanHeldOrElsewhere_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400));
        JournalEntry settle = JournalEntry.Settle(Id(3), Noon, HeldSale(2, 400));
        Assert.Equal(PostResult.ReferenceMismatch, book.Post(settle with { Postings = Sale(0, 401).Postings }));
        Assert.Equal(PostResult.ReferenceMismatch, book.Post(settle with { Postings = Deposit(0, 400).Postings }));
    }

    [Theory]
    [InlineData(EntryKind.Settle)]
    [InlineData(EntryKind.Void)]
    public void Hold_EndsOnce(EntryKind second)
    {
        LedgerBook book = Open(500);
        JournalEntry hold = HeldSale(2, 400);
        book.Post(hold);
        book.Post(JournalEntry.Void(Id(3), Noon, hold.Id, "changed his mind"));
        JournalEntry again = second == EntryKind.Settle ? JournalEntry.Settle(Id(4), Noon, hold) : JournalEntry.Void(Id(4), Noon, hold.Id, "again");
        Assert.Equal(PostResult.AlreadyConcluded, book.Post(again));
        Assert.Equal(500, book.Find(Float)!.Available);
    }

    [Fact]
    public void Expire_BeforeItsTime_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400, Noon.AddMinutes(5)));
        Assert.Equal(PostResult.NotYetExpired, book.Post(JournalEntry.Expire(Id(3), Noon.AddMinutes(4), Id(2), "late")));
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Expire(Id(3), Noon.AddMinutes(5), Id(2), "late")));
    }

    [Fact]
    public void Expire_AHoldWithoutATime_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400));
        Assert.Equal(PostResult.NotYetExpired, book.Post(JournalEntry.Expire(Id(3), Noon.AddYears(1), Id(2), "late")));
    }

    [Fact]
    public void Settle_OnAnAccountClosedMeanwhile_IsTaken()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 400));
        book.Amend(Float, a => a with { IsClosed = true });
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Settle(Id(3), Noon, HeldSale(2, 400))));
    }

    [Fact]
    public void Void_OfWhatIsNoHold_IsRefused()
    {
        LedgerBook book = Open(500);
        Assert.Equal(PostResult.ReferenceNotFound, book.Post(JournalEntry.Void(Id(3), Noon, Id(1), "no hold")));
        Assert.Equal(PostResult.ReferenceNotFound, book.Post(JournalEntry.Void(Id(3), Noon, Id(77), "nothing")));
    }

    [Fact]
    public void Reversal_MovesBackOnceAndKeepsTheOldEntry()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Reverse(Id(3), Noon, Sale(2, 120), "wrong room")));
        Assert.Equal((-500, 3), (book.Find(Float)!.Balance.Net, book.Journal.Count));
        Assert.Equal(PostResult.AlreadyConcluded, book.Post(JournalEntry.Reverse(Id(4), Noon, Sale(2, 120), "again")));
    }

    [Fact]
    public void Reversal_ThatIsNotTheExactOpposite_IsRefused()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        JournalEntry reversal = JournalEntry.Reverse(Id(3), Noon, Sale(2, 119), "wrong amount");
        Assert.Equal(PostResult.ReferenceMismatch, book.Post(reversal));
    }
}
