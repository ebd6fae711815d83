using System.Globalization;

namespace Latchkey.Storage;

/// <summary>Brings a file to the schema this program carries, one transaction per migration, and refuses a file that is ahead of it.</summary>
internal sealed class SqliteMigrator(SqliteSession session, TimeProvider time)
{
    private const string CreateHistory = """
        CREATE TABLE IF NOT EXISTS schema_history (
            room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL, applied_at TEXT NOT NULL,
            PRIMARY KEY (room, number)) WITHOUT ROWID, STRICT
        """;

    public void Run(IReadOnlyList<RoomSchema> rooms)
    {
        InTransaction(() => session.Execute(CreateHistory));
        foreach (RoomSchema room in rooms)
        {
            int applied = RequireKnown(room);
            foreach (Migration migration in room.Migrations.Skip(applied)) InTransaction(() => Apply(room.Room, migration));
        }
    }

    /// <summary>How many of the room's migrations the file has, each being the one this program knows.</summary>
    private int RequireKnown(RoomSchema room)
    {
        IReadOnlyList<(int Number, string Fingerprint)> history = session.Query(
            "SELECT number, fingerprint FROM schema_history WHERE room = ?1 ORDER BY number",
            row => (row.GetInt32(0), row.GetString(1)),
            room.Room);

        if (history.Count > room.Migrations.Count)
        {
            throw new StorageException(
                StorageFailure.NewerSchema,
                $"The data of '{room.Room}' is at version {history[^1].Number}; this program knows up to {room.Migrations.Count}. Use the newer program.");
        }

        for (int i = 0; i < history.Count; i++)
        {
            if (history[i] != (i + 1, room.Migrations[i].Fingerprint))
                throw new StorageException(StorageFailure.SchemaDiffers, $"Migration {i + 1} of '{room.Room}' in the file is not the one of this program.");
        }

        return history.Count;
    }

    private void Apply(string room, Migration migration)
    {
        session.ExecuteScript(migration.Sql);
        if (migration.Check is not null && session.Scalar<long>(migration.Check) is var left and not 0)
        {
            throw new StorageException(
                StorageFailure.SchemaDiffers,
                $"Migration {migration.Number} of '{room}' ({migration.Name}) left {left} rows that its check forbids; it was undone.");
        }

        session.Execute(
            "INSERT INTO schema_history (room, number, name, fingerprint, applied_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            room, migration.Number, migration.Name, migration.Fingerprint, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
    }

    private void InTransaction(Action work)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            session.Execute("COMMIT");
        }
        catch
        {
            session.RollBackIfOpen();
            throw;
        }
    }
}
