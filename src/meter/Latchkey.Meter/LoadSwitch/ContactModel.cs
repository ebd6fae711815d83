namespace Latchkey.Meter.LoadSwitch;

/// <summary>What the firmware assumes of the contacts it opens: silver alloy, 0.35 m/s.</summary>
public sealed record ContactModel
{
    /// <summary>Below this current separating contacts draw no arc.</summary>
    public double IgniteAmps { get; init; } = 0.4;

    /// <summary>Below this source voltage they draw none either.</summary>
    public double IgniteVolts { get; init; } = 12;

    public double ArcVolts { get; init; } = 13;

    /// <summary>Growth of the arc voltage as the gap opens.</summary>
    public double ArcVoltsPerMs { get; init; } = 2.1;

    /// <summary>Strength of the gap right after a zero, before it opens.</summary>
    public double ImmediateVolts { get; init; } = 180;

    public double ImmediateVoltsPerAmp { get; init; } = 0.6;

    public double ImmediateLowestVolts { get; init; } = 90;

    /// <summary>Growth of the gap's strength: 2 kV/mm at 0.35 mm/ms.</summary>
    public double StrengthVoltsPerMs { get; init; } = 700;

    /// <summary>How well the strength is known: deviation of its natural logarithm; 0 where it is certain.</summary>
    public double StrengthDeviation { get; init; }

    /// <summary>Overshoot of the recovery voltage at sin φ = 1.</summary>
    public double Overshoot { get; init; } = 0.4;

    public double MicrogramsPerCoulomb { get; init; } = 3;

    public double EndOfLifeMicrograms { get; init; } = 10_000;

    /// <summary>What the gap must gain by opening to hold at a zero; nothing or less where it holds at once.</summary>
    /// <param name="volts">Source voltage at the zero.</param>
    /// <param name="rmsAmps">Current before the break.</param>
    /// <param name="sinPhi">|sin φ| of the fundamental.</param>
    public double NeededVolts(double volts, double rmsAmps, double sinPhi) =>
        ((1 + (Overshoot * sinPhi)) * Math.Abs(volts)) - Math.Max(ImmediateLowestVolts, ImmediateVolts - (ImmediateVoltsPerAmp * rmsAmps));

    /// <summary>Probability that a gap holds that must have gained some strength.</summary>
    /// <param name="gapMs">Time since the contacts parted.</param>
    /// <param name="neededVolts">From <see cref="NeededVolts"/>.</param>
    public double HoldProbability(double gapMs, double neededVolts)
    {
        if (neededVolts <= 0) return 1;
        double gained = StrengthVoltsPerMs * gapMs;
        if (StrengthDeviation <= 0 || gained <= 0) return gained >= neededVolts ? 1 : 0;
        return Normal.Cdf(Math.Log(gained / neededVolts) / StrengthDeviation);
    }
}
