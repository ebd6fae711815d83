using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>The rows that one step writes, all or none. A row replaces the stored row of the same key.</summary>
public sealed class HeadEndChanges
{
    private readonly Dictionary<MeterPan, RegisteredMeter> _meters = [];
    private readonly Dictionary<Guid, Delivery> _deliveries = [];
    private readonly Dictionary<(MeterPan, ReadingChannel, DateOnly), PackedDay> _days = [];
    private readonly List<MeterEvent> _events = [];

    public IReadOnlyCollection<RegisteredMeter> Meters => _meters.Values;

    public IReadOnlyCollection<Delivery> Deliveries => _deliveries.Values;

    public IReadOnlyCollection<PackedDay> Days => _days.Values;

    /// <summary>Events that are stored unless the same entry is there already.</summary>
    public IReadOnlyCollection<MeterEvent> Events => _events;

    public bool IsEmpty => _meters.Count + _deliveries.Count + _days.Count + _events.Count == 0;

    internal RegisteredMeter? MeterOrNull(MeterPan pan) => _meters.GetValueOrDefault(pan);

    internal Delivery? DeliveryOrNull(Guid id) => _deliveries.GetValueOrDefault(id);

    internal PackedDay? DayOrNull(MeterPan pan, ReadingChannel channel, DateOnly day) => _days.GetValueOrDefault((pan, channel, day));

    public void Put(RegisteredMeter meter) => _meters[meter.Pan] = meter;

    public void Put(Delivery delivery) => _deliveries[delivery.Id] = delivery;

    public void Put(PackedDay day) => _days[(day.Pan, day.Channel, day.Day)] = day;

    public void Put(MeterEvent entry) => _events.Add(entry);
}
