using Latchkey.Metrology;

namespace Latchkey.Metrology.Tests;

/// <summary>Ideal sine signals through an ideal converter: rounding to counts is the only imperfection.</summary>
internal sealed record Signal
{
    public double Volts { get; init; } = 230;

    public double Amps { get; init; } = 5;

    public double Hertz { get; init; } = 50;

    /// <summary>Positive when the current lags.</summary>
    public double PhiRadians { get; init; }

    public double VoltageOffsetCounts { get; init; }

    public double CurrentOffsetCounts { get; init; }

    /// <summary>Extra delay of the current channel, as a front end would add it.</summary>
    public double CurrentDelayUs { get; init; }

    public double Watts => Volts * Amps * Math.Cos(PhiRadians);

    public double Vars => Volts * Amps * Math.Sin(PhiRadians);

    public RawSample At(long n) => AtSeconds(n / (double)RawSample.RateHz);

    public RawSample AtSeconds(double t)
    {
        double w = 2 * Math.PI * Hertz;
        int v = Counts(Volts * Math.Sqrt(2) * Math.Sin((w * t) + 0.3) / 60e-6, VoltageOffsetCounts);
        int i = Counts(Amps * Math.Sqrt(2) * Math.Sin((w * (t - (CurrentDelayUs * 1e-6))) + 0.3 - PhiRadians) / 34e-6, CurrentOffsetCounts);
        return new(v, i, i, v);
    }

    /// <summary>Runs a core over some seconds, applying each frame as it comes.</summary>
    public MetrologyRegisters Run(MetrologyCore core, int seconds, long from = 0)
    {
        for (long n = from; n < from + ((long)seconds * RawSample.RateHz); n++)
        {
            core.OnSample(At(n));
            if (core.TryTakeFrame(out FrameSums sums)) core.ApplyFrame(sums);
        }

        return core.Registers;
    }

    private static int Counts(double value, double offset) =>
        (int)Math.Clamp(Math.Round(value + offset), -RawSample.FullScale, RawSample.FullScale);
}
