using CsCheck;
using static Latchkey.Ledger.Tests.Books;

namespace Latchkey.Ledger.Tests;

public sealed class LedgerLawTests
{
    // Few ids and small amounts, so that replays, reuse, conflicts and full floats all happen often.
    private static readonly Gen<JournalEntry> Entries = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Long[1, 300], Gen.Int[0, 6])
        .Select((id, other, amount, kind) => kind switch
        {
            0 => Deposit(id, amount),
            1 => Sale(id, amount),
            2 => HeldSale(id, amount, Noon),
            3 => JournalEntry.Settle(Id(id), Noon, HeldSale(other, amount)),
            4 => JournalEntry.Void(Id(id), Noon, Id(other), "void"),
            5 => JournalEntry.Expire(Id(id), Noon, Id(other), "expire"),
            _ => JournalEntry.Reverse(Id(id), Noon, Sale(other, amount), "reverse"),
        });

    [Fact]
    public void Books_AfterAnyEntries_BalanceAndStayWithinLimits() => Entries.Array[0, 60].Sample(entries =>
    {
        LedgerBook book = Open(400);
        foreach (JournalEntry entry in entries) book.Post(entry);
        Assert.True(book.TrialBalance().IsBalanced);
        Assert.DoesNotContain(book.Accounts, a => a.PassesLimit(a.Balance));
    });

    [Fact]
    public void Post_WhateverWasPosted_IsAReplayTheSecondTime() => Entries.Array[0, 40].Sample(entries =>
    {
        LedgerBook book = Open(400);
        JournalEntry[] posted = [.. entries.Where(e => book.Post(e) == PostResult.Posted)];
        ChainHash head = book.Head;
        Assert.All(posted, e => Assert.Equal(PostResult.AlreadyPosted, book.Post(e)));
        Assert.Equal(head, book.Head);
    });

    [Fact]
    public void Audit_OfAnyBooks_FindsThemIntact() => Entries.Array[0, 60].Sample(entries =>
    {
        LedgerBook book = Open(400);
        foreach (JournalEntry entry in entries) book.Post(entry);
        AuditReport report = LedgerAudit.Verify(BookRecords.Of(book));
        Assert.Null(report.Problem);
        Assert.Equal(book.Head, report.Head);
    });

    [Fact]
    public void Rules_SeeEveryResult()
    {
        var seen = new HashSet<PostResult>();
        Entries.Array[60].Sample(
            entries =>
            {
                LedgerBook book = Open(400);
                foreach (JournalEntry entry in entries)
                {
                    PostResult result = book.Post(entry);
                    lock (seen) seen.Add(result);
                }
            },
            iter: 2_000); // so many that a draw which misses one of them is not to be met
        PostResult[] expected =
        [
            PostResult.Posted, PostResult.AlreadyPosted, PostResult.IdReusedWithOtherContent, PostResult.ReferenceNotFound,
            PostResult.AlreadyConcluded, PostResult.ReferenceMismatch, PostResult.InsufficientFunds,
        ];
        Assert.Superset(expected.ToHashSet(), seen);
    }
}
