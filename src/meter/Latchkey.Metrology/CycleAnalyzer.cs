namespace Latchkey.Metrology;

/// <summary>What one averaged cycle of a signal contains.</summary>
/// <param name="RmsSquaredQ16">Mean square of the signal, counts² × 65536, its direct component included.</param>
/// <param name="FundamentalSquaredQ16">Mean square of the fundamental.</param>
public readonly record struct CycleContent(UInt128 RmsSquaredQ16, UInt128 FundamentalSquaredQ16)
{
    /// <summary>Everything but the fundamental, relative to the fundamental, millionths; 0 without a fundamental.</summary>
    public long DistortionPpm => FundamentalSquaredQ16 == 0 || RmsSquaredQ16 <= FundamentalSquaredQ16
        ? 0
        : (long)FrameMath.SquareRoot((RmsSquaredQ16 - FundamentalSquaredQ16) * 1_000_000_000_000 / FundamentalSquaredQ16);
}

/// <summary>Sums of a stretch of whole cycles against a sine and a cosine.</summary>
/// <param name="Squares">Sum of squares, counts²·samples.</param>
/// <param name="SineQ16">Sum of value · sin, counts·samples × 65536.</param>
/// <param name="CosineQ16">Sum of value · cos.</param>
internal readonly record struct Correlation(long Squares, long SineQ16, long CosineQ16);

/// <summary>Total distortion and single harmonics of a captured stretch of whole cycles; foreground work, integers only.</summary>
/// <remarks>
/// The stretch lies between two rising voltage crossings, so its length is known to a fraction of a sample. Sums run over it with the
/// fractions of the first and last sample weighed in; the fundamental is a correlation with a table of sines.
/// </remarks>
public static class CycleAnalyzer
{
    /// <summary>Analyses a stretch.</summary>
    /// <param name="samples">Samples; the first lies at or before the start, the last at or after the end.</param>
    /// <param name="startQ16">Start in samples × 65536, from the first sample.</param>
    /// <param name="spanQ16">Length in samples × 65536.</param>
    /// <param name="cycles">Whole cycles in it.</param>
    /// <param name="harmonic">Which harmonic to take for the fundamental; 1 unless a single one is wanted.</param>
    public static CycleContent Analyze(ReadOnlySpan<int> samples, long startQ16, long spanQ16, int cycles, int harmonic = 1)
    {
        if (!Fits(samples, startQ16, spanQ16) || cycles <= 0) return default;
        Correlation sums = Correlate(samples, startQ16, spanQ16, cycles * harmonic);
        return new((UInt128)(((Int128)sums.Squares << 32) / spanQ16), (UInt128)(FundamentalQ16(sums.SineQ16, sums.CosineQ16, spanQ16) << 16) / (ulong)spanQ16);
    }

    /// <summary>Energy of the sine whose correlation sums are given, counts²·samples × 65536.</summary>
    internal static Int128 FundamentalQ16(long sineQ16, long cosineQ16, long spanQ16) =>
        // Amplitude = 2/N · |sum|, so the sum of its squares is 2/N · |sum|².
        ((((Int128)sineQ16 * sineQ16) + ((Int128)cosineQ16 * cosineQ16)) << 1) / spanQ16;

    internal static bool Fits(ReadOnlySpan<int> samples, long startQ16, long spanQ16) =>
        spanQ16 > 0 && startQ16 >= 0 && startQ16 + spanQ16 <= (long)(samples.Length - 1) << 16;

    /// <summary>Sums of a stretch that fits, with so many turns of the sine in it.</summary>
    internal static Correlation Correlate(ReadOnlySpan<int> samples, long startQ16, long spanQ16, int turns)
    {
        long endQ16 = startQ16 + spanQ16;
        int first = (int)(startQ16 >> 16), last = (int)((endQ16 + 65535) >> 16);
        long step = StepQ32(spanQ16, turns);
        long turn = TurnAt(((long)first << 16) - startQ16, step);
        Int128 squares = 0;
        long whole = 0, inPhase = 0, quadrature = 0;
        for (int n = first; n <= last; n++, turn = unchecked(turn + step))
        {
            uint at = unchecked((uint)(turn >> 32));
            long value = samples[n];
            // A value below 2^23 times a sine of 2^20, over 2^14 samples: below 2^58.
            long sine = value * (SineTable.Sine(at) >> 10), cosine = value * (SineTable.Cosine(at) >> 10);
            if (n - first is 0 or 1 || last - n is 0 or 1)
            {
                long weight = Weight(n, startQ16, endQ16);
                squares += (Int128)value * value * weight;
                inPhase += (sine >> 16) * weight;
                quadrature += (cosine >> 16) * weight;
                continue;
            }

            whole += value * value;
            inPhase += sine;
            quadrature += cosine;
        }

        return new((long)(squares >> 16) + whole, inPhase >> 4, quadrature >> 4);
    }

    /// <summary>Advance of the sine from sample to sample; a turn is 2^64.</summary>
    internal static long StepQ32(long spanQ16, int turns) => unchecked((long)(ulong)((((UInt128)(uint)turns << 64) / (ulong)spanQ16) << 16));

    /// <summary>Where the sine stands at a distance from the start, samples × 65536; a turn is 2^64.</summary>
    internal static long TurnAt(long distanceQ16, long step) => unchecked((long)((Int128)distanceQ16 * (ulong)step >> 16));

    // The trapezoid rule with fractional ends: every sample stands for half a period to either side, cut at the ends of the stretch.
    private static long Weight(int n, long startQ16, long endQ16)
    {
        long at = (long)n << 16;
        long before = Math.Clamp(at - startQ16, 0, 65536), after = Math.Clamp(endQ16 - at, 0, 65536);
        if (at < startQ16) return Tail(startQ16 - at);
        if (at > endQ16) return Tail(at - endQ16);
        return Head(before) + Head(after);
    }

    // Integral of a straight line's share of this sample over a part of the interval of length x, from the sample outward.
    private static long Head(long x) => x - ((x * x) >> 17);

    // The share of the sample outside the stretch, x away from its end.
    private static long Tail(long x) => x >= 65536 ? 0 : ((65536 - x) * (65536 - x)) >> 17;
}
