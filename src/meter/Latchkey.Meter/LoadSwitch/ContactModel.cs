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

    /// <summary>Overshoot of the recovery voltage at sin φ = 1.</summary>
    public double Overshoot { get; init; } = 0.4;

    public double MicrogramsPerCoulomb { get; init; } = 3;

    public double EndOfLifeMicrograms { get; init; } = 10_000;

    /// <summary>Whether the gap holds at a zero.</summary>
    /// <param name="gapMs">Time since the contacts parted.</param>
    /// <param name="volts">Source voltage at the zero.</param>
    /// <param name="rmsAmps">Current before the break.</param>
    /// <param name="sinPhi">|sin φ| of the fundamental.</param>
    public bool Holds(double gapMs, double volts, double rmsAmps, double sinPhi) =>
        Math.Max(ImmediateLowestVolts, ImmediateVolts - (ImmediateVoltsPerAmp * rmsAmps)) + (StrengthVoltsPerMs * gapMs)
        >= (1 + (Overshoot * sinPhi)) * Math.Abs(volts);
}
