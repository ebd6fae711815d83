using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>A message that may leave once the step that decided it is durable.</summary>
internal sealed record OutboundMessage(Delivery Delivery, int Transmission, MeterMessage Message, TimeSpan TimeToLive);

/// <summary>One step: what it has read, what it will write, and what it will say afterwards.</summary>
internal sealed class HeadEndWork(IHeadEndStore store, DateTimeOffset now)
{
    private readonly List<OutboundMessage> _outbound = [];
    private readonly List<Action<IHeadEndListener>> _news = [];

    public DateTimeOffset Now => now;

    /// <summary>Names the message that this step is about, if it is about one.</summary>
    public string? Evidence { get; set; }

    public HeadEndChanges Changes { get; } = new();

    public IReadOnlyList<OutboundMessage> Outbound => _outbound;

    public IReadOnlyList<Action<IHeadEndListener>> News => _news;

    public RegisteredMeter? FindMeter(MeterPan pan) => Changes.MeterOrNull(pan) ?? store.FindMeter(pan);

    public RegisteredMeter Meter(MeterPan pan) => FindMeter(pan) ?? throw new InvalidOperationException("A delivery of a meter that is not registered.");

    public Delivery? FindDelivery(Guid id) => Changes.DeliveryOrNull(id) ?? store.FindDelivery(id);

    public IEnumerable<Delivery> RecentDeliveries(MeterPan pan, int limit) =>
        store.DeliveriesOf(pan, limit).Select(d => Changes.DeliveryOrNull(d.Id) ?? d);

    public PackedDay Day(MeterPan pan, ReadingChannel channel, DateOnly day) =>
        Changes.DayOrNull(pan, channel, day) ?? (store.Days(pan, channel, day, day) is [var stored] ? stored : new PackedDay(pan, channel, day, default));

    public void Put(RegisteredMeter meter) => Changes.Put(meter);

    public void Put(Delivery delivery) => Changes.Put(delivery);

    public void Put(PackedDay day) => Changes.Put(day);

    public void Put(MeterEvent entry)
    {
        Changes.Put(entry);
        _news.Add(listener => listener.EventStored(entry));
    }

    public void Send(OutboundMessage message) => _outbound.Add(message);

    public void Tell(Delivery delivery) => _news.Add(listener => listener.DeliveryChanged(delivery));

    public void Tell(MeterPan pan, ReportedState reading) => _news.Add(listener => listener.ReadingStored(pan, reading));
}
