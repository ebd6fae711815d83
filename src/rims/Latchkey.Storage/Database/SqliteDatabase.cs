using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>One SQLite file per data directory: a single grouping writer, readers beside it, numbered migrations per room.</summary>
/// <remarks>
/// WAL with synchronous=FULL: what <see cref="WriteAsync{T}"/> has answered survives a crash of the process and of the machine.
/// Readers see the last committed state and never wait for the writer.
/// </remarks>
public sealed class SqliteDatabase : IDisposable
{
    private const int IdleReaderLimit = 16;
    private readonly SqliteDatabaseOptions _options;
    private readonly SqliteGroupWriter? _writer;
    private readonly ConcurrentBag<SqliteSession> _idleReaders = [];
    private readonly SessionCompanions _companions;
    private bool _disposed;

    private SqliteDatabase(SqliteDatabaseOptions options, SessionCompanions companions, SqliteGroupWriter? writer)
    {
        _companions = companions;
        _options = options;
        _writer = writer;
    }

    /// <summary>Commits made and requests served since opening.</summary>
    public (long Commits, long Requests) WriteCounters => _writer?.Counters ?? default;

    /// <summary>Opens or creates the file and brings the given rooms to this program's schema.</summary>
    /// <exception cref="StorageException">The file cannot be opened, is damaged, or is ahead of this program.</exception>
    public static SqliteDatabase Open(SqliteDatabaseOptions options, TimeProvider time, params IReadOnlyList<RoomSchema> rooms)
    {
        _ = SqliteEngine.IsLean;
        try
        {
            if (options.ReadOnly) return OpenReadOnly(options);
            CreateDirectory(options.Directory);
            var companions = new SessionCompanions();
            SqliteSession session = OpenSession(options, companions, SqliteOpenMode.ReadWriteCreate);
            try
            {
                // A small page cache: the engine walks all of it at nearly every commit, and what is not in it lies in the system's own.
                // The checkpoints are ours; the engine's own, in the middle of a commit, are for the case that ours do not come through.
                session.ExecuteScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 64000; PRAGMA cache_size = -16384;");
                new SqliteMigrator(session, time).Run(rooms);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            return new SqliteDatabase(options, companions, new SqliteGroupWriter(session, CheckpointerOf(options, companions), options));
        }
        catch (SqliteException e)
        {
            throw SqliteFailures.Map(e, "opening " + options.FileName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFailure.CannotOpen, $"The data directory cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> whole or not at all; the answer comes when it is on disk. An exception of the work undoes it and is the answer.
    /// The work may share its commit with others, runs on the writer's thread, and must do nothing but read and write the session: it is run again
    /// when another request of its group threw.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        (_writer ?? throw new StorageException(StorageFailure.ReadOnly, "The database was opened for reading alone."))
        .SubmitAsync(work, cancellationToken);

    /// <summary>
    /// Several pieces of work that are answered together: each is whole or not at all by itself, as if each had been sent alone, but whoever waits is
    /// woken once. Like any work they may be run a second time when another in their group threw.
    /// </summary>
    /// <param name="works">Each is asked to do its work in the order given.</param>
    /// <param name="company">
    /// Other work is on its way until this ends, and wants to be in the same commit: the group is kept open for it a few milliseconds. Null where there is none.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting, not the work.</param>
    public Task<WriteResult<T>[]> WriteAllAsync<T>(IReadOnlyList<Func<SqliteSession, T>> works, Task? company, CancellationToken cancellationToken) =>
        (_writer ?? throw new StorageException(StorageFailure.ReadOnly, "The database was opened for reading alone."))
        .SubmitAllAsync(works, company, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            work(session);
            return true;
        },
        cancellationToken);

    /// <summary>Reads one consistent state, the last committed one, whatever the writer does meanwhile.</summary>
    public T Read<T>(Func<SqliteSession, T> work) => Read(work, oneStatement: false);

    /// <summary>As <see cref="Read{T}(Func{SqliteSession, T})"/> for work of one statement, which is one consistent state without more ado.</summary>
    public T ReadOne<T>(Func<SqliteSession, T> work) => Read(work, oneStatement: true);

    /// <summary>Lays something beside every session, present and to come.</summary>
    internal void Attach(object companion) => _companions.Add(companion);

    /// <summary>Serves what is waiting, then closes.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;

        // The writer last: only a connection that may write folds the write-ahead log into the file when it is the last to close.
        while (_idleReaders.TryTake(out SqliteSession? reader)) reader.Dispose();
        _writer?.Dispose();
        while (_idleReaders.TryTake(out SqliteSession? reader)) reader.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> work, bool oneStatement)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            SqliteSession session = _idleReaders.TryTake(out SqliteSession? idle) ? idle : OpenSession(_options, _companions, SqliteOpenMode.ReadOnly);
            bool reusable = false;
            try
            {
                if (!oneStatement) session.Execute("BEGIN");
                T result = work(session);
                if (!oneStatement) session.Execute("COMMIT");
                reusable = true;
                return result;
            }
            finally
            {
                Return(session, reusable);
            }
        }
        catch (SqliteException e)
        {
            throw SqliteFailures.Map(e, "reading");
        }
    }

    private static SqliteDatabase OpenReadOnly(SqliteDatabaseOptions options)
    {
        if (!File.Exists(options.Path)) throw new StorageException(StorageFailure.CannotOpen, $"There is no {options.FileName} in {options.Directory}.");
        return new SqliteDatabase(options, new SessionCompanions(), writer: null);
    }

    private static SqliteCheckpointer CheckpointerOf(SqliteDatabaseOptions options, SessionCompanions companions) =>
        new(() => OpenSession(options, companions, SqliteOpenMode.ReadWrite), options.FramesBetweenCheckpoints);

    private static void CreateDirectory(string directory)
    {
        // Money and keys live here: nobody but the owner needs to look.
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerOnly);
    }

    private static SqliteSession OpenSession(SqliteDatabaseOptions options, SessionCompanions companions, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = mode,
            Pooling = false,

            // The driver repeats a busy statement on its own for this long, in whole seconds; 0 would mean for ever.
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        }.ConnectionString);
        var session = new SqliteSession(connection, companions, isWriter: mode == SqliteOpenMode.ReadWriteCreate);
        try
        {
            connection.Open();
            string busy = ((long)options.BusyTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            session.ExecuteScript($"PRAGMA busy_timeout = {busy}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Return(SqliteSession session, bool reusable)
    {
        if (reusable && !_disposed && _idleReaders.Count < IdleReaderLimit) _idleReaders.Add(session);
        else session.Dispose();
    }
}
