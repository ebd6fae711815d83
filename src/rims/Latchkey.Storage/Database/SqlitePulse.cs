namespace Latchkey.Storage;

/// <summary>Shows that the database takes a write and that the write is on disk.</summary>
public sealed class SqlitePulse(SqliteDatabase database)
{
    /// <summary>The room that <see cref="BeatAsync"/> writes into.</summary>
    public static RoomSchema Room { get; } = new("pulse", new Migration(1, "pulse", """
        CREATE TABLE server_pulse (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
        """));

    /// <exception cref="StorageException">The write was not taken.</exception>
    public Task BeatAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute("INSERT INTO server_pulse (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1", now.ToUnixTimeMilliseconds()), cancellationToken);
}
