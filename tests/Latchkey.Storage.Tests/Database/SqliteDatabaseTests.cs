using Latchkey.Testing;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Tests.Database;

public sealed partial class SqliteDatabaseTests : IDisposable
{
    private static readonly RoomSchema Shelf = new("shelf", new Migration(1, "books", "CREATE TABLE shelf_book (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE) STRICT"));
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WriteAsync_AnsweredWork_IsThereAfterReopening()
    {
        using (SqliteDatabase first = Open(Shelf)) await Add(first, "Ohm");
        using SqliteDatabase second = Open(Shelf);
        Assert.Equal(["Ohm"], Titles(second));
    }

    [Fact]
    public async Task Open_UsesWalAndFullSynchronousAndForeignKeys()
    {
        using SqliteDatabase database = Open(Shelf);
        (string, long, long) pragmas = await database.WriteAsync(
            s => (s.Scalar<string>("PRAGMA journal_mode"), s.Scalar<long>("PRAGMA synchronous"), s.Scalar<long>("PRAGMA foreign_keys")),
            CancellationToken.None);
        Assert.Equal(("wal", 2L, 1L), pragmas);
    }

    [Fact]
    public async Task WriteAsync_WorkThatThrows_LeavesNothingAndDoesNotHarmItsGroup()
    {
        using SqliteDatabase database = Open(Shelf);
        Task[] work =
        [
            Add(database, "Ohm"),
            database.WriteAsync(s => { Insert(s, "Volta"); throw new InvalidOperationException("no"); }, CancellationToken.None),
            Add(database, "Ampere"),
        ];
        await Assert.ThrowsAsync<InvalidOperationException>(() => work[1]);
        await Task.WhenAll(work[0], work[2]);
        Assert.Equal(["Ohm", "Ampere"], Titles(database));
    }

    [Fact]
    public async Task WriteAsync_BrokenConstraint_IsTheAnswerOfThatRequestAlone()
    {
        using SqliteDatabase database = Open(Shelf);
        await Add(database, "Ohm");
        await Assert.ThrowsAsync<SqliteException>(() => Add(database, "Ohm"));
        await Add(database, "Ampere");
        Assert.Equal(["Ohm", "Ampere"], Titles(database));
    }

    [Fact]
    public async Task WriteAsync_ManyCallersAtOnce_ShareCommits()
    {
        using SqliteDatabase database = Open(Shelf);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Add(database, "Book " + i)));
        (long commits, long requests) = database.WriteCounters;
        Assert.Equal(500, requests);
        Assert.True(commits < 250, $"{commits} commits for 500 requests");
    }

    [Fact]
    public async Task WriteAsync_OnAFullDisk_IsATypedFailureAndReadsGoOn()
    {
        using SqliteDatabase database = Open(Shelf);
        await Add(database, "Ohm");
        await LimitPages(database, 20);
        StorageException full = await Assert.ThrowsAsync<StorageException>(() => Add(database, new string('x', 200_000)));
        Assert.Equal(StorageFailure.DiskFull, full.Failure);
        Assert.True(full.IsTransient);
        Assert.Equal(["Ohm"], Titles(database));

        await LimitPages(database, 100_000);
        await Add(database, new string('x', 200_000));
    }

    [Fact]
    public async Task WriteAsync_OnAReadOnlyDatabase_IsRefused()
    {
        using (SqliteDatabase writable = Open(Shelf)) await Add(writable, "Ohm");
        using SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path) { ReadOnly = true }, TimeProvider.System, Shelf);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => Add(database, "Volta"));
        Assert.Equal(StorageFailure.ReadOnly, refused.Failure);
        Assert.Equal(["Ohm"], Titles(database));
    }

    [Fact]
    public async Task WriteAsync_AfterDispose_SaysClosed()
    {
        SqliteDatabase database = Open(Shelf);
        database.Dispose();
        Assert.Equal(StorageFailure.Closed, (await Assert.ThrowsAsync<StorageException>(() => Add(database, "Ohm"))).Failure);
    }

    [Fact]
    public async Task Read_DuringAWrite_SeesTheLastCommittedState()
    {
        using SqliteDatabase database = Open(Shelf);
        IReadOnlyList<string> seen = await database.WriteAsync(
            s =>
            {
                Insert(s, "Ohm");
                return Titles(database);
            },
            CancellationToken.None);
        Assert.Empty(seen);
        Assert.Equal(["Ohm"], Titles(database));
    }

    [Fact]
    public void Open_OfGarbage_SaysDamaged()
    {
        File.WriteAllBytes(_directory.File("latchkey.db"), [.. Enumerable.Range(0, 4096).Select(i => (byte)(i % 251))]);
        Assert.Equal(StorageFailure.Damaged, Assert.Throws<StorageException>(() => Open(Shelf)).Failure);
    }

    [Fact]
    public void Open_ADirectoryThatIsAFile_SaysCannotOpen()
    {
        File.WriteAllText(_directory.File("taken"), "x");
        StorageException failure = Assert.Throws<StorageException>(
            () => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.File("taken")), TimeProvider.System, Shelf));
        Assert.Equal(StorageFailure.CannotOpen, failure.Failure);
    }

    private SqliteDatabase Open(params RoomSchema[] rooms) => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, rooms);

    private static Task Add(SqliteDatabase database, string title) => database.WriteAsync(s => Insert(s, title), CancellationToken.None);

    private static void Insert(SqliteSession session, string title) => session.Execute("INSERT INTO shelf_book (title) VALUES (?1)", title);

    private static Task LimitPages(SqliteDatabase database, int pages) => database.WriteAsync(
        s => s.ExecuteScript($"PRAGMA max_page_count = {pages}"), CancellationToken.None);

    private static IReadOnlyList<string> Titles(SqliteDatabase database) =>
        database.Read(s => s.Query("SELECT title FROM shelf_book ORDER BY id", row => row.GetString(0)));
}
