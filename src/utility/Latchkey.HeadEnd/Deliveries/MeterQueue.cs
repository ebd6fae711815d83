using Latchkey.Sts;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>The open exchange of one meter; there is never a second.</summary>
/// <param name="DeliveryId">Which delivery it serves.</param>
/// <param name="TokenIndex">Which token of it, 0 for a command or a whole set.</param>
/// <param name="Transmission">Datagrams sent in it.</param>
/// <param name="SentAt">When the latest was sent.</param>
/// <param name="AnswerDueAt">When the next is sent or the exchange given up.</param>
internal sealed record Exchange(Guid DeliveryId, int TokenIndex, int Transmission, DateTimeOffset SentAt, DateTimeOffset AnswerDueAt);

/// <summary>What waits for one meter, and how its link has fared.</summary>
internal sealed class MeterQueue(MeterPan pan)
{
    private readonly List<Delivery> _open = [];

    public MeterPan Pan => pan;

    public IReadOnlyList<Delivery> Open => _open;

    public Exchange? Current { get; set; }

    /// <summary>The timer: no exchange starts before it. A contact or a new intent sets it to now.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Exchanges that failed since the last new intent: it is the link that fails, so all deliveries of the meter share it.</summary>
    public int Failures { get; set; }

    public void Add(Delivery delivery) => _open.Add(delivery);

    public void Replace(Delivery delivery)
    {
        int index = _open.FindIndex(d => d.Id == delivery.Id);
        if (index < 0)
        {
            if (delivery.IsOpen) _open.Add(delivery);
        }
        else if (delivery.IsOpen)
        {
            _open[index] = delivery;
        }
        else
        {
            _open.RemoveAt(index);
        }
    }

    public Delivery? Find(Guid id) => _open.Find(d => d.Id == id);

    /// <summary>The earliest timer set for this meter, so that a later one is not set beside it.</summary>
    public DateTimeOffset? TimerAt { get; set; }

    /// <summary>The most urgent delivery that may go now; the oldest of equal urgency.</summary>
    public Delivery? Next(DateTimeOffset now)
    {
        Delivery? next = null;
        if (now < NotBefore) return next;
        foreach (Delivery delivery in _open)
        {
            if (IsHeld(delivery) || delivery.HeldUntil > now) continue;
            if (next is null || Order(delivery).CompareTo(Order(next)) < 0) next = delivery;
        }

        return next;
    }

    /// <summary>When something is to be done, or null when nothing waits.</summary>
    public DateTimeOffset? DueAt()
    {
        DateTimeOffset? due = Current?.AnswerDueAt;
        foreach (Delivery delivery in _open)
        {
            if (Current is null && !IsHeld(delivery)) due = Earlier(due, delivery.HeldUntil > NotBefore ? delivery.HeldUntil.Value : NotBefore);
            due = Earlier(due, delivery.ExpiresAt);
        }

        return due;
    }

    // Credit made for the old key must be in before the key changes; credit made for the new key must wait until it has.
    private bool IsHeld(Delivery delivery) => delivery.Content switch
    {
        DeliveryContent.KeyChange => _open.Exists(d => d.Content is DeliveryContent.Credit && d.Sequence < delivery.Sequence),
        DeliveryContent.Credit => _open.Exists(d => d.Content is DeliveryContent.KeyChange && d.Sequence < delivery.Sequence),
        _ => false,
    };

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a < b ? a.Value : b;

    private static (int, uint) Order(Delivery delivery) => (delivery.Content.Priority, delivery.Sequence);
}
