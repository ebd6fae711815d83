namespace Latchkey.Metrology;

/// <summary>What the tape of a frame adds to the interrupt's sums: the fundamentals and the floor of the noise.</summary>
public readonly record struct WaveSums
{
    /// <summary>Span of the whole cycles, samples × 65536; 0 where no tape was read.</summary>
    public long SpanQ16 { get; init; }

    /// <summary>Sum of v², without the direct component, counts²·samples.</summary>
    public long VoltageSquares { get; init; }

    /// <summary>Sum of v · sin of the mains phase, counts·samples × 65536.</summary>
    public long VoltageSineQ16 { get; init; }

    public long VoltageCosineQ16 { get; init; }

    /// <summary>Sum of i², counts²·samples.</summary>
    public long CurrentSquares { get; init; }

    public long CurrentSineQ16 { get; init; }

    public long CurrentCosineQ16 { get; init; }

    /// <summary>What of <see cref="CurrentSquares"/> is noise between the harmonics, counts²·samples; 0 where it cannot matter.</summary>
    public long CurrentNoise { get; init; }

    /// <summary>Harmonics 2 to 40 of the current less their share of the noise, counts²·samples; only where <see cref="CurrentNoise"/> is told.</summary>
    public long CurrentHarmonics { get; init; }

    /// <summary>Longest run of samples in which the voltage channel gave one and the same count.</summary>
    public int VoltageStill { get; init; }

    /// <summary>The same of the current channel.</summary>
    public int CurrentStill { get; init; }

    /// <summary>Distortion of the voltage, millionths of the fundamental.</summary>
    public long VoltageDistortionPpm => Ratio(Rest(VoltageSquares, VoltageSineQ16, VoltageCosineQ16), VoltageSineQ16, VoltageCosineQ16);

    /// <summary>Distortion of the current, millionths of the fundamental: all but the fundamental, and the noise of the front end.</summary>
    /// <remarks>Where most of the rest is noise, only the harmonics that stand out of it are counted.</remarks>
    public long CurrentDistortionPpm
    {
        get
        {
            Int128 rest = Rest(CurrentSquares, CurrentSineQ16, CurrentCosineQ16), noise = (Int128)CurrentNoise << 16;
            return Ratio(CurrentNoise > 0 && rest < 2 * noise ? (Int128)CurrentHarmonics << 16 : rest - noise, CurrentSineQ16, CurrentCosineQ16);
        }
    }

    /// <summary>Two stretches that follow each other, as one.</summary>
    public WaveSums Then(in WaveSums next) => new()
    {
        SpanQ16 = SpanQ16 + next.SpanQ16,
        VoltageSquares = VoltageSquares + next.VoltageSquares,
        VoltageSineQ16 = VoltageSineQ16 + next.VoltageSineQ16,
        VoltageCosineQ16 = VoltageCosineQ16 + next.VoltageCosineQ16,
        CurrentSquares = CurrentSquares + next.CurrentSquares,
        CurrentSineQ16 = CurrentSineQ16 + next.CurrentSineQ16,
        CurrentCosineQ16 = CurrentCosineQ16 + next.CurrentCosineQ16,
        CurrentNoise = CurrentNoise + next.CurrentNoise,
        CurrentHarmonics = CurrentHarmonics + next.CurrentHarmonics,
        VoltageStill = Math.Max(VoltageStill, next.VoltageStill),
        CurrentStill = Math.Max(CurrentStill, next.CurrentStill),
    };

    private Int128 Rest(long squares, long sine, long cosine) =>
        SpanQ16 == 0 ? 0 : ((Int128)squares << 16) - CycleAnalyzer.FundamentalQ16(sine, cosine, SpanQ16);

    private long Ratio(Int128 restQ16, long sine, long cosine)
    {
        Int128 fundamental = SpanQ16 == 0 ? 0 : CycleAnalyzer.FundamentalQ16(sine, cosine, SpanQ16);
        // Below a hundred counts of fundamental there is nothing that could be distorted.
        if (restQ16 <= 0 || fundamental < (Int128)SpanQ16 * 10_000) return 0;
        return (long)Math.Min(FrameMath.SquareRoot((UInt128)restQ16 * 1_000_000 / ((UInt128)fundamental / 1_000_000)), 100_000_000);
    }
}
