using Latchkey.HeadEnd.Channels;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>Seals messages as part of a step and hands them to channels after it, outside the lock, in order.</summary>
internal sealed class DatagramPost(IHeadEndStore store, MessageKeyVault vault, IReadOnlyList<IDeviceChannel> channels)
{
    private const uint CountersReservedAtOnce = 64;
    private readonly Dictionary<MeterPan, uint> _nextCounter = [];
    private readonly Queue<Action<List<Guid>>> _outbox = new();
    private readonly Lock _gate = new();
    private bool _draining;

    /// <summary>Seals what the step sends, in its order. Counters are reserved in the step's own rows, so none is used twice, whatever fails.</summary>
    /// <returns>One datagram per message; null where the meter's key does not open.</returns>
    public IReadOnlyList<byte[]?> Seal(HeadEndWork work) => [.. work.Outbound.Select(message => Seal(work, message))];

    /// <summary>Puts the news and the datagrams of a written step in line.</summary>
    public void Queue(HeadEndWork work, IReadOnlyList<byte[]?> datagrams, IReadOnlyList<IHeadEndListener> listeners)
    {
        lock (_gate)
        {
            foreach (Action<IHeadEndListener> news in work.News)
            {
                foreach (IHeadEndListener listener in listeners) _outbox.Enqueue(_ => news(listener));
            }

            foreach ((OutboundMessage message, byte[]? datagram) in work.Outbound.Zip(datagrams))
            {
                _outbox.Enqueue(notSent =>
                {
                    if (datagram is null || !Submit(message, datagram)) notSent.Add(message.Delivery.Id);
                });
            }
        }
    }

    /// <summary>Sends what stands in line. A channel may answer at once and so bring more: the outermost call sends that too.</summary>
    /// <returns>The deliveries that no channel took.</returns>
    public IReadOnlyList<Guid> Drain()
    {
        var notSent = new List<Guid>();
        lock (_gate)
        {
            if (_draining) return notSent;
            _draining = true;
        }

        try
        {
            while (TryNext(out Action<List<Guid>>? item)) item?.Invoke(notSent);
        }
        finally
        {
            lock (_gate) _draining = false;
        }

        return notSent;
    }

    private byte[]? Seal(HeadEndWork work, OutboundMessage message)
    {
        RegisteredMeter meter = work.Meter(message.Delivery.Pan);
        if (!vault.TryUnwrap(meter.Pan, meter.WrappedKey.Span, out MessageKey? key) || key is null) return null;
        using (key)
        {
            return MessageEnvelope.Seal(key, MessageDirection.ToMeter, TakeCounter(work, meter), MeterMessageCodec.Encode(message.Message));
        }
    }

    private bool TryNext(out Action<List<Guid>>? item)
    {
        lock (_gate) return _outbox.TryDequeue(out item);
    }

    // The channel heard last goes first; each further datagram takes the next channel, and one that has no way passes it on.
    private bool Submit(OutboundMessage message, byte[] datagram)
    {
        Delivery delivery = message.Delivery;
        string? heard = store.FindMeter(delivery.Pan)?.LastChannel;
        IDeviceChannel[] ways = [.. channels.Where(c => c.Reaches(delivery.Pan)).OrderBy(c => c.Name == heard ? 0 : 1)];
        var attempt = new DeliveryAttempt(
            delivery.Id, delivery.Pan, delivery.Exchanges, message.Transmission, datagram, message.TimeToLive, delivery.Content.Priority);
        for (int i = 0; i < ways.Length; i++)
        {
            if (ways[(message.Transmission - 1 + i) % ways.Length].Submit(attempt) == SubmitResult.Taken) return true;
        }

        return false;
    }

    private uint TakeCounter(HeadEndWork work, RegisteredMeter meter)
    {
        uint counter = _nextCounter.GetValueOrDefault(meter.Pan, meter.OutboundReserved);
        if (counter >= meter.OutboundReserved) work.Put(meter with { OutboundReserved = counter + CountersReservedAtOnce });
        _nextCounter[meter.Pan] = counter + 1;
        return counter;
    }
}
