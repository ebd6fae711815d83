using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>The only writer of a database: one thread that takes what is waiting, runs each request in a savepoint and commits them together.</summary>
/// <remarks>
/// While one commit waits for the disk the next group gathers, so the number of requests per flush grows with the load by itself.
/// An answer, even a refusal, is released only after the commit it rests on.
/// </remarks>
internal sealed class SqliteGroupWriter : IDisposable
{
    private readonly SqliteSession _session;
    private readonly Channel<WriteRequest> _queue;
    private readonly int _groupLimit;
    private readonly Thread _thread;
    private readonly List<WriteRequest> _group = [];
    private readonly AutoResetEvent _wake = new(initialState: false);
    private long _commits;
    private long _requests;

    public SqliteGroupWriter(SqliteSession session, SqliteDatabaseOptions options)
    {
        _session = session;
        _groupLimit = options.GroupLimit;
        _queue = Channel.CreateBounded<WriteRequest>(
            new BoundedChannelOptions(options.QueueLimit) { SingleReader = true, AllowSynchronousContinuations = true });
        _thread = new Thread(Work) { IsBackground = true, Name = "Latchkey database writer" };
        _thread.Start();
    }

    /// <summary>Commits made and requests served since the start; their ratio is the size of a group.</summary>
    public (long Commits, long Requests) Counters => (Interlocked.Read(ref _commits), Interlocked.Read(ref _requests));

    public async Task<T> SubmitAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageException(StorageFailure.Closed, "The database is closed.", e);
        }

        // Once queued the request cannot be withdrawn: whoever stops waiting must ask again what became of it.
        return await request.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Several requests that are answered together; each is kept or undone by itself.</summary>
    public async Task<WriteResult<T>[]> SubmitAllAsync<T>(IReadOnlyList<Func<SqliteSession, T>> works, CancellationToken cancellationToken)
    {
        if (works.Count == 0) return [];
        var bundle = new WriteBundle<T>(works.Count);
        for (int i = 0; i < works.Count; i++)
        {
            WriteRequest request = bundle.Request(i, works[i]);
            try
            {
                await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException e)
            {
                request.Fail(new StorageException(StorageFailure.Closed, "The database is closed.", e));
            }
        }

        return await bundle.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        _wake.Dispose();
        _session.Dispose();
    }

    private void Work()
    {
        while (WaitForRequests())
        {
            while (_group.Count < _groupLimit && _queue.Reader.TryRead(out WriteRequest? request)) _group.Add(request);
            CommitGroup();
            _group.Clear();
        }

        CloseCaches();
    }

    private void CloseCaches()
    {
        try
        {
            Begin();
            _session.ForEachCache(cache => cache.Close(_session));
            _session.Statement("COMMIT").Run();
        }
        catch (Exception e) when (e is SqliteException or StorageException)
        {
            // It can be reckoned again; a disk that is full or gone must not keep a program from ending.
            Undo();
        }
    }

    /// <summary>Sleeps until there is something to do, without spinning: a busy wait would take the processor from those who bring the work.</summary>
    private bool WaitForRequests()
    {
        Task<bool> ready = _queue.Reader.WaitToReadAsync().AsTask();
        if (!ready.IsCompleted)
        {
            _ = ready.ContinueWith(
                _ => _wake.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _wake.WaitOne();
        }

        return ready.GetAwaiter().GetResult();
    }

    private void CommitGroup()
    {
        try
        {
            if (!RunTogether()) RunApart();
            _session.ForEachCache(cache => cache.Flush(_session));
            _session.Statement("COMMIT").Run();
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _requests, _group.Count);
        }
        catch (Exception e) when (e is SqliteException or StorageException)
        {
            StorageException reason = e as StorageException ?? SqliteFailures.Map((SqliteException)e, "writing");
            Undo();
            foreach (WriteRequest request in _group) request.Fail(reason);
            return;
        }

        foreach (WriteRequest request in _group) request.Release();
    }

    private void Begin()
    {
        _session.Statement("BEGIN IMMEDIATE").Run();
        _session.DiscardStaleCaches();
    }

    /// <summary>
    /// All requests without a savepoint each, which is what nearly always happens. Where one throws, the whole group is taken back, and false says
    /// that it must be run with savepoints, so that only the guilty one is undone.
    /// </summary>
    private bool RunTogether()
    {
        Begin();
        foreach (WriteRequest request in _group)
        {
            request.Run(_session);
            if (request.Fault is not null)
            {
                ThrowIfWorldFailed(request.Fault);
                Undo();
                return false;
            }

            _session.ForEachCache(cache => cache.KeepRequest());
        }

        return true;
    }

    private void RunApart()
    {
        Begin();
        foreach (WriteRequest request in _group) RunInSavepoint(request);
    }

    private void RunInSavepoint(WriteRequest request)
    {
        _session.Execute("SAVEPOINT request");
        request.Run(_session);
        if (request.Fault is null)
        {
            _session.Execute("RELEASE request");
            _session.ForEachCache(cache => cache.KeepRequest());
            return;
        }

        ThrowIfWorldFailed(request.Fault);
        _session.ForEachCache(cache => cache.UndoRequest());
        _session.Execute("ROLLBACK TO request");
        _session.Execute("RELEASE request");
    }

    /// <summary>A full disk or a broken one ends the transaction of the whole group, not only this request.</summary>
    private void ThrowIfWorldFailed(Exception fault)
    {
        bool worldFailed = fault is SqliteException e && SqliteFailures.IsOfTheWorld(e);
        if (worldFailed || !_session.InTransaction) throw SqliteFailures.Map(AsSqlite(fault), "writing");
    }

    private static SqliteException AsSqlite(Exception fault) => fault as SqliteException
        ?? throw new StorageException(StorageFailure.Other, "A request ended the transaction of its group.", fault);

    private void Undo()
    {
        _session.ForEachCache(cache => cache.Discard());
        try
        {
            _session.RollBackIfOpen();
        }
        catch (SqliteException)
        {
            // The engine has already rolled back on its own; BEGIN of the next group will tell if it has not.
        }
    }
}
