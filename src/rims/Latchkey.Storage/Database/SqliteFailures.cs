using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>Maps the engine's result codes to the few failures a caller can act on.</summary>
/// <remarks>Source: SQLite result codes, primary codes.</remarks>
internal static class SqliteFailures
{
    /// <summary>
    /// True where the disk, the file or memory failed, which ends the transaction of everybody in it.
    /// A broken constraint or a wrong statement is the fault of one request and passes through unmapped.
    /// </summary>
    public static bool IsOfTheWorld(SqliteException e) => e.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 26;

    public static StorageException Map(SqliteException e, string doing)
    {
        (StorageFailure failure, string text) = e.SqliteErrorCode switch
        {
            5 or 6 => (StorageFailure.Busy, "another process is writing"),
            8 => (StorageFailure.ReadOnly, "the file or its disk is read-only"),
            10 => (StorageFailure.InputOutput, "the disk reported an error"),
            11 or 26 => (StorageFailure.Damaged, "the file is damaged or not a database"),
            13 => (StorageFailure.DiskFull, "no space left on the disk"),
            14 => (StorageFailure.CannotOpen, "the file cannot be opened"),
            _ => (StorageFailure.Other, e.Message),
        };
        return new StorageException(failure, $"Database, {doing}: {text}.", e);
    }
}
