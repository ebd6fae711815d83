using System.Collections.Concurrent;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Sts;

namespace Latchkey.Server.Rooms;

/// <summary>Asks a meter for a reading when something happened to it: an event says what, the reading says how things stand now.</summary>
internal sealed class FreshReadings : BackgroundService, IHeadEndListener
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<MeterPan, byte> _wanted = new();
    private readonly HeadEndDesk _headEnd;
    private readonly TimeProvider _time;

    public FreshReadings(HeadEndDesk headEnd, TimeProvider time)
    {
        (_headEnd, _time) = (headEnd, time);
        headEnd.Subscribe(this);
    }

    public void EventStored(MeterEvent entry)
    {
        // An event from long ago that arrives late changes nothing about now.
        if (_time.GetUtcNow() - entry.At < TimeSpan.FromMinutes(15)) _wanted[entry.Pan] = 0;
    }

    public void DeliveryChanged(Delivery delivery)
    {
        if (delivery is { State: DeliveryState.Proven, Content: DeliveryContent.Management }) _wanted[delivery.Pan] = 0;
    }

    public void ReadingStored(MeterPan pan, ReportedState reading)
    {
        // This is what was asked for.
    }

    /// <summary>Asks for what is wanted. A wish that is already on its way is replaced by the newer one, so that wishes never pile up.</summary>
    internal void Ask()
    {
        foreach (MeterPan pan in _wanted.Keys)
        {
            if (_wanted.TryRemove(pan, out _)) _headEnd.Submit(new DeliveryRequest(TopUpIds.Next(), pan, new DeliveryContent.ReadNow()), _time.GetUtcNow());
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Ask();
        }
        catch (OperationCanceledException)
        {
            // The server ends; who wants a reading then will ask again.
        }
    }
}
