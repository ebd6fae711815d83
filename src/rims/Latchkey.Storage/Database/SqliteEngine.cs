using SQLitePCL;

namespace Latchkey.Storage;

/// <summary>Settings of the engine that hold for the whole process and must be made before its first connection.</summary>
internal static class SqliteEngine
{
    // sqlite3.h: SQLITE_CONFIG_MULTITHREAD, SQLITE_CONFIG_MEMSTATUS.
    private const int MultiThread = 2, MemoryStatistics = 9;

    /// <summary>True where the settings are made; false where somebody has used the engine before: it then works as it always did.</summary>
    public static bool IsLean { get; } = Configure();

    /// <remarks>
    /// Each of our connections is used by one thread at a time, so the engine's lock around every call and the count of its memory, which takes a
    /// lock at every allocation, guard nothing. Locks between connections and between processes stay.
    /// </remarks>
    private static bool Configure()
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(MultiThread) == raw.SQLITE_OK && raw.sqlite3_config(MemoryStatistics, 0) == raw.SQLITE_OK;
    }
}
