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
    private const int Channels = 4;
    private readonly int[] _noise = new int[NoiseLength + Channels];
    private readonly FrontEndErrors _errors;
    private int _noisePosition;

    public FrontEnd(FrontEndErrors errors, Chance chance)
    {
        _errors = errors;
        for (int k = 0; k < NoiseLength; k++) _noise[k] = (int)Math.Round(errors.NoiseCounts * chance.Normal());
        // The channels of one sample may be read past the end.
        for (int k = 0; k < Channels; k++) _noise[NoiseLength + k] = _noise[k];
    }

    /// <summary>What the converter would give without noise.</summary>
    public RawSample Clean(double volts, double amps, double neutralAmps, double loadVolts) => new(
        Counts((volts * (1 + _errors.VoltageGain) / VoltsPerCount) + _errors.VoltageOffset),
        Counts((amps * (1 + _errors.CurrentGain) / AmpsPerCount) + _errors.CurrentOffset),
        Counts(neutralAmps * (1 + _errors.NeutralGain) / AmpsPerCount),
        Counts(loadVolts * (1 + _errors.LoadVoltageGain) / VoltsPerCount));

    /// <summary>The next noise on top of a conversion.</summary>
    public RawSample WithNoise(in RawSample clean)
    {
        int k = _noisePosition;
        _noisePosition = k + Channels >= NoiseLength ? k + Channels - NoiseLength : k + Channels;
        return new(Limited(clean.V + _noise[k]), Limited(clean.I + _noise[k + 1]), Limited(clean.IN + _noise[k + 2]), Limited(clean.Lsv + _noise[k + 3]));
    }

    private static int Limited(int counts) => Math.Clamp(counts, -RawSample.FullScale, RawSample.FullScale);

    private static int Counts(double value) => (int)Math.Clamp(Math.Round(value), -RawSample.FullScale, RawSample.FullScale);
}
