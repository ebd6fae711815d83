using System.Diagnostics;
using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>Decides what is sent to which meter when. Holds the open deliveries in memory; every decision is written by the step it is part of.</summary>
/// <remarks>At least once, on purpose: a token that arrives twice is "already used" at the meter, and that is the proof.</remarks>
internal sealed class DeliveryEngine(HeadEndOptions options)
{
    private static readonly TimeSpan SlotPause = TimeSpan.FromSeconds(5);
    private readonly RetrySpacing _spacing = new(options.Seed);
    private readonly Dictionary<MeterPan, MeterQueue> _queues = [];
    private readonly PriorityQueue<MeterPan, DateTimeOffset> _timers = new();
    private int _inFlight;

    /// <summary>When <see cref="Tick"/> has something to do; null when nothing waits.</summary>
    public DateTimeOffset? NextDue => _timers.TryPeek(out _, out DateTimeOffset due) ? due : null;

    /// <summary>Takes up what a store holds. What was in flight is given until its exchange would have ended.</summary>
    public void Load(IEnumerable<Delivery> open)
    {
        _queues.Clear();
        _timers.Clear();
        _inFlight = 0;
        foreach (Delivery delivery in open.OrderBy(d => d.Sequence))
        {
            MeterQueue queue = QueueOf(delivery.Pan);
            queue.Add(delivery);
            if (delivery.DueAt > queue.NotBefore) queue.NotBefore = delivery.DueAt;
            queue.Failures = Math.Max(queue.Failures, delivery.Exchanges);
        }

        foreach (MeterQueue queue in _queues.Values) Schedule(queue);
    }

    public int OpenCount(MeterPan pan) => _queues.TryGetValue(pan, out MeterQueue? queue) ? queue.Open.Count : 0;

    /// <summary>Takes a new delivery, closes what it supersedes, and tries at once: somebody is waiting.</summary>
    public void Add(HeadEndWork work, Delivery delivery)
    {
        MeterQueue queue = QueueOf(delivery.Pan);
        if (delivery.Content.SupersedeKey is { } key)
        {
            foreach (Delivery older in queue.Open.Where(d => d.Content.SupersedeKey == key).ToArray())
                Write(work, queue, older with { State = DeliveryState.Superseded, ClosedAt = work.Now });
        }

        Write(work, queue, delivery);
        queue.Failures = 0;
        queue.NotBefore = work.Now;
        Service(work, queue);
    }

    /// <summary>The meter was heard: whatever waits goes now.</summary>
    public void Contact(HeadEndWork work, MeterPan pan)
    {
        if (!_queues.TryGetValue(pan, out MeterQueue? queue)) return;
        if (queue.Current is { } current && queue.Find(current.DeliveryId) is { } delivery)
        {
            // An exchange that has waited its first time-out in vain was sent into silence; the silence is over.
            if (work.Now - current.SentAt >= Timing(work, pan).AckTimeout) Fail(work, queue, delivery);
        }

        queue.NotBefore = work.Now;
        Service(work, queue);
    }

    public void Tick(HeadEndWork work)
    {
        while (_timers.TryPeek(out MeterPan pan, out DateTimeOffset due) && due <= work.Now)
        {
            _timers.Dequeue();
            if (!_queues.TryGetValue(pan, out MeterQueue? queue) || queue.TimerAt != due) continue;
            queue.TimerAt = null;
            Service(work, queue);
        }
    }

    /// <summary>Writes a delivery with what became known about it, and goes on with the next when it is closed.</summary>
    public void Update(HeadEndWork work, Delivery delivery)
    {
        MeterQueue queue = QueueOf(delivery.Pan);
        Write(work, queue, delivery);
        if (delivery.IsOpen) Schedule(queue);
        else Service(work, queue);
    }

    /// <summary>The answer to the open exchange came: the time it took teaches the time-out, and the meter is free for the next.</summary>
    public void Answered(HeadEndWork work, Delivery delivery)
    {
        MeterQueue queue = QueueOf(delivery.Pan);
        if (queue.Current is not { } current || current.DeliveryId != delivery.Id) return;
        if (current.Transmission == 1)
        {
            RegisteredMeter meter = work.Meter(delivery.Pan);
            work.Put(meter with { RoundTrip = meter.RoundTrip.After(work.Now - current.SentAt) });
        }

        EndExchange(queue);
        queue.Failures = 0;
        queue.NotBefore = work.Now;
    }

    /// <summary>The meter answered that it cannot act now. Its own contacts must not bring the same question back at once.</summary>
    public void Postpone(HeadEndWork work, Delivery delivery)
    {
        TimeSpan pause = _spacing.Gap(Timing(work, delivery.Pan), delivery.Id, delivery.Exchanges, work.Now - delivery.CreatedAt);
        Update(work, delivery with { State = DeliveryState.Pending, HeldUntil = work.Now + pause, DueAt = work.Now + pause });
    }

    /// <summary>No channel took the datagram: the exchange is over before it began.</summary>
    public void NotSent(HeadEndWork work, Guid deliveryId, MeterPan pan)
    {
        if (!_queues.TryGetValue(pan, out MeterQueue? queue) || queue.Current?.DeliveryId != deliveryId) return;
        if (queue.Find(deliveryId) is { } delivery) Fail(work, queue, delivery);
    }

