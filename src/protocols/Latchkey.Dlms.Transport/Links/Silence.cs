namespace Latchkey.Dlms.Transport.Links;

/// <summary>Waits for something that may not come.</summary>
internal static class Silence
{
    /// <summary>The result, or <paramref name="nothing"/> when the time is over; the caller's own cancellation still throws.</summary>
    public static async ValueTask<int> AfterAsync(
        TimeProvider time, TimeSpan silence, Func<CancellationToken, ValueTask<int>> wait, int nothing, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await wait(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return nothing;
        }
    }
}
