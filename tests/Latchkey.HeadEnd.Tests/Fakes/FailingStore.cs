using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>A store whose next write can be made to fail, whole.</summary>
internal sealed class FailingStore : IHeadEndStore
{
    private readonly InMemoryHeadEndStore _inner = new();

    public bool FailsNext { get; set; }

    public RegisteredMeter? FindMeter(MeterPan pan) => _inner.FindMeter(pan);

    public IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit) => _inner.ListMeters(after, limit);

    public Delivery? FindDelivery(Guid id) => _inner.FindDelivery(id);

    public IReadOnlyList<Delivery> OpenDeliveries() => _inner.OpenDeliveries();

    public IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit) => _inner.DeliveriesOf(pan, limit);

    public IReadOnlyList<PackedDay> Days(MeterPan pan, ReadingChannel channel, DateOnly from, DateOnly to) => _inner.Days(pan, channel, from, to);

    public IReadOnlyList<MeterEvent> Events(MeterPan pan, int limit) => _inner.Events(pan, limit);

    public void Commit(HeadEndChanges changes)
    {
        if (FailsNext)
        {
            FailsNext = false;
            throw new IOException("No space left.");
        }

        _inner.Commit(changes);
    }
}
