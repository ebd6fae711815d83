namespace Latchkey.Storage;

/// <summary>A piece of work that waits for the writer, and the answer that is held back until the group is on disk.</summary>
internal abstract class WriteRequest
{
    /// <summary>Does the work inside the open transaction; an exception is kept as this request's own answer.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>The exception of <see cref="Run"/>, if it threw.</summary>
    public Exception? Fault { get; protected set; }

    /// <summary>Lets the caller go on: called after the commit, never before.</summary>
    public abstract void Release();

    /// <summary>The whole group was lost.</summary>
    public abstract void Fail(Exception reason);
}

internal sealed class WriteRequest<T>(Func<SqliteSession, T> work) : WriteRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override void Run(SqliteSession session)
    {
#pragma warning disable CA1031 // whatever the work throws is the caller's answer, not the writer's end
        try
        {
            _result = work(session);
        }
        catch (Exception e)
        {
            Fault = e;
        }
#pragma warning restore CA1031
    }

    public override void Release()
    {
        if (Fault is null) _answer.SetResult(_result!);
        else _answer.SetException(Fault);
    }

    public override void Fail(Exception reason) => _answer.SetException(reason);
}
