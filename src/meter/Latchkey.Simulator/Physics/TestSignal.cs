using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>What a front end does to a signal; every field zero is an ideal one.</summary>
/// <remarks>Magnitudes to expect: gain ±2 %, offset ±1000 counts, phase 0.05 to 0.5°, filter mismatch ±10 µs, noise 90 dB below full scale.</remarks>
public sealed record FrontEndFaults
{
    public double VoltageGain { get; init; }

    public double CurrentGain { get; init; }

    public double VoltageOffset { get; init; }

    public double CurrentOffset { get; init; }

    /// <summary>Delay of the current channel against the voltage channel.</summary>
    public double CurrentDelayUs { get; init; }

    /// <summary>Phase error of a current transformer, radian, the same at every frequency.</summary>
    public double CurrentPhaseRadians { get; init; }

    public double NoiseCounts { get; init; }

    /// <summary>Share of the voltage channel, full scale to full scale, that appears in the current channel.</summary>
    public double Crosstalk { get; init; }

    /// <summary>Relative error of the sample clock.</summary>
    public double ClockError { get; init; }

    /// <summary>Relative change of the voltage gain per kelvin from 23 °C.</summary>
    public double VoltagePerKelvin { get; init; }

    public double CurrentPerKelvin { get; init; }

    /// <summary>Draws a front end from the population.</summary>
    public static FrontEndFaults Draw(Chance chance) => new()
    {
        VoltageGain = chance.Between(-0.02, 0.02),
        CurrentGain = chance.Between(-0.02, 0.02),
        VoltageOffset = chance.Between(-1000, 1000),
        CurrentOffset = chance.Between(-1000, 1000),
        CurrentDelayUs = chance.Between(-10, 10),
        CurrentPhaseRadians = chance.Between(0.05, 0.5) * Math.PI / 180,
        NoiseCounts = 186, // 90 dB below the rms of a full-scale sine
        Crosstalk = 1e-5,
        ClockError = chance.Between(-50e-6, 50e-6),
        VoltagePerKelvin = chance.Between(-25e-6, 25e-6),
        CurrentPerKelvin = chance.Between(-50e-6, 50e-6),
    };
}

/// <summary>A test point of the accuracy matrix: sine voltage and current with exact truth, through a front end.</summary>
/// <param name="Volts">Rms.</param>
/// <param name="Amps">Rms.</param>
/// <param name="Hertz">Frequency.</param>
/// <param name="PhiRadians">Lag of the current.</param>
/// <param name="Celsius">Temperature of the front end.</param>
public sealed record TestSignal(double Volts, double Amps, double Hertz, double PhiRadians, double Celsius = 23)
{
    private const double VoltsPerCount = 60e-6;
    private const double AmpsPerCount = 34e-6;
    private const double StartPhase = 0.3;
    private const int Repeats = 200;

    public double Watts => Volts * Amps * Math.Cos(PhiRadians);

    public double Vars => Volts * Amps * Math.Sin(PhiRadians);

    /// <summary>Runs a core over whole frames and books their sum so often that the quantum of the energy counter is far below 0.01 %.</summary>
    public MetrologyRegisters Measure(in Calibration calibration, FrontEndFaults? faults = null, int frames = 1, int seed = 1)
    {
        var core = new MetrologyCore(calibration);
        FrameSums sum = Frame(calibration, faults ?? new FrontEndFaults(), frames, seed);
        for (int repeat = 0; repeat < Repeats; repeat++) core.ApplyFrame(sum);
        return core.Registers;
    }

    /// <summary>The sum of some whole frames after the first, in which the 90° delay meets the frequency.</summary>
    public FrameSums Frame(in Calibration calibration, FrontEndFaults faults, int frames, int seed)
    {
        var core = new MetrologyCore(calibration);
        var chance = new Chance(seed);
        FrameSums sum = default;
        int whole = 0;
        for (long n = 0; whole <= frames; n++)
        {
            core.OnSample(At(n, faults, chance));
            if (!core.TryTakeFrame(out FrameSums f)) continue;
            if (f.Cycles == 0 && Volts > 0) continue;
            if (whole++ > 0) sum = sum.Then(f);
        }

        return sum;
    }

    /// <summary>A frame of one cycle at 50 Hz, cheaply: for what does not depend on accuracy.</summary>
    public FrameSums Short()
    {
        long p = 0, v2 = 0, i2 = 0, sumV = 0, sumI = 0;
        var none = new FrontEndFaults();
        for (long n = 0; n < 160; n++)
        {
            RawSample s = At(n, none, NoChance);
            (p, v2, i2, sumV, sumI) = (p + ((long)s.V * s.I), v2 + ((long)s.V * s.V), i2 + ((long)s.I * s.I), sumV + s.V, sumI + s.I);
        }

        return new() { P = p, V2 = v2, I2 = i2, SumV = sumV, SumI = sumI, Samples = 160, Cycles = 1, SpanQ16 = 160 << 16 };
    }

    private static readonly Chance NoChance = new(0);

    private RawSample At(long n, FrontEndFaults f, Chance chance)
    {
        double t = n / (RawSample.RateHz * (1 + f.ClockError)), w = 2 * Math.PI * Hertz, warm = Celsius - 23;
        double v = Volts * Math.Sqrt(2) * Math.Sin((w * t) + StartPhase) / VoltsPerCount;
        double i = Amps * Math.Sqrt(2) * Math.Sin((w * (t - (f.CurrentDelayUs * 1e-6))) + StartPhase - PhiRadians - f.CurrentPhaseRadians) / AmpsPerCount;
        double noiseV = f.NoiseCounts == 0 ? 0 : f.NoiseCounts * chance.Normal(), noiseI = f.NoiseCounts == 0 ? 0 : f.NoiseCounts * chance.Normal();
        int volts = Counts((v * (1 + f.VoltageGain + (f.VoltagePerKelvin * warm))) + f.VoltageOffset + noiseV);
        int amps = Counts((i * (1 + f.CurrentGain + (f.CurrentPerKelvin * warm))) + f.CurrentOffset + noiseI + (f.Crosstalk * v));
        return new(volts, amps, amps, volts);
    }

    private static int Counts(double value) => (int)Math.Clamp(Math.Round(value), -RawSample.FullScale, RawSample.FullScale);
}
