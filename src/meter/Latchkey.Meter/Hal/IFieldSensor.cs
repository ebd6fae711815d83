namespace Latchkey.Meter.Hal;

/// <summary>The magnetic field on three axes, microtesla.</summary>
public readonly record struct FieldSample(int X, int Y, int Z);

/// <summary>The Hall sensors: asleep behind a comparator of a few microamperes until something comes near. Never throws.</summary>
public interface IFieldSensor
{
    /// <summary>Samples in a window: a tenth of a second, whole cycles of 50 and of 60 Hz.</summary>
    public const int WindowSamples = 80;

    /// <summary>Samples a second.</summary>
    public const int RateHz = 800;

    /// <summary>True while the comparator sees more than about 0.5 mT on any axis, steady or not.</summary>
    bool IsAwake { get; }

    /// <summary>The last tenth of a second.</summary>
    /// <param name="window">Room for <see cref="WindowSamples"/>.</param>
    void Read(Span<FieldSample> window);
}

/// <summary>A meter without Hall sensors.</summary>
public sealed class NoFieldSensor : IFieldSensor
{
    public static NoFieldSensor Instance { get; } = new();

    public bool IsAwake => false;

    public void Read(Span<FieldSample> window) => window.Clear();
}
