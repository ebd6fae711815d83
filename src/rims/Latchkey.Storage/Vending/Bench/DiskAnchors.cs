using System.Diagnostics;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>What the disk under a directory can do, measured in the same run: speeds of a shared machine mean nothing without it.</summary>
internal static class DiskAnchors
{
    private const int BlockSize = 4_096;

    /// <summary>Writes of 4 KiB, each forced to the disk, one after the other, per second.</summary>
    public static double FlushesPerSecond(string directory, TimeSpan duration)
    {
        byte[] block = new byte[BlockSize];
        using FileStream file = new(Path.Combine(directory, "flush.tmp"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        return PerSecond(duration, () =>
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
        });
    }

    /// <summary>Commits of one small row, one after the other, per second.</summary>
    public static double SingleCommitsPerSecond(string directory, TimeSpan duration)
    {
        var options = new SqliteDatabaseOptions(directory) { FileName = "anchor.db" };
        var room = new RoomSchema("anchor", new Migration(1, "rows", "CREATE TABLE anchor_row (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"));
        using SqliteDatabase database = SqliteDatabase.Open(options, TimeProvider.System, room);
        return PerSecond(duration, () => database
            .WriteAsync(s => s.Execute("INSERT INTO anchor_row (text) VALUES (?1)", "a small row"), CancellationToken.None)
            .GetAwaiter().GetResult());
    }

    private static double PerSecond(TimeSpan duration, Action once)
    {
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            once();
            count++;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
