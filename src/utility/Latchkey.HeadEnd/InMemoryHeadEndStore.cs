using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>Keeps everything in memory: for tests, simulations and a demonstration without a disk.</summary>
public sealed class InMemoryHeadEndStore : IHeadEndStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, RegisteredMeter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Delivery> _deliveries = [];
    private readonly Dictionary<MeterPan, SortedSet<(uint Sequence, Guid Id)>> _deliveriesOf = [];
    private readonly Dictionary<(MeterPan Pan, ReadingChannel Channel), SortedDictionary<DateOnly, PackedDay>> _days = [];
    private readonly Dictionary<MeterPan, HashSet<MeterEvent>> _events = [];

    public RegisteredMeter? FindMeter(MeterPan pan)
    {
        lock (_gate) return _meters.GetValueOrDefault(pan.ToString());
    }

    public IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit)
    {
        lock (_gate)
        {
            return [.. _meters.Where(m => after is null || string.CompareOrdinal(m.Key, after.Value.ToString()) > 0).Take(limit).Select(m => m.Value)];
        }
    }

    public Delivery? FindDelivery(Guid id)
    {
        lock (_gate) return _deliveries.GetValueOrDefault(id);
    }

    public IReadOnlyList<Delivery> OpenDeliveries()
    {
        lock (_gate) return [.. _deliveries.Values.Where(d => d.IsOpen)];
    }

    public IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit)
    {
        lock (_gate)
        {
            return _deliveriesOf.TryGetValue(pan, out SortedSet<(uint Sequence, Guid Id)>? known)
                ? [.. known.Reverse().Take(limit).Select(d => _deliveries[d.Id])]
                : [];
        }
    }

    public IReadOnlyList<PackedDay> Days(MeterPan pan, ReadingChannel channel, DateOnly from, DateOnly to)
    {
        lock (_gate)
        {
            if (!_days.TryGetValue((pan, channel), out SortedDictionary<DateOnly, PackedDay>? days)) return [];
            if (from == to) return days.TryGetValue(from, out PackedDay? only) ? [only] : [];
            return [.. days.Values.Where(d => d.Day >= from && d.Day <= to)];
        }
    }

    public IReadOnlyList<MeterEvent> Events(MeterPan pan, int limit)
    {
        lock (_gate)
        {
            return _events.TryGetValue(pan, out HashSet<MeterEvent>? events)
                ? [.. events.OrderByDescending(e => e.At).ThenByDescending(e => e.ReceivedAt).Take(limit)]
                : [];
        }
    }

    public void Commit(HeadEndChanges changes)
    {
        lock (_gate)
        {
            foreach (RegisteredMeter meter in changes.Meters) _meters[meter.Pan.ToString()] = meter;
            foreach (Delivery delivery in changes.Deliveries) Keep(delivery);
            foreach (PackedDay day in changes.Days) DaysOf(day)[day.Day] = day;
            foreach (MeterEvent entry in changes.Events) EventsOf(entry.Pan).Add(entry);
        }
    }

    private void Keep(Delivery delivery)
    {
        _deliveries[delivery.Id] = delivery;
        if (!_deliveriesOf.TryGetValue(delivery.Pan, out SortedSet<(uint Sequence, Guid Id)>? known)) _deliveriesOf[delivery.Pan] = known = [];
        known.Add((delivery.Sequence, delivery.Id));
    }

    private SortedDictionary<DateOnly, PackedDay> DaysOf(PackedDay day)
    {
        if (!_days.TryGetValue((day.Pan, day.Channel), out SortedDictionary<DateOnly, PackedDay>? days))
            _days[(day.Pan, day.Channel)] = days = [];
        return days;
    }

    private HashSet<MeterEvent> EventsOf(MeterPan pan)
    {
        if (!_events.TryGetValue(pan, out HashSet<MeterEvent>? events)) _events[pan] = events = new(SameEntry.Instance);
        return events;
    }

    private sealed class SameEntry : IEqualityComparer<MeterEvent>
    {
        public static readonly SameEntry Instance = new();

        public bool Equals(MeterEvent? x, MeterEvent? y) => (x?.At, x?.Code, x?.Detail) == (y?.At, y?.Code, y?.Detail);

        public int GetHashCode(MeterEvent obj) => HashCode.Combine(obj.At, obj.Code, obj.Detail);
    }
}
