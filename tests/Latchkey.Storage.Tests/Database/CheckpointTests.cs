using System.Buffers.Binary;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Database;

/// <summary>The write-ahead log is folded beside the writer, and begins again; a reader who still needs it is not disturbed.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Frames = 64;
    private static readonly RoomSchema Shelf = new("shelf", new Migration(1, "books", "CREATE TABLE shelf_book (id INTEGER PRIMARY KEY, text BLOB NOT NULL) STRICT"));
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ALogThatHasGrown_BeginsAgain()
    {
        using SqliteDatabase database = Open();
        long before = new FileInfo(_directory.File("latchkey.db")).Length;
        Assert.True(await WriteUntilAsync(database, () => Rounds() >= 3), "the log never began again");
        Assert.True(new FileInfo(_directory.File("latchkey.db")).Length > before, "nothing came into the file");
    }

    [Fact]
    public async Task AReaderOfAnOlderState_KeepsIt_AndHoldsTheLogOnlyWhileItReads()
    {
        using SqliteDatabase database = Open();
        await AddAsync(database);
        int rounds = 0;
        long seen = database.Read(s =>
        {
            long before = Count(s);
            rounds = Rounds();
            for (int i = 0; i < 4 * Frames; i++) AddAsync(database).GetAwaiter().GetResult();
            Assert.Equal(before, Count(s));
            Assert.Equal(rounds, Rounds());
            return before;
        });
        Assert.Equal(1, seen);
        Assert.True(await WriteUntilAsync(database, () => Rounds() > rounds), "the log did not begin again after the reader");
    }

    [Fact]
    public async Task TheFoldingThread_CopiesBeforeTheWriterDoes()
    {
        // The writer's own turn comes with its next commit, which never comes here: what is copied was copied beside it.
        using SqliteDatabase database = Open();
        long before = new FileInfo(_directory.File("latchkey.db")).Length;
        await database.WriteAsync(s => s.Execute("INSERT INTO shelf_book (text) VALUES (zeroblob(?1))", 2 * Frames * 4_096), CancellationToken.None);
        Assert.True(
            SpinWait.SpinUntil(() => new FileInfo(_directory.File("latchkey.db")).Length > before + (Frames * 4_096), TimeSpan.FromSeconds(60)),
            "nothing was copied");
    }

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path) { FramesBetweenCheckpoints = Frames }, TimeProvider.System, Shelf);

    private static async Task<bool> WriteUntilAsync(SqliteDatabase database, Func<bool> reached)
    {
        for (int i = 0; i < 10_000 && !reached(); i++) await AddAsync(database);
        return reached();
    }

    private static Task AddAsync(SqliteDatabase database) =>
        database.WriteAsync(s => s.Execute("INSERT INTO shelf_book (text) VALUES (zeroblob(3000))"), CancellationToken.None);

    private static long Count(SqliteSession session) => session.Scalar<long>("SELECT count(*) FROM shelf_book");

    /// <summary>How often the log has begun again, as its header says.</summary>
    /// <remarks>Source: the file format of SQLite, 4.1, WAL header, bytes 12 to 15.</remarks>
    private int Rounds()
    {
        using FileStream log = new(_directory.File("latchkey.db-wal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[32];
        return log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length ? (int)BinaryPrimitives.ReadUInt32BigEndian(header[12..]) : 0;
    }
}
