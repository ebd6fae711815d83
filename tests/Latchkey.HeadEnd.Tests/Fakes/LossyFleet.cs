using Latchkey.HeadEnd.Channels;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>Many meters behind bursty links, in virtual time: events in a queue, no waiting.</summary>
internal sealed class LossyFleet : IDeviceChannel, IDisposable
{
    private readonly MessageKeyVault _vault = new(TestMeters.MasterKey());
    private readonly Dictionary<MeterPan, (FakeMeter Meter, BurstyLink Link)> _meters = [];
    private readonly PriorityQueue<Action, (DateTimeOffset, int)> _events = new();
    private readonly HeadEndDesk _desk;
    private readonly TimeSpan? _heartbeat;
    private readonly CoverageClass _coverage;
    private DateTimeOffset _now = TestMeters.Start;
    private int _eventNumber;

    public LossyFleet(int meters, int lossPercent, CoverageClass coverage, TimeSpan? heartbeat, ulong seed, HeadEndOptions? options = null)
    {
        (_coverage, _heartbeat) = (coverage, heartbeat);
        _desk = new HeadEndDesk(new InMemoryHeadEndStore(), _vault, [this], (options ?? new HeadEndOptions()) with { Seed = seed, MaxInFlight = meters });
        for (int i = 0; i < meters; i++)
        {
            var meter = new FakeMeter(i);
            _meters[meter.Pan] = (meter, new BurstyLink(lossPercent, seed + ((ulong)i * 7919)));
            _desk.Register(new MeterRegistration(meter.Pan, TestMeters.MessageKey(i), "kpm31", coverage), _now);
            if (heartbeat is { } period) After(period * _meters[meter.Pan].Link.Draw(), () => Heartbeat(meter.Pan, period));
        }
    }

    public string Name => "radio";

    public int Uplinks { get; private set; }

    public IReadOnlyList<Delivery> Deliveries => [.. _meters.Keys.SelectMany(pan => _desk.DeliveriesOf(pan, 10))];

    public int DoubleCredits => _meters.Values.Sum(m => m.Meter.Credited.Values.Sum(times => times - 1));

    public int Credits => _meters.Values.Sum(m => m.Meter.Credited.Count);

    /// <summary>One credit for every meter, spread over five minutes, and then time passes.</summary>
    public void Run(TimeSpan time)
    {
        int n = 0;
        foreach ((MeterPan pan, (_, BurstyLink link)) in _meters)
        {
            int id = ++n;
            After(TimeSpan.FromMinutes(5) * link.Draw(), () => _desk.Submit(new DeliveryRequest(TestMeters.Id(id), pan, Bench.Credit(id)), _now));
        }

        Advance(_now + time);
    }

    public double ProvenWithin(TimeSpan time) =>
        Deliveries.Count(d => d.State == DeliveryState.Proven && d.ClosedAt - d.CreatedAt <= time) / (double)_meters.Count;

    public double DatagramsPerDelivery => Deliveries.Average(d => d.Datagrams);

    public bool Reaches(MeterPan pan) => true;

    public SubmitResult Submit(DeliveryAttempt attempt)
    {
        (FakeMeter meter, BurstyLink link) = _meters[attempt.Pan];
        if (!link.Loses(_now))
        {
            After(Latency(link), () =>
            {
                if (meter.Hear(attempt.Datagram) is { } answer) Uplink(meter.Pan, answer);
            });
        }

        return SubmitResult.Taken;
    }

    public void Dispose() => _vault.Dispose();

    private void Heartbeat(MeterPan pan, TimeSpan period)
    {
        Uplink(pan, _meters[pan].Meter.Say(FakeMeter.ReadingAt(_now)));
        After(period, () => Heartbeat(pan, period));
    }

    private void Uplink(MeterPan pan, byte[] datagram)
    {
        BurstyLink link = _meters[pan].Link;
        Uplinks++;
        if (!link.Loses(_now)) After(Latency(link), () => _desk.Receive(pan, datagram, Name, _now));
    }

    // Median one way: 0.5 s, 1.75 s, 5 s; a factor of two either way.
    private TimeSpan Latency(BurstyLink link)
    {
        double median = _coverage switch { CoverageClass.Extended => 1.75, CoverageClass.Extreme => 5, _ => 0.5 };
        return TimeSpan.FromSeconds(median * Math.Pow(2, (2 * link.Draw()) - 1));
    }

    private void After(TimeSpan delay, Action action) => _events.Enqueue(action, (_now + delay, _eventNumber++));

    private void Advance(DateTimeOffset end)
    {
        while (true)
        {
            DateTimeOffset? next = _events.TryPeek(out _, out (DateTimeOffset At, int) key) ? key.At : null;
            DateTimeOffset? timer = _desk.NextDue;
            bool isTimer = timer is { } t && (next is null || t <= next);
            if ((isTimer ? timer : next) is not { } due || due > end) break;
            if (due > _now) _now = due;
            if (isTimer) _desk.Tick(_now);
            else _events.Dequeue()();
        }

        _now = end;
    }
}
