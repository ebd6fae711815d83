using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>Told after a change is durable, outside the head-end's lock. A hint, not a promise: after a crash ask the head-end instead.</summary>
/// <remarks>Implementations return at once and do not throw; what takes time they note and do later.</remarks>
public interface IHeadEndListener
{
    /// <summary>A delivery was sent for the first time, acknowledged by a link, or closed.</summary>
    void DeliveryChanged(Delivery delivery);

    /// <summary>A reading was stored. It may be older than the newest, and may be told twice.</summary>
    void ReadingStored(MeterPan pan, ReportedState reading);

    /// <summary>An event of the meter was stored; may be told twice.</summary>
    void EventStored(MeterEvent entry);
}
