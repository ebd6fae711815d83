using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal;

/// <summary>A page that reads again while somebody looks at it, and only draws when something changed.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private bool _disposed;

    [Inject] private RefreshPace Pace { get; set; } = null!;

    /// <summary>Cancelled when the reader leaves.</summary>
    protected CancellationToken Closed => _closed.Token;

    protected virtual TimeSpan RefreshEvery => TimeSpan.FromSeconds(2);

    /// <summary>Reads; true when there is something new to draw.</summary>
    protected abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    protected override async Task OnParametersSetAsync() => await ReadAsync(Closed);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = RefreshAsync();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed) return;
        _disposed = true;
        _closed.Cancel();
        _closed.Dispose();
    }

    private async Task RefreshAsync()
    {
        CancellationToken closed = Closed;
        try
        {
            using PeriodicTimer timer = Pace.Every(RefreshEvery);
            while (await timer.WaitForNextTickAsync(closed)) await InvokeAsync(() => RefreshOnceAsync(closed));
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The reader has left: nothing is left to draw.
        }
        catch (Exception failure)
        {
            // A failed read is an error of the page, shown by its error boundary, not a task that dies unseen.
            if (!closed.IsCancellationRequested) await DispatchExceptionAsync(failure);
        }
    }

    private async Task RefreshOnceAsync(CancellationToken closed)
    {
        if (!closed.IsCancellationRequested && await ReadAsync(closed)) StateHasChanged();
    }
}
