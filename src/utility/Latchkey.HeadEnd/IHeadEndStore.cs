using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>What the head-end keeps. One implementation in memory for tests, one in the storage room.</summary>
public interface IHeadEndStore
{
    RegisteredMeter? FindMeter(MeterPan pan);

    /// <summary>Meters in rising order of their number, after <paramref name="after"/> (null: from the first), at most <paramref name="limit"/>.</summary>
    IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit);

    Delivery? FindDelivery(Guid id);

    /// <summary>Every delivery that is Pending or InFlight.</summary>
    IReadOnlyList<Delivery> OpenDeliveries();

    /// <summary>The newest deliveries of a meter, newest first.</summary>
    IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit);

    /// <summary>The stored days of a channel, oldest first, both ends included.</summary>
    IReadOnlyList<PackedDay> Days(MeterPan pan, ReadingChannel channel, DateOnly from, DateOnly to);

    /// <summary>The newest events of a meter, newest first.</summary>
    IReadOnlyList<MeterEvent> Events(MeterPan pan, int limit);

    /// <summary>Writes everything or, when it throws, nothing. Durable when it returns.</summary>
    void Commit(HeadEndChanges changes);
}
