namespace Latchkey.Storage;

/// <summary>Where a database lies and how it groups its writes.</summary>
public sealed record SqliteDatabaseOptions(string Directory)
{
    /// <summary>The file inside <see cref="Directory"/>; one file holds all rooms, so that one transaction can span them.</summary>
    public string FileName { get; init; } = "latchkey.db";

    /// <summary>How long to wait for another process's write lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>At most so many requests share one commit.</summary>
    public int GroupLimit { get; init; } = 512;

    /// <summary>At most so many requests wait; more callers wait for a place.</summary>
    public int QueueLimit { get; init; } = 8_192;

    /// <summary>
    /// The write-ahead log is folded into the file when it has grown by about so many pages of 4 KiB. The default is 64 MB: by then most pages of a
    /// busy shop stand in it several times, and are copied once.
    /// </summary>
    public int FramesBetweenCheckpoints { get; init; } = 16_000;

    /// <summary>Opens an existing file for reading alone, as the auditor does; nothing is created or migrated.</summary>
    public bool ReadOnly { get; init; }

    public string Path => System.IO.Path.Combine(Directory, FileName);
}
