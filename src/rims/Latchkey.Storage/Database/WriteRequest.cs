namespace Latchkey.Storage;

/// <summary>A piece of work that waits for the writer, and the answer that is held back until the group is on disk.</summary>
internal abstract class WriteRequest
{
    /// <summary>Others are on their way until this ends, and want to be in the same commit; null where nobody is.</summary>
    public Task? Company { get; init; }

    /// <summary>Does the work inside the open transaction; an exception is kept as this request's own answer. It may be asked to do it again.</summary>
    public void Run(SqliteSession session)
    {
        Fault = null;
#pragma warning disable CA1031 // whatever the work throws is the caller's answer, not the writer's end
        try
        {
            Work(session);
        }
        catch (Exception e)
        {
            Fault = e;
        }
#pragma warning restore CA1031
    }

    /// <summary>The exception of the last <see cref="Run"/>, if it threw.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Lets the caller go on: called after the commit, never before.</summary>
    public abstract void Release();

    /// <summary>The whole group was lost.</summary>
    public abstract void Fail(Exception reason);

    protected abstract void Work(SqliteSession session);
}

internal sealed class WriteRequest<T>(Func<SqliteSession, T> work) : WriteRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override void Release()
    {
        if (Fault is null) _answer.SetResult(_result!);
        else _answer.SetException(Fault);
    }

    public override void Fail(Exception reason) => _answer.SetException(reason);

    protected override void Work(SqliteSession session) => _result = work(session);
}

/// <summary>What became of one of several requests that were sent together: its result, or the exception that undid it.</summary>
public readonly record struct WriteResult<T>(T? Value, Exception? Fault);

/// <summary>Several requests with one answer: each is whole or not at all by itself, and whoever waits is woken once.</summary>
internal sealed class WriteBundle<T>(int count, Task? company)
{
    private readonly TaskCompletionSource<WriteResult<T>[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteResult<T>[] _results = new WriteResult<T>[count];
    private int _open = count;

    public Task<WriteResult<T>[]> Answer => _answer.Task;

    public WriteRequest Request(int index, Func<SqliteSession, T> work) => new Part(this, index, work) { Company = company };

    private void Done(int index, WriteResult<T> result)
    {
        _results[index] = result;
        if (Interlocked.Decrement(ref _open) == 0) _answer.SetResult(_results);
    }

    private sealed class Part(WriteBundle<T> bundle, int index, Func<SqliteSession, T> work) : WriteRequest
    {
        private T? _result;

        public override void Release() => bundle.Done(index, Fault is null ? new WriteResult<T>(_result, null) : new WriteResult<T>(default, Fault));

        public override void Fail(Exception reason) => bundle.Done(index, new WriteResult<T>(default, reason));

        protected override void Work(SqliteSession session) => _result = work(session);
    }
}
