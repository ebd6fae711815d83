using Latchkey.Simulator;
using Latchkey.Sts;

namespace Latchkey.Server.Demo;

/// <summary>A virtual meter that several may use: the world that moves it, the radio that reaches it, the people at its face.</summary>
public sealed class FieldMeter(MeterPan pan, VirtualMeter meter) : IDisposable
{
    private readonly Lock _gate = new();

    public MeterPan Pan => pan;

    /// <summary>Reads from or acts on the meter while nobody else does. What it returns must not be the meter itself.</summary>
    public T Use<T>(Func<VirtualMeter, T> act)
    {
        lock (_gate) return act(meter);
    }

    /// <inheritdoc cref="Use{T}"/>
    public void Use(Action<VirtualMeter> act)
    {
        lock (_gate) act(meter);
    }

    public void Dispose()
    {
        lock (_gate) meter.Dispose();
    }
}
