using System.Collections.Concurrent;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Parks.Keys;

/// <summary>Sends sets of key-change tokens to meters with a module, ahead of any credit, and books that they have taken them.</summary>
/// <remarks>The change's id is the delivery's id: a set is sent once, however often it is asked for.</remarks>
public sealed class KeyChangeCourier : IKeyChangeCarrier, IHeadEndListener
{
    /// <summary>A set is as good in a year as today: it carries no identifier.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    private readonly HeadEndDesk _headEnd;
    private readonly KeyChangeDesk _changes;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(MeterPan Pan, Guid Change)> _proven = new();

    public KeyChangeCourier(HeadEndDesk headEnd, KeyChangeDesk changes, TimeProvider time)
    {
        (_headEnd, _changes, _time) = (headEnd, changes, time);
        headEnd.Subscribe(this);
    }

    public bool Reaches(MeterPan pan) => _headEnd.FindMeter(pan) is not null;

    public void Carry(KeyChange change)
    {
        if (_headEnd.FindDelivery(change.Id) is { } known)
        {
            // A proof that was given while this program was down.
            if (known.State == DeliveryState.Proven) _proven.Enqueue((change.Pan, change.Id));
            return;
        }

        var content = new DeliveryContent.KeyChange([.. change.Tokens.Select(token => new DeliveryToken(token, TidMinutes: null))]);
        _headEnd.Submit(new DeliveryRequest(change.Id, change.Pan, content, Lifetime), _time.GetUtcNow());
    }

    /// <summary>Books the proofs that have arrived.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_proven.TryDequeue(out (MeterPan Pan, Guid Change) proof))
        {
            if (_changes.Find(proof.Pan)?.Id == proof.Change) await _changes.MarkDoneAsync(proof.Pan, cancellationToken).ConfigureAwait(false);
        }
    }

    public void DeliveryChanged(Delivery delivery)
    {
        if (delivery is { State: DeliveryState.Proven, Content: DeliveryContent.KeyChange }) _proven.Enqueue((delivery.Pan, delivery.Id));
    }

    public void ReadingStored(MeterPan pan, ReportedState reading)
    {
        // Readings say nothing of keys.
    }

    public void EventStored(MeterEvent entry)
    {
        // Events are shown, not acted on.
    }
}
