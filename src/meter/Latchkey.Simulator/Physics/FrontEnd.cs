using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Imperfections of the analogue front end: gains, zeros and noise. The default is ideal.</summary>
public sealed record FrontEndErrors
{
    public double VoltageGain { get; init; }

    public double CurrentGain { get; init; }

    public double NeutralGain { get; init; }

    public double LoadVoltageGain { get; init; }

    public int VoltageOffset { get; init; }

    public int CurrentOffset { get; init; }

    /// <summary>Deviation of the noise of every channel, counts.</summary>
    public double NoiseCounts { get; init; }
}

/// <summary>The converter: volts and amperes to 24-bit counts at the nominal 60 µV and 34 µA.</summary>
public sealed class FrontEnd
{
    private const double VoltsPerCount = 60e-6;
    private const double AmpsPerCount = 34e-6;
    private const int NoiseLength = 4093; // prime, so that four channels never repeat together
    private readonly double[] _noise = new double[NoiseLength];
    private readonly FrontEndErrors _errors;
    private int _noisePosition;

    public FrontEnd(FrontEndErrors errors, Chance chance)
    {
        _errors = errors;
        for (int k = 0; k < NoiseLength; k++) _noise[k] = errors.NoiseCounts * chance.Normal();
    }

    /// <summary>What the converter would give without noise and without steps.</summary>
    public CleanCounts Clean(double volts, double amps, double neutralAmps, double loadVolts) => new(
        (volts * (1 + _errors.VoltageGain) / VoltsPerCount) + _errors.VoltageOffset,
        (amps * (1 + _errors.CurrentGain) / AmpsPerCount) + _errors.CurrentOffset,
        neutralAmps * (1 + _errors.NeutralGain) / AmpsPerCount,
        loadVolts * (1 + _errors.LoadVoltageGain) / VoltsPerCount);

    /// <summary>The conversion with the next noise.</summary>
    public RawSample WithNoise(in CleanCounts clean) => new(Counts(clean.V), Counts(clean.I), Counts(clean.IN), Counts(clean.Lsv));

    private int Counts(double value)
    {
        _noisePosition = _noisePosition + 1 == NoiseLength ? 0 : _noisePosition + 1;
        return (int)Math.Clamp(Math.Round(value + _noise[_noisePosition]), -RawSample.FullScale, RawSample.FullScale);
    }
}

/// <summary>One instant in counts, before noise and rounding.</summary>
public readonly record struct CleanCounts(double V, double I, double IN, double Lsv);
