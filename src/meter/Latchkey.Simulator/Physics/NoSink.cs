using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Lets samples pass unseen.</summary>
public sealed class NoSink : ISampleSink
{
    public static NoSink Instance { get; } = new();

    public void OnSample(in RawSample sample, long timeUs)
    {
    }
}
