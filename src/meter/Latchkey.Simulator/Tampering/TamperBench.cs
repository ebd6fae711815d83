using Latchkey.Meter.Hal;

namespace Latchkey.Simulator;

/// <summary>Covers and magnet as hands move them, with the hardware latch that needs no power.</summary>
internal sealed class TamperBench : ITamperInputs, IFieldSensor
{
    private const double WakeMicrotesla = 500;

    public TamperInputs Now { get; private set; }

    public TamperInputs Latched { get; set; }

    /// <summary>The magnet near the meter, or null.</summary>
    public Magnet? Magnet { get; set; }

    /// <summary>The clock of the world, microseconds: an alternating field has a phase.</summary>
    public Func<long> Clock { get; init; } = () => 0;

    public bool IsAwake => Magnet is { } magnet && magnet.FieldTesla(Magnet.SensorDepthMm) * 1e6 > WakeMicrotesla;

    public void Set(TamperInputs input, bool present)
    {
        Now = present ? Now | input : Now & ~input;
        // The latch remembers covers; a field leaves no trace in a meter without power.
        if (present) Latched |= input & (TamperInputs.MeterCover | TamperInputs.TerminalCover);
    }

    public void ClearLatch() => Latched = Now & (TamperInputs.MeterCover | TamperInputs.TerminalCover);

    public void Read(Span<FieldSample> window)
    {
        window.Clear();
        if (Magnet is not { } magnet) return;
        double until = Clock() * 1e-6;
        for (int i = 0; i < window.Length; i++)
        {
            double at = until - ((window.Length - 1 - i) / (double)IFieldSensor.RateHz);
            double microtesla = magnet.FieldTesla(Magnet.SensorDepthMm) * 1e6 * magnet.ShapeAt(at);
            window[i] = new FieldSample((int)(microtesla * magnet.X), (int)(microtesla * magnet.Y), (int)(microtesla * magnet.Z));
        }
    }
}
