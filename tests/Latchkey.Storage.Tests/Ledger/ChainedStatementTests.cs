using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Ledger;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Ledger;

/// <summary>Statements whose rows name the one before them: read from anywhere, brought over from files of the older form, and missed when the chain is cut.</summary>
public sealed class ChainedStatementTests : IDisposable
{
    private const int Rounds = 4, PerRound = 3;
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    private static readonly AccountId Bank = AccountId.Require("bank");
    private static readonly AccountId Float = AccountId.Require("float:shop-7");
    private static readonly AccountId Idle = AccountId.Require("idle");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Statement_FromAnywhere_IsWhatTheEntriesSay()
    {
        await FillAsync();
        using SqliteDatabase database = Open();
        var store = new SqliteLedgerStore(database);
        for (int after = 0; after <= Rounds * PerRound; after++)
        {
            IEnumerable<(long, long, long)> expected = Enumerable.Range(after + 1, (Rounds * PerRound) - after).Select(n => ((long)n, (long)n, (long)n * (n + 1) / 2));
            Assert.Equal(expected, store.Statement(Bank, after, 100).Select(l => (l.Sequence, l.Amount, (long)l.Balance)));
        }

        Assert.Empty(store.Statement(Idle, 0, 100));
    }

    [Fact]
    public async Task AFileOfTheOlderForm_IsBroughtOver()
    {
        await FillAsync();
        IReadOnlyList<StatementLine> before;
        using (SqliteDatabase database = Open())
        {
            before = new SqliteLedgerStore(database).Statement(Float, 0, 100);
            await database.WriteAsync(s => s.ExecuteScript(ToOlderForm), CancellationToken.None);
        }

        using SqliteDatabase again = Open();
        var store = new SqliteLedgerStore(again);
        Assert.Equal(before, store.Statement(Float, 0, 100));
        Assert.Null(Audit(store).Problem);
        await PostAsync(store, (Rounds * PerRound) + 1);
        Assert.Null(Audit(store).Problem);
        Assert.Equal(before.Count + 1, store.Statement(Float, 0, 100).Count);
    }

    [Theory]
    [InlineData("UPDATE ledger_account SET last_movements = NULL WHERE id = 'bank'")]
    [InlineData("UPDATE ledger_account SET last_movements = last_movements - 2 WHERE id = 'bank'")]
    [InlineData("UPDATE ledger_movements SET previous = NULL WHERE no = (SELECT last_movements FROM ledger_account WHERE id = 'bank')")]
    [InlineData("UPDATE ledger_movements SET previous = previous - 1 WHERE no = (SELECT last_movements FROM ledger_account WHERE id = 'bank')")]
    [InlineData("UPDATE ledger_account SET last_movements = (SELECT last_movements FROM ledger_account WHERE id = 'float:shop-7') WHERE id = 'bank'")]
    public async Task AChainThatSomebodyCut_IsNamedByTheAudit(string edit)
    {
        await FillAsync();
        using (SqliteDatabase database = Open()) await database.WriteAsync(s => s.ExecuteScript(edit), CancellationToken.None);
        using SqliteDatabase again = Open();
        Assert.Contains("the statement of account bank", Audit(new SqliteLedgerStore(again)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE ledger_account SET last_movements = 10000 WHERE id = 'bank'")]
    [InlineData("UPDATE ledger_account SET last_movements = (SELECT last_movements FROM ledger_account WHERE id = 'float:shop-7') WHERE id = 'bank'")]
    [InlineData("UPDATE ledger_movements SET previous = no WHERE no = (SELECT last_movements FROM ledger_account WHERE id = 'bank')")]
    public async Task AChainThatLeadsAstray_IsRefusedByTheReader(string edit)
    {
        await FillAsync();
        using (SqliteDatabase database = Open()) await database.WriteAsync(s => s.ExecuteScript(edit), CancellationToken.None);
        using SqliteDatabase again = Open();
        Assert.Equal(StorageFailure.Damaged, Assert.Throws<StorageException>(() => new SqliteLedgerStore(again).Statement(Bank, 0, 100)).Failure);
    }

    /// <summary>What the table was before, and the history as it stood then.</summary>
    private const string ToOlderForm = """
        CREATE TABLE older (
            account INTEGER NOT NULL REFERENCES ledger_account (no), last_sequence INTEGER NOT NULL REFERENCES ledger_entry (sequence),
            movements BLOB NOT NULL, balance INTEGER NOT NULL, PRIMARY KEY (account, last_sequence)) WITHOUT ROWID, STRICT;
        INSERT INTO older SELECT account, last_sequence, movements, balance FROM ledger_movements;
        DROP TABLE ledger_movements;
        ALTER TABLE older RENAME TO ledger_movements;
        ALTER TABLE ledger_account DROP COLUMN last_movements;
        DELETE FROM schema_history WHERE room = 'ledger' AND number = 5;
        """;

    private static AuditReport Audit(SqliteLedgerStore store) => store.Audit(records => LedgerAudit.Verify(records));

    /// <summary>A row of each statement for every opening of the books.</summary>
    private async Task FillAsync()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using SqliteDatabase database = Open();
            var store = new SqliteLedgerStore(database);
            if (round == 0)
            {
                foreach (AccountId id in new[] { Bank, Float, Idle }) await store.OpenAccountAsync(new LedgerAccount(id, Cny, AccountClass.Asset), CancellationToken.None);
            }

            for (int n = 1; n <= PerRound; n++) await PostAsync(store, (round * PerRound) + n);
        }
    }

    private static async Task PostAsync(SqliteLedgerStore store, int n)
    {
        var entry = JournalEntry.Post(new Guid(n, 0, 0, new byte[8]), DateTimeOffset.UnixEpoch, "deposit", Posting.Debit(Bank, Cny, n), Posting.Credit(Float, Cny, n));
        Assert.Equal(PostResult.Posted, await store.PostAsync(entry, CancellationToken.None));
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, LedgerSchema.Room);
}
