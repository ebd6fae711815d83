namespace Latchkey.Simulator.Physics;

/// <summary>A load in its steady state, given by its current's spectrum. The phase follows the supply's.</summary>
public sealed class SpectralLoad : LoadModel
{
    private readonly double _peak;
    private readonly double _phi;
    private readonly Harmonic[] _harmonics;

    /// <summary>A spectrum.</summary>
    /// <param name="fundamentalAmps">Rms of the fundamental.</param>
    /// <param name="phiRadians">Lag of the fundamental behind the voltage; negative leads.</param>
    /// <param name="harmonics">Orders, shares of the fundamental, and lags.</param>
    public SpectralLoad(double fundamentalAmps, double phiRadians = 0, params Harmonic[] harmonics)
    {
        _peak = fundamentalAmps * Math.Sqrt(2);
        _phi = phiRadians;
        _harmonics = [.. harmonics];
        RmsAmps = fundamentalAmps * Math.Sqrt(1 + harmonics.Sum(h => h.Share * h.Share));
        SinPhi = Math.Abs(Math.Sin(phiRadians));
    }

    public override double RmsAmps { get; }

    public override double SinPhi { get; }

    public override bool IsPeriodic => true;

    /// <summary>A sine load that draws a power at a voltage.</summary>
    public static SpectralLoad ForPower(double watts, double volts, double powerFactor = 1, bool leading = false)
    {
        double phi = Math.Acos(powerFactor);
        return new(watts / (volts * powerFactor), leading ? -phi : phi);
    }

    /// <summary>The current at a phase of the supply.</summary>
    public double At(double phase)
    {
        double shape = Math.Sin(phase - _phi);
        foreach (Harmonic h in _harmonics) shape += h.Share * Math.Sin((h.Order * phase) - h.LagRadians);
        return _peak * shape;
    }

    public override double Step(in MainsPoint supply, double step) => At(supply.Phase);
}
