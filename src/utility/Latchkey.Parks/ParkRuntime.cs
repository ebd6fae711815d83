using System.Collections.Concurrent;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.TopUps;
using Latchkey.Sts;

namespace Latchkey.Parks;

/// <summary>Keeps the parks going: hears the head-end, and on each run does what has become due.</summary>
/// <remarks>Runs one at a time; a server runs it every second or so, a simulation after each event.</remarks>
public sealed class ParkRuntime : IHeadEndListener, IDisposable
{
    private const int AtOnce = 200;
    private readonly TopUpDesk _topUps;
    private readonly BalanceWatch _watch;
    private readonly ControlDesk _control;
    private readonly ConcurrentQueue<Guid> _moved = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Subscribes to the head-end, and looks at what happened while nobody ran.</summary>
    public ParkRuntime(HeadEndDesk headEnd, TopUpDesk topUps, BalanceWatch watch, ControlDesk control)
    {
        (_topUps, _watch, _control) = (topUps, watch, control);
        headEnd.Subscribe(this);
        watch.Resume();
    }

    /// <summary>Does what is due now.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_moved.TryDequeue(out Guid id)) await _topUps.AdvanceOrPostponeAsync(id, cancellationToken).ConfigureAwait(false);
            await _topUps.RunAsync(AtOnce, cancellationToken).ConfigureAwait(false);
            await _watch.RunAsync(cancellationToken).ConfigureAwait(false);
            await _control.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void DeliveryChanged(Delivery delivery)
    {
        if (!delivery.IsOpen && delivery.Content is DeliveryContent.Credit) _moved.Enqueue(delivery.Id);
    }

    public void ReadingStored(MeterPan pan, ReportedState reading) => _watch.ReadingStored(pan, reading);

    public void EventStored(MeterEvent entry)
    {
        // Events are shown, not acted on: what matters of them is in the readings too.
    }

    public void Dispose() => _one.Dispose();
}
