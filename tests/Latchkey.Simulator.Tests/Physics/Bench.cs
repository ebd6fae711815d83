using Latchkey.Meter.Hal;
using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

/// <summary>A sink that keeps what it is given.</summary>
internal sealed class Recorder : ISampleSink
{
    public List<(RawSample Sample, long TimeUs)> Samples { get; } = [];

    public void OnSample(in RawSample sample, long timeUs) => Samples.Add((sample, timeUs));
}

/// <summary>A sink that lets samples pass unseen.</summary>
internal sealed class Nobody : ISampleSink
{
    public static Nobody Instance { get; } = new();

    public void OnSample(in RawSample sample, long timeUs)
    {
    }
}

internal static class CircuitExtensions
{
    /// <summary>Runs and returns the events of that time.</summary>
    public static List<ContactEvent> EventsOf(this PowerCircuit circuit, long durationUs, ISampleSink? sink = null)
    {
        circuit.Run(durationUs, sink ?? Nobody.Instance);
        List<ContactEvent> events = [];
        while (circuit.TryTakeEvent(out ContactEvent e)) events.Add(e);
        return events;
    }

    public static ContactEvent Of(this IEnumerable<ContactEvent> events, ContactEventKind kind) => events.Single(e => e.Kind == kind);
}
