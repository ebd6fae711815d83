using CsCheck;
using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class LedgerAuditTests
{
    [Fact]
    public void Verify_WithAnyOneBitOfAnyRecordFlipped_NamesThatRecord() =>
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 1_000_000]).Sample((index, bit) =>
        {
            BookRecords records = TwentySales();
            byte[] spoiled = records.Records[index].Canonical.ToArray();
            bit %= spoiled.Length * 8;
            spoiled[bit / 8] ^= (byte)(1 << (bit % 8));
            records.Records[index] = records.Records[index] with { Canonical = spoiled };
            Assert.Equal(index + 1, LedgerAudit.Verify(records).FirstBadSequence);
        });

    [Fact]
    public void Verify_AMissingRecord_IsNamed()
    {
        BookRecords records = TwentySales();
        records.Records.RemoveAt(6);
        AuditReport report = LedgerAudit.Verify(records);
        Assert.Equal((7, 6), (report.FirstBadSequence, report.EntriesRead));
        Assert.Contains("missing", report.Problem);
    }

    [Fact]
    public void Verify_AForgedRecordWithAFreshHash_BreaksTheOneAfterIt()
    {
        BookRecords records = TwentySales();
        byte[] forged = EntryCodec.Encode(7, Sale(900, 5));
        ChainHash before = new(records.Records[5].Hash.Span);
        records.Records[6] = new LedgerRecord(7, Id(900), forged, before.Next(forged).ToArray());
        Assert.Equal(8, LedgerAudit.Verify(records).FirstBadSequence);
    }

    [Fact]
    public void Verify_AWholeForgedTail_ShowsInTheTotals()
    {
        BookRecords records = TwentySales();
        records.Records.RemoveRange(15, 5);
        AuditReport report = LedgerAudit.Verify(records);
        Assert.Null(report.FirstBadSequence);
        Assert.Contains("float:shop-7", report.Problem);
    }

    [Fact]
    public void Verify_AnEditedTotal_NamesTheAccount()
    {
        BookRecords records = TwentySales();
        records.Accounts = [.. records.Accounts.Select(a => a.Id == Revenue ? a with { Balance = a.Balance with { CreditsPosted = 1 } } : a)];
        Assert.Contains("account revenue:energy stores", LedgerAudit.Verify(records).Problem);
    }

    [Fact]
    public void Verify_AnEditedStatement_NamesTheAccount()
    {
        BookRecords records = TwentySales();
        records.IndexedNet = new Dictionary<AccountId, Int128>(records.IndexedNet) { [Bank] = 3 };
        Assert.Contains("statement of account bank", LedgerAudit.Verify(records).Problem);
    }

    [Fact]
    public void Verify_ARuleBrokenWithAGoodHash_IsNamed()
    {
        BookRecords records = TwentySales();
        JournalEntry unbalanced = Sale(900, 5) with { Postings = [Posting.Debit(Float, Cny, 5), Posting.Credit(Revenue, Cny, 4)] };
        byte[] bytes = EntryCodec.Encode(21, unbalanced);
        records.Records.Add(new LedgerRecord(21, Id(900), bytes, new ChainHash(records.Records[^1].Hash.Span).Next(bytes).ToArray()));
        Assert.Contains("Unbalanced", LedgerAudit.Verify(records).Problem);
    }

    private static BookRecords TwentySales()
    {
        LedgerBook book = Open(10_000);
        for (int i = 2; i <= 20; i++) book.Post(Sale(i, i));
        return BookRecords.Of(book);
    }
}
