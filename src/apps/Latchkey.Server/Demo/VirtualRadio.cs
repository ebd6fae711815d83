using System.Collections.Concurrent;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Channels;
using Latchkey.ModuleLink.Frames;
using Latchkey.Simulator;
using Latchkey.Sts;

namespace Latchkey.Server.Demo;

/// <summary>The network between the head-end and virtual meters: what a carrier is to real ones. It moves sealed datagrams and reads none.</summary>
public sealed class VirtualRadio : IDeviceChannel
{
    private readonly ConcurrentDictionary<MeterPan, FieldMeter> _meters = new();
    private readonly ConcurrentQueue<Guid> _taken = new();

    public string Name => "radio";

    public IEnumerable<FieldMeter> Meters => _meters.Values.OrderBy(meter => meter.Pan.Value);

    public void Add(FieldMeter meter) => _meters[meter.Pan] = meter;

    public FieldMeter? Find(MeterPan pan) => _meters.GetValueOrDefault(pan);

    public bool Reaches(MeterPan pan) => _meters.ContainsKey(pan);

    public SubmitResult Submit(DeliveryAttempt attempt)
    {
        if (Find(attempt.Pan) is not { } meter || !meter.Use(m => m.Deliver(attempt.Datagram.Span))) return SubmitResult.NoRoute;
        _taken.Enqueue(attempt.DeliveryId);
        return SubmitResult.Taken;
    }

    /// <summary>Lets the meters live until an instant and brings the head-end what they sent, in the order of its sending.</summary>
    public void AdvanceTo(DateTimeOffset instant, HeadEndDesk headEnd)
    {
        while (_taken.TryDequeue(out Guid delivery)) headEnd.LinkAcknowledged(delivery, instant);
        List<(MeterPan Pan, OutgoingMessage Message)> sent = [];
        foreach (FieldMeter meter in Meters)
        {
            CapabilityDescriptor? module = meter.Use(m =>
            {
                if (instant > m.Now) m.AdvanceTo(instant);
                while (m.TryTakeOutgoing(out OutgoingMessage message)) sent.Add((meter.Pan, message));
                return m.Snapshot.Module;
            });
            if (module is not null) headEnd.ModuleSeen(meter.Pan, module.Kind, module.Serial, instant);
        }

        foreach ((MeterPan pan, OutgoingMessage message) in sent.OrderBy(s => s.Message.At))
            headEnd.Receive(pan, message.Sealed, Name, message.At > instant ? instant : message.At);
    }
}
