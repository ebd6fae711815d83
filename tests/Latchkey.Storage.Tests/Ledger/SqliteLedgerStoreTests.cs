using CsCheck;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Ledger;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Ledger;

public sealed class SqliteLedgerStoreTests : IDisposable
{
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    private static readonly AccountId Bank = AccountId.Require("bank");
    private static readonly AccountId Float = AccountId.Require("float:shop-7");
    private static readonly AccountId Revenue = AccountId.Require("revenue:energy");
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly LedgerAccount[] Accounts =
    [
        new(Bank, Cny, AccountClass.Asset),
        new(Float, Cny, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits),
        new(Revenue, Cny, AccountClass.Income),
    ];

    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase _database;

    public SqliteLedgerStoreTests() => _database = OpenDatabase();

    private SqliteLedgerStore Store => new(_database);

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task PostAsync_AnyEntries_AgreesWithTheBooksInMemory() => await Operations.Array[1, 40].SampleAsync(
        async entries =>
        {
            using var directory = new TemporaryDirectory();
            using SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(directory.Path), TimeProvider.System, LedgerSchema.Room);
            var store = new SqliteLedgerStore(database);
            var model = new LedgerBook();
            foreach (LedgerAccount account in Accounts)
            {
                model.Open(account);
                Assert.True(await store.OpenAccountAsync(account, CancellationToken.None));
            }

            foreach (JournalEntry entry in entries) Assert.Equal(model.Post(entry), await store.PostAsync(entry, CancellationToken.None));
            Assert.Equal(model.TrialBalance().Accounts, store.TrialBalance().Accounts);
            AuditReport audit = store.Audit(records => LedgerAudit.Verify(records));
            Assert.Equal((null, model.Head), (audit.Problem, audit.Head));
        },
        iter: 25);

    [Fact]
    public async Task PostAsync_SentAgainAfterReopening_IsAReplay()
    {
        await OpenAccounts();
        await Post(Deposit(1, 500));
        Reopen();
        Assert.Equal(PostResult.AlreadyPosted, await Post(Deposit(1, 500)));
        Assert.Equal(PostResult.IdReusedWithOtherContent, await Post(Deposit(1, 501)));
        Assert.Equal(500, Store.FindAccount(Bank)!.Balance.Net);
    }

    [Fact]
    public async Task PostAsync_OneFloatFromManySides_NeverPassesItsLimit()
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        PostResult[] results = await Task.WhenAll(Enumerable.Range(2, 100).Select(i => Post(Sale(i, 30))));
        Assert.Equal(33, results.Count(r => r == PostResult.Posted));
        Assert.Equal(67, results.Count(r => r == PostResult.InsufficientFunds));
        Assert.Equal(10, Store.FindAccount(Float)!.Available);
    }

    [Fact]
    public async Task PostAsync_BesideRequestsThatAreUndone_KeepsNothingOfThem()
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        LedgerAccount fresh = new(AccountId.Require("fresh"), Cny, AccountClass.Asset);
        Task[] group =
        [
            Post(Sale(2, 10)),
            Undone(s => LedgerWriter.Post(s, Sale(3, 500))),
            Post(Sale(4, 20)),
            Undone(s =>
            {
                LedgerWriter.Open(s, fresh);
                LedgerWriter.Post(s, JournalEntry.Post(Id(5), Noon, "x", Posting.Debit(fresh.Id, Cny, 7), Posting.Credit(Bank, Cny, 7)));
            }),
            Store.OpenAccountAsync(fresh with { Id = AccountId.Require("other") }, CancellationToken.None),
            Undone(s => LedgerWriter.Close(s, Float)),
            Post(Sale(6, 30)),
        ];
        await Task.WhenAll(group);

        Assert.Equal((940, -60), (Store.FindAccount(Float)!.Available, Store.FindAccount(Revenue)!.Balance.Net));
        Assert.Equal(PostResult.AccountNotFound, await Post(JournalEntry.Post(Id(7), Noon, "x", Posting.Debit(fresh.Id, Cny, 7), Posting.Credit(Bank, Cny, 7))));
        Assert.Equal(PostResult.Posted, await Post(Sale(3, 5)));
        Assert.Equal([10, 20, 30, 5], Store.Statement(Float, 1, 10).Select(l => l.Amount));
        Assert.Null(Store.Audit(records => LedgerAudit.Verify(records)).Problem);
    }

    [Fact]
    public async Task PostAsync_AfterAnotherProcessHasPosted_BuildsOnItsEntries()
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        using (SqliteDatabase other = OpenDatabase())
        {
            Assert.Equal(PostResult.Posted, await new SqliteLedgerStore(other).PostAsync(Sale(2, 990), CancellationToken.None));
        }

        Assert.Equal(PostResult.InsufficientFunds, await Post(Sale(3, 11)));
        Assert.Equal(PostResult.Posted, await Post(Sale(4, 10)));
        Assert.Null(Store.Audit(records => LedgerAudit.Verify(records)).Problem);
    }

    [Fact]
    public async Task OpenAccountAsync_WithOtherTerms_IsRefused()
    {
        await OpenAccounts();
        Assert.True(await Store.OpenAccountAsync(Accounts[1], CancellationToken.None));
        Assert.False(await Store.OpenAccountAsync(Accounts[1] with { Limit = AccountLimit.None }, CancellationToken.None));
    }

    [Fact]
    public async Task CloseAccountAsync_EndsNewBusiness()
    {
        await OpenAccounts();
        await Store.CloseAccountAsync(Bank, CancellationToken.None);
        Assert.Equal(PostResult.AccountClosed, await Post(Deposit(1, 5)));
    }

    [Fact]
    public async Task Statement_ByPages_CarriesTheBalanceOn()
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        for (int i = 2; i <= 6; i++) await Post(Sale(i, i));
        IReadOnlyList<StatementLine> first = Store.Statement(Float, 0, 4);
        IReadOnlyList<StatementLine> second = Store.Statement(Float, first[^1].Sequence, 4);
        Assert.Equal([-1000, -998, -995, -991, -986, -980], first.Concat(second).Select(l => l.Balance));
    }

    [Fact]
    public async Task Statement_OfHugeAmounts_DoesNotOverflow()
    {
        await OpenAccounts();
        await Store.OpenAccountAsync(new LedgerAccount(AccountId.Require("other"), Cny, AccountClass.Asset), CancellationToken.None);
        long huge = long.MaxValue / 2;
        await Post(Deposit(1, huge));
        await Post(Deposit(2, huge));
        await Post(JournalEntry.Post(Id(3), Noon, "out", Posting.Credit(Bank, Cny, 5), Posting.Debit(AccountId.Require("other"), Cny, 5)));
        Assert.Equal((Int128)huge + huge - 5, Store.Statement(Bank, 2, 1).Single().Balance);
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET canonical = zeroblob(80) WHERE sequence = 4", 4)]
    [InlineData("DELETE FROM ledger_entry WHERE sequence = 3", 3)]
    [InlineData("DELETE FROM ledger_entry WHERE sequence = 6", 6)]
    [InlineData("UPDATE ledger_entry SET hash = zeroblob(32) WHERE sequence = 2", 2)]
    [InlineData("UPDATE ledger_entry SET id = zeroblob(16) WHERE sequence = 5", 5)]
    public async Task Audit_OfAFileSomebodyEdited_NamesTheRecord(string edit, long expected)
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        for (int i = 2; i <= 6; i++) await Post(Sale(i, i));
        Reopen(); // totals and statements are written when the books are closed
        await Tamper(edit);
        Assert.Equal(expected, Store.Audit(records => LedgerAudit.Verify(records)).FirstBadSequence);
    }

    [Theory]
    [InlineData("UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE id = 'float:shop-7'", "account float:shop-7 stores")]
    [InlineData("DELETE FROM ledger_movements WHERE last_sequence = 6", "the statement of account")]
    [InlineData("DELETE FROM ledger_movements; DELETE FROM ledger_entry", "record 1 is missing")]
    public async Task Audit_OfEditedTotals_NamesTheAccount(string edit, string expected)
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        for (int i = 2; i <= 6; i++) await Post(Sale(i, i));
        Reopen(); // totals and statements are written when the books are closed
        await Tamper(edit);
        Assert.Contains(expected, Store.Audit(records => LedgerAudit.Verify(records)).Problem);
    }

    [Fact]
    public async Task Entry_EditedThroughTheProgramsOwnConnection_IsRefusedByTheTable()
    {
        await OpenAccounts();
        await Post(Deposit(1, 1_000));
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => _database.WriteAsync(s => s.Execute("DELETE FROM ledger_entry"), CancellationToken.None));
    }

    private static readonly Gen<JournalEntry> Operations = Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8], Gen.Long[1, 300], Gen.Int[0, 6])
        .Select((id, other, amount, kind) => kind switch
        {
            0 or 1 => Deposit(id, amount),
            2 => Sale(id, amount),
            3 => Hold(id, amount),
            4 => JournalEntry.Settle(Id(id), Noon, Hold(other, amount)),
            5 => JournalEntry.Void(Id(id), Noon, Id(other), "void"),
            _ => JournalEntry.Reverse(Id(id), Noon, Sale(other, amount), "reverse"),
        });

    private static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private static JournalEntry Deposit(int id, long amount) =>
        JournalEntry.Post(Id(id), Noon, "deposit", Posting.Debit(Bank, Cny, amount), Posting.Credit(Float, Cny, amount));

    private static JournalEntry Sale(int id, long amount) =>
        JournalEntry.Post(Id(id), Noon, "sale", Posting.Debit(Float, Cny, amount), Posting.Credit(Revenue, Cny, amount));

    private static JournalEntry Hold(int id, long amount) =>
        JournalEntry.Hold(Id(id), Noon, "sale", Noon, Posting.Debit(Float, Cny, amount), Posting.Credit(Revenue, Cny, amount));

    /// <summary>Work that changes the books and then thinks better of it.</summary>
    private Task Undone(Action<SqliteSession> work) => Assert.ThrowsAsync<InvalidOperationException>(() => _database.WriteAsync(
        s =>
        {
            work(s);
            throw new InvalidOperationException("undo");
        },
        CancellationToken.None));

    private Task<PostResult> Post(JournalEntry entry) => Store.PostAsync(entry, CancellationToken.None);

    private async Task OpenAccounts()
    {
        foreach (LedgerAccount account in Accounts) await Store.OpenAccountAsync(account, CancellationToken.None);
    }

    /// <summary>What somebody with the file and a tool can do: no triggers, no foreign keys.</summary>
    private async Task Tamper(string sql) => await _database.WriteAsync(
        s => s.ExecuteScript("DROP TRIGGER ledger_entry_is_final; DROP TRIGGER ledger_entry_stays; PRAGMA defer_foreign_keys = ON; " + sql
            + "; DELETE FROM ledger_movements WHERE last_sequence NOT IN (SELECT sequence FROM ledger_entry)"),
        CancellationToken.None);

    private void Reopen()
    {
        _database.Dispose();
        _database = OpenDatabase();
    }

    private SqliteDatabase OpenDatabase() => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, LedgerSchema.Room);
}
