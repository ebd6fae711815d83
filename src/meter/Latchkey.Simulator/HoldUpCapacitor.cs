namespace Latchkey.Simulator;

/// <summary>The charge that lets the processor finish after mains has gone.</summary>
/// <remarks>
/// A buck converter draws energy: t = C (V1² - V2²) / 2 × efficiency / load. Cold and age take capacitance. The figures are the
/// 1000 µF at 12 V of the design table: 1.1 s new, 0.43 s at the worst.
/// </remarks>
/// <param name="Microfarads">Nominal capacitance.</param>
/// <param name="FullVolts">Voltage at which mains loss finds it.</param>
/// <param name="LowestVolts">Voltage at which the processor stops.</param>
/// <param name="Efficiency">Of the converter, 0 to 1.</param>
/// <param name="LoadMilliwatts">What the meter draws meanwhile.</param>
public sealed record HoldUpCapacitor(
    double Microfarads = 1_000, double FullVolts = 12, double LowestVolts = 6, double Efficiency = 0.8, double LoadMilliwatts = 40)
{
    private const double WornShare = 0.7;
    private const double ToleranceShare = 0.8;
    private const double ColdShareAtMinus40 = 0.5;

    /// <summary>From the last healthy sample to the decision that mains is gone: 4 ms without voltage.</summary>
    public const int DetectionUs = 4_000;

    /// <summary>Microseconds from mains loss until the processor stops.</summary>
    /// <param name="celsius">Temperature; below 20 °C the electrolyte loses up to half at −40 °C.</param>
    /// <param name="age">0 new to 1 at the end of life.</param>
    public long AvailableUs(double celsius, double age)
    {
        double cold = 1 - ((1 - ColdShareAtMinus40) * Math.Clamp((20 - celsius) / 60, 0, 1));
        double worn = 1 - ((1 - (WornShare * ToleranceShare)) * Math.Clamp(age, 0, 1));
        double joules = Microfarads * 1e-6 * ((FullVolts * FullVolts) - (LowestVolts * LowestVolts)) / 2 * cold * worn * Efficiency;
        return (long)(joules / (LoadMilliwatts * 1e-3) * 1e6);
    }
}
