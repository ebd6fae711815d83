using Latchkey.HeadEnd.Channels;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>The head-end: who the meters are, what is to reach them, what they said.</summary>
/// <remarks>
/// Synchronous, one step at a time, and without a clock: every call that acts says what time it is, so it runs in virtual time.
/// Each step is written whole before anything it decided leaves. Built again on the same store it goes on where it was.
/// </remarks>
public sealed class HeadEndDesk
{
    private readonly Lock _gate = new();
    private readonly IHeadEndStore _store;
    private readonly MessageKeyVault _vault;
    private readonly HeadEndOptions _options;
    private readonly DeliveryEngine _engine;
    private readonly MeterInbox _inbox;
    private readonly DatagramPost _post;
    private readonly List<IHeadEndListener> _listeners = [];
    private bool _reload;

    public HeadEndDesk(IHeadEndStore store, MessageKeyVault vault, IEnumerable<IDeviceChannel> channels, HeadEndOptions options)
    {
        (_store, _vault, _options) = (store, vault, options);
        _engine = new DeliveryEngine(options);
        _inbox = new MeterInbox(_engine, vault, options);
        _post = new DatagramPost(store, vault, [.. channels]);
        _engine.Load(store.OpenDeliveries());
    }

    /// <summary>When <see cref="Tick"/> next has something to do; null when nothing waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate) return _engine.NextDue;
        }
    }

    /// <summary>Adds somebody to be told; before traffic starts.</summary>
    public void Subscribe(IHeadEndListener listener)
    {
        lock (_gate) _listeners.Add(listener);
    }

    /// <summary>Registers a meter, or gives a registered one another key or model; what it reported stays.</summary>
    public RegisteredMeter Register(MeterRegistration registration, DateTimeOffset now)
    {
        byte[] wrapped = _vault.Wrap(registration.Pan, registration.MessageKey.Span);
        return Step(now, work =>
        {
            RegisteredMeter record = work.FindMeter(registration.Pan) is { } known
                ? known with { WrappedKey = wrapped, Model = registration.Model }
                : new RegisteredMeter { Pan = registration.Pan, WrappedKey = wrapped, Model = registration.Model, Coverage = registration.Coverage };
            work.Put(record);
            return record;
        });
    }

    /// <summary>Notes which module a channel sees at a meter.</summary>
    public void ModuleSeen(MeterPan pan, ModuleKind kind, ulong serial, DateTimeOffset now) => Step(now, work =>
    {
        if (work.FindMeter(pan) is not { } meter) return false;
        if (meter.Module?.Kind == kind && meter.Module.Serial == serial) return false;
        work.Put(meter with { Module = new ModuleState(kind, serial, now) });
        return true;
    });

    /// <summary>Takes something to be delivered and tries at once.</summary>
    public SubmitOutcome Submit(DeliveryRequest request, DateTimeOffset now) => Step(now, work =>
    {
        if (work.FindDelivery(request.Id) is { } earlier)
        {
            return earlier.Pan == request.Pan && earlier.Content.AsksTheSameAs(request.Content)
                ? new SubmitOutcome.Accepted(earlier, IsReplay: true)
                : new SubmitOutcome.IdReused();
        }

        if (work.FindMeter(request.Pan) is not { } meter) return (SubmitOutcome)new SubmitOutcome.UnknownMeter();
        if (_engine.OpenCount(request.Pan) >= _options.MaxOpenPerMeter) return new SubmitOutcome.TooManyOpen();
        work.Put(Desiring(meter, request.Content) with { NextSequence = NextAfter(meter.NextSequence) });
        var delivery = new Delivery
        {
            Id = request.Id,
            Pan = request.Pan,
            Content = request.Content,
            CreatedAt = now,
            DueAt = now,
            ExpiresAt = now + (request.Lifetime ?? LifetimeOf(request.Content)),
            Sequence = meter.NextSequence,
        };
        _engine.Add(work, delivery);
        return new SubmitOutcome.Accepted(work.FindDelivery(request.Id) ?? delivery, IsReplay: false);
    });

    /// <summary>Takes a datagram that a channel brought from a meter.</summary>
    /// <param name="pan">Whose it claims to be; believed only after its seal is checked.</param>
    /// <param name="datagram">The sealed message.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="now">The time.</param>
    public ReceiveOutcome Receive(MeterPan pan, ReadOnlyMemory<byte> datagram, string channel, DateTimeOffset now) =>
        Step(now, work => _inbox.Take(work, pan, datagram.Span, channel));

    /// <summary>A modem or platform took a datagram of this delivery. Shown to people; closes nothing.</summary>
    public void LinkAcknowledged(Guid deliveryId, DateTimeOffset now) => Step(now, work =>
    {
        if (work.FindDelivery(deliveryId) is not { IsOpen: true, LinkAcknowledgedAt: null } delivery) return false;
        delivery = delivery with { LinkAcknowledgedAt = now, Proof = ProofLevel.LinkAcknowledged };
        _engine.Update(work, delivery);
        work.Tell(delivery);
        return true;
    });

    /// <summary>Does what the timers ask for.</summary>
    public void Tick(DateTimeOffset now) => Step(now, work =>
    {
        _engine.Tick(work);
        return true;
    });

    public RegisteredMeter? FindMeter(MeterPan pan) => _store.FindMeter(pan);

    /// <summary>A page of the registry, in rising order of the meters' numbers.</summary>
    public IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit) => _store.ListMeters(after, limit);

    public Delivery? FindDelivery(Guid id) => _store.FindDelivery(id);

    /// <summary>The newest deliveries of a meter, newest first.</summary>
    public IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit) => _store.DeliveriesOf(pan, limit);

    /// <summary>The newest events of a meter, newest first.</summary>
    public IReadOnlyList<MeterEvent> EventsOf(MeterPan pan, int limit) => _store.Events(pan, limit);

    /// <summary>The readings of a channel, oldest first, both ends included.</summary>
    public IReadOnlyList<ReadingPoint> Readings(MeterPan pan, ReadingChannel channel, DateTimeOffset from, DateTimeOffset to)
    {
        var points = new List<ReadingPoint>();
        foreach (PackedDay day in _store.Days(pan, channel, DateOnly.FromDateTime(from.UtcDateTime), DateOnly.FromDateTime(to.UtcDateTime)))
        {
            var midnight = new DateTimeOffset(day.Day, TimeOnly.MinValue, TimeSpan.Zero);
            foreach (DayPoint point in day.Points())
            {
                DateTimeOffset at = midnight.AddSeconds(point.SecondOfDay);
                if (at >= from && at <= to) points.Add(new ReadingPoint(at, point.Value));
            }
        }

        return points;
    }

    private TimeSpan LifetimeOf(DeliveryContent content) => content switch
    {
        DeliveryContent.ReadNow => _options.ReadLifetime,
        DeliveryContent.Relay or DeliveryContent.Parameter => _options.CommandLifetime,
        _ => _options.TokenLifetime,
    };

    private static RegisteredMeter Desiring(RegisteredMeter meter, DeliveryContent content) => content switch
    {
        DeliveryContent.Relay r => meter with { DesiredRelay = r.Position },
        DeliveryContent.Parameter p => meter with { DesiredParameters = meter.DesiredParameters.SetItem((int)p.Name, p.Value) },
        _ => meter,
    };

    // 0 is kept for tokens that were typed.
    private static uint NextAfter(uint sequence) => sequence == uint.MaxValue ? 1 : sequence + 1;

    private T Step<T>(DateTimeOffset now, Func<HeadEndWork, T> act)
    {
        T result;
        lock (_gate)
        {
            if (_reload) Reload();
            var work = new HeadEndWork(_store, now);
            _reload = true; // until the step is written: a step that fails leaves the store right and the memory wrong
            result = act(work);
            IReadOnlyList<byte[]?> datagrams = _post.Seal(work);
            if (!work.Changes.IsEmpty) _store.Commit(work.Changes);
            _reload = false;
            _post.Queue(work, datagrams, _listeners);
        }

        foreach (Guid notSent in _post.Drain())
        {
            if (_store.FindDelivery(notSent) is { } delivery) Step(now, work => NotSent(work, delivery));
        }

        return result;
    }

    private bool NotSent(HeadEndWork work, Delivery delivery)
    {
        _engine.NotSent(work, delivery.Id, delivery.Pan);
        return true;
    }

    private void Reload()
    {
        _engine.Load(_store.OpenDeliveries());
        _reload = false;
    }
}
