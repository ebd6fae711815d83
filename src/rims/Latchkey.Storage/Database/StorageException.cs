namespace Latchkey.Storage;

/// <summary>Why the database could not do what was asked. The numbers are part of the diagnostics and do not change.</summary>
public enum StorageFailure
{
    /// <summary>Another fault of the database engine; the inner exception says which.</summary>
    Other = 0,

    /// <summary>No space left: nothing was written, reading goes on, a retry succeeds once there is space.</summary>
    DiskFull = 1,

    /// <summary>The file or its disk cannot be written.</summary>
    ReadOnly = 2,

    /// <summary>The disk reported an error.</summary>
    InputOutput = 3,

    /// <summary>The file is damaged or not a database.</summary>
    Damaged = 4,

    /// <summary>Another process held the write lock for longer than the busy time-out.</summary>
    Busy = 5,

    /// <summary>The file or its directory could not be opened.</summary>
    CannotOpen = 6,

    /// <summary>The file was written by a newer version of the program.</summary>
    NewerSchema = 7,

    /// <summary>A migration that was applied is not the one this program carries, or its check failed.</summary>
    SchemaDiffers = 8,

    /// <summary>The database is being closed.</summary>
    Closed = 9,
}

/// <summary>The world failed, not the caller: the database refused, and nothing of the request was kept.</summary>
public sealed class StorageException : Exception
{
    public StorageException(StorageFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public StorageFailure Failure { get; }

    /// <summary>True where the same request may succeed later without anybody's help to the program.</summary>
    public bool IsTransient => Failure is StorageFailure.DiskFull or StorageFailure.Busy or StorageFailure.ReadOnly;
}