    public IEnumerable<Delivery> OpenOf(MeterPan pan) => _queues.TryGetValue(pan, out MeterQueue? queue) ? queue.Open : [];

    private void Service(HeadEndWork work, MeterQueue queue)
    {
        foreach (Delivery stale in queue.Open.Where(d => d.ExpiresAt <= work.Now).ToArray())
            Write(work, queue, stale with { State = DeliveryState.Expired, ClosedAt = work.Now });

        if (queue.Current is { } current && work.Now >= current.AnswerDueAt) Repeat(work, queue, current);
        if (queue.Current is null && queue.Next(work.Now) is { } next) Open(work, queue, next);
        Schedule(queue);
    }

    private void Open(HeadEndWork work, MeterQueue queue, Delivery delivery)
    {
        if (_inFlight >= options.MaxInFlight)
        {
            queue.NotBefore = work.Now + SlotPause;
            return;
        }

        _inFlight++;
        int tokenIndex = Math.Max(0, delivery.Content.AllTokens.ToList().FindIndex(t => t.Fate == TokenFate.Open));
        delivery = delivery with { State = DeliveryState.InFlight, Exchanges = delivery.Exchanges + 1 };
        queue.Current = new Exchange(delivery.Id, tokenIndex, 0, work.Now, work.Now);
        Transmit(work, queue, delivery with { DueAt = ExchangeEnd(work, queue, delivery) });
    }

    private void Repeat(HeadEndWork work, MeterQueue queue, Exchange current)
    {
        Delivery delivery = queue.Find(current.DeliveryId) ?? throw new UnreachableException("An exchange without its delivery.");
        if (current.Transmission < Transmissions(work, queue)) Transmit(work, queue, delivery);
        else Fail(work, queue, delivery);
    }

    private void Transmit(HeadEndWork work, MeterQueue queue, Delivery delivery)
    {
        Exchange current = queue.Current!;
        int transmission = current.Transmission + 1;
        TimeSpan wait = _spacing.AnswerTimeout(Timing(work, queue.Pan), delivery.Id, delivery.Exchanges, transmission);
        queue.Current = current with { Transmission = transmission, SentAt = work.Now, AnswerDueAt = work.Now + wait };
        bool first = delivery.FirstSentAt is null;
        delivery = delivery with { Datagrams = delivery.Datagrams + 1, FirstSentAt = delivery.FirstSentAt ?? work.Now };
        Write(work, queue, delivery);
        if (first) work.Tell(delivery);
        work.Send(new OutboundMessage(delivery, transmission, DeliveryMessages.For(delivery, current.TokenIndex), delivery.ExpiresAt - work.Now));
    }

    private void Fail(HeadEndWork work, MeterQueue queue, Delivery delivery)
    {
        if (queue.Current?.DeliveryId == delivery.Id) EndExchange(queue);
        queue.Failures++;
        queue.NotBefore = work.Now + _spacing.Gap(Timing(work, queue.Pan), delivery.Id, queue.Failures, work.Now - delivery.CreatedAt);
        Write(work, queue, delivery with { State = DeliveryState.Pending, DueAt = queue.NotBefore });
        Schedule(queue);
    }

    private DateTimeOffset ExchangeEnd(HeadEndWork work, MeterQueue queue, Delivery delivery)
    {
        ExchangeTiming timing = Timing(work, queue.Pan);
        DateTimeOffset end = work.Now;
        for (int t = 1; t <= Transmissions(work, queue); t++) end += _spacing.AnswerTimeout(timing, delivery.Id, delivery.Exchanges, t);
        return end;
    }

    private int Transmissions(HeadEndWork work, MeterQueue queue)
    {
        int all = 1 + Timing(work, queue.Pan).MaxRetransmit;
        return queue.Failures == 0 ? all : Math.Min(all, options.ProbeTransmissions);
    }

    private static ExchangeTiming Timing(HeadEndWork work, MeterPan pan)
    {
        RegisteredMeter meter = work.Meter(pan);
        return ExchangeTiming.For(meter.Coverage, meter.RoundTrip);
    }

    private void Write(HeadEndWork work, MeterQueue queue, Delivery delivery)
    {
        work.Put(delivery);
        if (!delivery.IsOpen && queue.Current?.DeliveryId == delivery.Id) EndExchange(queue);
        queue.Replace(delivery);
        if (!delivery.IsOpen) work.Tell(delivery);
    }

    private void EndExchange(MeterQueue queue)
    {
        if (queue.Current is null) return;
        queue.Current = null;
        _inFlight--;
    }

    private void Schedule(MeterQueue queue)
    {
        if (queue.DueAt() is not { } due)
        {
            _queues.Remove(queue.Pan);
            return;
        }

        if (queue.TimerAt <= due) return;
        queue.TimerAt = due;
        _timers.Enqueue(queue.Pan, due);
    }

    private MeterQueue QueueOf(MeterPan pan)
    {
        if (!_queues.TryGetValue(pan, out MeterQueue? queue)) _queues[pan] = queue = new MeterQueue(pan);
        return queue;
    }
}
