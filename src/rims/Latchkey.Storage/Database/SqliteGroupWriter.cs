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
    private long _commits;
    private long _requests;

    public SqliteGroupWriter(SqliteSession session, SqliteDatabaseOptions options)
    {
        _session = session;
        _groupLimit = options.GroupLimit;
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(options.QueueLimit) { SingleReader = true });
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

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        _session.Dispose();
    }

    private void Work()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_group.Count < _groupLimit && _queue.Reader.TryRead(out WriteRequest? request)) _group.Add(request);
            CommitGroup();
            _group.Clear();
        }
    }

    private void CommitGroup()
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            _session.DiscardStaleCaches();
            foreach (WriteRequest request in _group) RunInSavepoint(request);
            _session.ForEachCache(cache => cache.Flush(_session));
            _session.Execute("COMMIT");
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _requests, _group.Count);
        }
        catch (Exception e) when (e is SqliteException or StorageException)
        {
            StorageException reason = e as StorageException ?? SqliteFailures.Map((SqliteException)e, "writing");
            RollBack();
            _session.ForEachCache(cache => cache.Discard());
            foreach (WriteRequest request in _group) request.Fail(reason);
            return;
        }

        foreach (WriteRequest request in _group) request.Release();
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

        // A full disk or a broken one ends the transaction of the whole group, not only this request.
        bool worldFailed = request.Fault is SqliteException e && SqliteFailures.IsOfTheWorld(e);
        if (worldFailed || !_session.InTransaction) throw SqliteFailures.Map(AsSqlite(request.Fault), "writing");
        _session.ForEachCache(cache => cache.UndoRequest());
        _session.Execute("ROLLBACK TO request");
        _session.Execute("RELEASE request");
    }

    private static SqliteException AsSqlite(Exception fault) => fault as SqliteException
        ?? throw new StorageException(StorageFailure.Other, "A request ended the transaction of its group.", fault);

    private void RollBack()
    {
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
