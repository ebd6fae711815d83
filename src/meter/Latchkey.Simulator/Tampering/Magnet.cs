namespace Latchkey.Simulator;

/// <summary>A magnet that somebody holds to the meter: a block of neodymium, or a coil on the mains.</summary>
/// <remarks>
/// The block is 50 × 50 × 25 mm with 1.2 T remanence; its field along the axis is the closed form for a block, about 0.4 T at its face and
/// 0.1 T at 30 mm. A coil is taken to have the same shape, scaled by <see cref="Strength"/>.
/// </remarks>
/// <param name="DistanceMm">From its face to the case.</param>
public sealed record Magnet(double DistanceMm)
{
    /// <summary>How deep the Hall sensors lie behind the case.</summary>
    public const double SensorDepthMm = 25;

    /// <summary>How deep the cores of the current transformers lie.</summary>
    public const double CoreDepthMm = 20;

    /// <summary>How deep the latching relay lies.</summary>
    public const double RelayDepthMm = 30;

    private const double RemanenceTesla = 1.2;
    private const double EdgeMm = 50;
    private const double LengthMm = 25;
    private const double SaturationTesla = 0.060;
    private const double SaturationSpreadTesla = 0.008;
    private const double SaturationLoss = 0.9;

    /// <summary>Share of the block's remanence.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>0 for a permanent magnet, else how often its field swings.</summary>
    public double Hertz { get; init; }

    /// <summary>Direction of the field at the sensor, a unit vector.</summary>
    public (double X, double Y, double Z) Direction { get; init; } = (0, 0, 1);

    public double X => Direction.X;

    public double Y => Direction.Y;

    public double Z => Direction.Z;

    /// <summary>The field at a depth behind the case, its amplitude where it swings.</summary>
    public double FieldTesla(double depthMm)
    {
        double d = Math.Max(0.1, DistanceMm + depthMm);
        return Strength * RemanenceTesla / Math.PI * (Part(d) - Part(d + LengthMm));
    }

    /// <summary>1 for a steady field; a sine for one that swings.</summary>
    public double ShapeAt(double seconds) => Hertz <= 0 ? 1 : Math.Sin(2 * Math.PI * Hertz * seconds);

    /// <summary>What is left of the gain of a current transformer whose core is in the field and bears no direct flux. A shunt does not care.</summary>
    public double TransformerGain
    {
        get
        {
            if (Hertz > 0) return 1;
            double tesla = FieldTesla(CoreDepthMm);
            return 1 - (SaturationLoss / (1 + Math.Exp(-(tesla - SaturationTesla) / SaturationSpreadTesla)));
        }
    }

    /// <summary>The current that a swinging field seems to be in the loop of a shunt: 5 mV for each tesla a second, over 200 µΩ.</summary>
    public double InducedAmps => Hertz <= 0 ? 0 : 0.005 * 2 * Math.PI * Hertz * FieldTesla(CoreDepthMm) / 200e-6 / 1_000;

    private static double Part(double d) => Math.Atan(EdgeMm * EdgeMm / (2 * d * Math.Sqrt((4 * d * d) + (2 * EdgeMm * EdgeMm))));
}
