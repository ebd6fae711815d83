using Latchkey.Testing;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Tests.Database;

public sealed class SqliteMigrationTests : IDisposable
{
    private static readonly Migration First = new(1, "books", "CREATE TABLE shelf_book (title TEXT NOT NULL) STRICT; INSERT INTO shelf_book VALUES ('Ohm');");
    private static readonly Migration Second = new(2, "authors", "ALTER TABLE shelf_book ADD COLUMN author TEXT", Check: "SELECT count(*) FROM shelf_book WHERE title = ''");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_AnOlderFile_RunsOnlyWhatIsNew()
    {
        Open(new RoomSchema("shelf", First)).Dispose();
        using SqliteDatabase database = Open(new RoomSchema("shelf", First, Second));
        Assert.Equal(1, database.Read(s => s.Scalar<long>("SELECT count(*) FROM shelf_book WHERE author IS NULL")));
    }

    [Fact]
    public void Open_ANewerFile_IsRefusedByName()
    {
        Open(new RoomSchema("shelf", First, Second)).Dispose();
        StorageException refused = Assert.Throws<StorageException>(() => Open(new RoomSchema("shelf", First)));
        Assert.Equal(StorageFailure.NewerSchema, refused.Failure);
        Assert.Contains("'shelf' is at version 2; this program knows up to 1", refused.Message);
    }

    [Fact]
    public void Open_AFileMigratedByOtherStatements_IsRefused()
    {
        Open(new RoomSchema("shelf", First)).Dispose();
        RoomSchema edited = new("shelf", First with { Sql = First.Sql + " " });
        Assert.Equal(StorageFailure.SchemaDiffers, Assert.Throws<StorageException>(() => Open(edited)).Failure);
    }

    [Fact]
    public void Open_AMigrationThatBreaks_LeavesTheFileAsItWas()
    {
        Open(new RoomSchema("shelf", First)).Dispose();
        Migration broken = new(2, "broken", "DELETE FROM shelf_book; SELECT nonsense FROM nowhere;");
        Assert.Throws<StorageException>(() => Open(new RoomSchema("shelf", First, broken)));
        using SqliteDatabase database = Open(new RoomSchema("shelf", First));
        Assert.Equal(1, database.Read(s => s.Scalar<long>("SELECT count(*) FROM shelf_book")));
    }

    [Fact]
    public void Open_AMigrationWhoseCheckFails_IsUndone()
    {
        Migration careless = new(2, "careless", "UPDATE shelf_book SET title = ''", Check: Second.Check);
        StorageException refused = Assert.Throws<StorageException>(() => Open(new RoomSchema("shelf", First, careless)));
        Assert.Contains("left 1 rows", refused.Message);
        using SqliteDatabase database = Open(new RoomSchema("shelf", First));
        Assert.Equal("Ohm", database.Read(s => s.Scalar<string>("SELECT title FROM shelf_book")));
    }

    [Fact]
    public void Open_SeveralRooms_EachKeepsItsOwnNumbers()
    {
        RoomSchema other = new("other", new Migration(1, "t", "CREATE TABLE other_t (a INTEGER) STRICT"));
        Open(new RoomSchema("shelf", First)).Dispose();
        using SqliteDatabase database = Open(new RoomSchema("shelf", First, Second), other);
        Assert.Equal(3, database.Read(s => s.Scalar<long>("SELECT count(*) FROM schema_history")));
    }

    [Fact]
    public void RoomSchema_WithAGapInItsNumbers_IsAFaultOfTheProgram() =>
        Assert.Throws<ArgumentException>(() => new RoomSchema("shelf", First, Second with { Number = 3 }));

    private SqliteDatabase Open(params RoomSchema[] rooms) => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, rooms);
}
