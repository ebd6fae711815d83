using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage;

/// <summary>The only writer of a database: one thread that takes what is waiting, runs each request in a savepoint and commits them together.</summary>
/// <remarks>
/// While one commit waits for the disk the next group gathers, so the number of requests per flush grows with the load by itself.
/// A group stays open a moment for those that are announced as its company, so that their work shares the flush although it comes later.
/// An answer, even a refusal, is released only after the commit it rests on.
/// </remarks>
internal sealed class SqliteGroupWriter : IDisposable
{
    // A group whose company does not come is committed without it: nobody's purchase waits for somebody else's trouble.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);
    private readonly SqliteSession _session;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly Channel<WriteRequest> _queue;
    private readonly int _groupLimit;
    private readonly Thread _thread;
    private readonly List<WriteRequest> _group = [];
    private readonly List<Task> _company = [];
    private readonly AutoResetEvent _wake = new(initialState: false);
    private Task<bool>? _readable;
    private long _commits;
    private long _requests;

    public SqliteGroupWriter(SqliteSession session, SqliteCheckpointer checkpointer, SqliteDatabaseOptions options)
    {
        _session = session;
        _checkpointer = checkpointer;
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
    public async Task<WriteResult<T>[]> SubmitAllAsync<T>(
        IReadOnlyList<Func<SqliteSession, T>> works, Task? company, CancellationToken cancellationToken)
    {
        if (works.Count == 0) return [];
        var bundle = new WriteBundle<T>(works.Count, company);
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
        _checkpointer.Dispose();
        _wake.Dispose();
        _session.Dispose();
    }

    private void Work()
    {
        while (WaitForRequests())
        {
            TakeWaiting();
            CommitGroup();
            _group.Clear();
            _company.Clear();
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

    /// <summary>Into the group what waits; true where there was something.</summary>
    private bool TakeWaiting()
    {
        int before = _group.Count;
        while (_group.Count < _groupLimit && _queue.Reader.TryRead(out WriteRequest? request))
        {
            _group.Add(request);
            if (request.Company is { } company && !_company.Contains(company)) _company.Add(company);
        }

        return _group.Count > before;
    }

    /// <summary>Takes more into the group while its company is on the way; false when nobody comes any more, or the group has waited long enough.</summary>
    /// <param name="deadline">Of the group, not of each who comes: others must not keep it open for somebody who stays away.</param>
    private bool TakeCompany(long deadline)
    {
        while (_company.Count > 0 && _group.Count < _groupLimit)
        {
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            if (left <= TimeSpan.Zero) return false;

            // Asked before the queue is: who comes is in the queue before the announcement ends.
            bool isWhole = _company.TrueForAll(task => task.IsCompleted);
            if (TakeWaiting()) return true;
            if (isWhole) return false;
            _ = Task.WhenAny(_company).ContinueWith(
                _ => _wake.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (!Readable().IsCompleted) _wake.WaitOne(left);
        }

        return false;
    }

    /// <summary>Sleeps until there is something to do, without spinning: a busy wait would take the processor from those who bring the work.</summary>
    private bool WaitForRequests()
    {
        Task<bool> ready = Readable();
        while (!ready.IsCompleted) _wake.WaitOne();
        _readable = null;
        return ready.GetAwaiter().GetResult();
    }

    /// <summary>Ends, and wakes the thread, when the queue has something or is closed.</summary>
    private Task<bool> Readable()
    {
        if (_readable is { IsCompleted: false } pending) return pending;
        _readable = _queue.Reader.WaitToReadAsync().AsTask();
        if (!_readable.IsCompleted)
        {
            _ = _readable.ContinueWith(
                _ => _wake.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return _readable;
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
        _checkpointer.AfterCommit(_session);
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
        int ran = 0;
        if (!TryRunRest(ref ran)) return false;
        long deadline = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        while (TakeCompany(deadline))
        {
            if (!TryRunRest(ref ran)) return false;
        }

        return true;
    }

    private bool TryRunRest(ref int ran)
    {
        for (; ran < _group.Count; ran++)
        {
            if (!TryRun(_group[ran])) return false;
        }

        return true;
    }

    private bool TryRun(WriteRequest request)
    {
        request.Run(_session);
        if (request.Fault is null)
        {
            _session.ForEachCache(cache => cache.KeepRequest());
            return true;
        }

        ThrowIfWorldFailed(request.Fault);
        Undo();
        return false;
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
