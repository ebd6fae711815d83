using CsCheck;
using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class PeriodTests
{
    private static readonly DateTimeOffset End = Noon.AddHours(1);
    private static readonly DateTimeOffset Through = End - AccountingPeriod.Step;

    [Fact]
    public void Close_MovesIncomeToTheResultAndRefusesWhatIsDatedBefore()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        Assert.Equal(PostResult.Posted, Close(book, 50));
        Assert.Equal((0, -120), (Net(book, Revenue), Net(book, PeriodClosing.Result(Cny).Id)));
        Assert.Equal(PostResult.PeriodClosed, book.Post(Sale(3, 1)));
        Assert.Equal(PostResult.PeriodClosed, book.Post(Sale(3, 1) with { At = Through }));
        Assert.Equal(PostResult.Posted, book.Post(Sale(3, 1) with { At = End }));
        Assert.Equal(End, (Sale(4, 1) with { At = Noon }).InOpenPeriod(book.ClosedThrough).At);
    }

    [Fact]
    public void Close_OfAClosedPeriod_IsRefused()
    {
        LedgerBook book = Open(500);
        Close(book, 50);
        Assert.Equal(PostResult.PeriodClosed, book.Post(new JournalEntry(Id(51), EntryKind.Close, Noon, "again", [])));
        Assert.Equal(PostResult.ReferenceNotFound, book.Post(JournalEntry.Reverse(Id(52), End, book.Find(Id(50))! with { Postings = Sale(1, 5).Postings }, "open it")));
    }

    [Fact]
    public void Close_ThatMovesAFloat_IsNoClosing()
    {
        LedgerBook book = Open(500);
        book.Open(PeriodClosing.Result(Cny));
        var entry = new JournalEntry(Id(50), EntryKind.Close, Through, "theft", [Posting.Debit(Float, Cny, 5), Posting.Credit(PeriodClosing.Result(Cny).Id, Cny, 5)]);
        Assert.Equal(PostResult.NotAClosing, book.Post(entry));
    }

    [Fact]
    public void Hold_ThatCrossesTheEnd_StaysPendingAndSettlesInTheNewPeriod()
    {
        LedgerBook book = Open(500);
        book.Post(HeldSale(2, 120));
        PeriodBalance balance = BalanceOf(book, Through);
        Assert.Equal(120, balance.Lines.Single(l => l.Account == Float).Totals.DebitsPending);
        Close(book, 50);
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Settle(Id(3), End, HeldSale(2, 120))));
        Assert.Equal(-120, Net(book, Revenue));
    }

    [Fact]
    public void Correction_OfAClosedPeriod_IsANewEntryThatNamesTheOld()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        Close(book, 50);
        Assert.Equal(PostResult.Posted, book.Post(JournalEntry.Reverse(Id(3), End, Sale(2, 120), "priced wrongly")));
        Assert.Equal((Id(2), 120), (book.Find(Id(3))!.Refers, Net(book, Revenue)));
    }

    [Fact]
    public void Audit_OfClosedBooksWhoseEntriesComeInAnyOrderOfTime_FindsThemIntact() =>
        Gen.Select(Gen.Int[0, 240], Gen.Long[1, 9]).Array[1, 40].Sample(sales =>
        {
            (LedgerBook book, BookRecords records) = Closed(sales);
            Assert.Null(LedgerAudit.Verify(records).Problem);
            Assert.Equal(-sales.Where(s => s.Item1 < 60).Sum(s => s.Item2), Net(book, PeriodClosing.Result(Cny).Id));
        });

    [Fact]
    public void Audit_OfAPeriodThatIsNotListed_NamesItsClosing()
    {
        BookRecords records = Closed([(0, 5)]).Records;
        records.Periods = [];
        Assert.Contains("do not list", LedgerAudit.Verify(records).Problem);
        records.Periods = [new AccountingPeriod(1, 3, Through, 1, "Ann", End), new AccountingPeriod(2, 9, End.AddDays(1), 1, "Ann", End)];
        Assert.Contains("no entry has closed", LedgerAudit.Verify(records).Problem);
    }

    [Fact]
    public void Audit_OfAClosingWithAnotherTrialBalance_NamesIt()
    {
        LedgerBook book = Open(500);
        PeriodBalance early = BalanceOf(book, Through);
        book.Post(Sale(2, 120));
        book.Post(PeriodClosing.Entry(Id(50), early)!);
        BookRecords records = BookRecords.Of(book);
        records.Periods = [new AccountingPeriod(1, 3, Through, 4, "Ann", End)];
        AuditReport report = LedgerAudit.Verify(records);
        Assert.Equal(3, report.FirstBadSequence);
        Assert.Contains("another trial balance", report.Problem);
    }

    [Fact]
    public void Audit_OfAClosingThatLeavesTheProfitWhereItWas_NamesIt()
    {
        LedgerBook book = Open(500);
        book.Post(Sale(2, 120));
        book.Post(PeriodClosing.Entry(Id(50), BalanceOf(book, Through))! with { Postings = [] });
        BookRecords records = BookRecords.Of(book);
        records.Periods = [new AccountingPeriod(1, 3, Through, 4, "Ann", End)];
        Assert.Contains("another result", LedgerAudit.Verify(records).Problem);
    }

    [Fact]
    public void Audit_OfAnEntryWrittenIntoAClosedPeriod_NamesIt()
    {
        LedgerBook book = Open(500);
        Close(book, 50);
        BookRecords records = BookRecords.Of(book);
        records.Periods = [new AccountingPeriod(1, 2, Through, 3, "Ann", End)];
        byte[] late = EntryCodec.Encode(3, Sale(9, 5));
        records.Records.Add(new LedgerRecord(3, Id(9), late, new ChainHash(records.Records[^1].Hash.Span).Next(late).ToArray()));
        AuditReport report = LedgerAudit.Verify(records);
        Assert.Equal(3, report.FirstBadSequence);
        Assert.Contains("PeriodClosed", report.Problem);
    }

    /// <summary>Sales at so many minutes past noon, in the order given, those of the first hour closed.</summary>
    private static (LedgerBook Book, BookRecords Records) Closed((int Minute, long Amount)[] sales)
    {
        LedgerBook book = Open(5_000);
        for (int i = 0; i < sales.Length; i++)
            Assert.Equal(PostResult.Posted, book.Post(Sale(i + 2, sales[i].Amount) with { At = Noon.AddMinutes(sales[i].Minute) }));
        Assert.Equal(PostResult.Posted, Close(book, 900));
        book.Post(Sale(901, 7) with { At = End.AddHours(4) });
        BookRecords records = BookRecords.Of(book);
        records.Periods = [new AccountingPeriod(1, sales.Length + 2, Through, 1, "Ann", End)];
        return (book, records);
    }

    private static PostResult Close(LedgerBook book, int id)
    {
        book.Open(PeriodClosing.Result(Cny));
        return book.Post(PeriodClosing.Entry(Id(id), BalanceOf(book, Through))!);
    }

    /// <summary>The plain way: every entry dated no later, added up.</summary>
    private static PeriodBalance BalanceOf(LedgerBook book, DateTimeOffset through)
    {
        var totals = new Dictionary<AccountId, BalanceChange>();
        foreach (JournalEntry entry in book.Journal.Select(e => e.Entry).Where(e => e.At <= through))
        {
            foreach ((AccountId account, BalanceChange change) in BalanceChange.Of(entry, entry.Refers is { } id ? book.Find(id) : null))
                totals[account] = totals.GetValueOrDefault(account).And(change);
        }

        return PeriodBalance.Of(through, totals, book.Find);
    }

    private static long Net(LedgerBook book, AccountId account) => (long)(book.Find(account)?.Balance.Net ?? 0);
}
