namespace Latchkey.Parks.Tests;

/// <summary>The process is gone; whoever was in the middle of something does not come back.</summary>
internal sealed class ProcessDied(string where) : OperationCanceledException(where);

/// <summary>Says where the process dies: at the n-th moment that something becomes durable, before or after.</summary>
internal sealed class CrashPlan
{
    private int _left;

    /// <summary>Moments passed since the last <see cref="DieAt"/>.</summary>
    public int Passed { get; private set; }

    /// <summary>Dies at the n-th moment from now; 0 for never.</summary>
    public void DieAt(int moment) => (_left, Passed) = (moment, 0);

    public void Moment(string where)
    {
        Passed++;
        if (_left > 0 && --_left == 0) throw new ProcessDied(where);
    }

    public async Task<T> AroundAsync<T>(string what, Func<Task<T>> act)
    {
        Moment("before " + what);
        T result = await act();
        Moment("after " + what);
        return result;
    }
}
