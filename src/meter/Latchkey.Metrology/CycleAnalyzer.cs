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

/// <summary>Total distortion and single harmonics of a captured stretch of whole cycles; foreground work, integers only.</summary>
/// <remarks>
/// The stretch lies between two rising voltage crossings, so its length is known to a fraction of a sample. Sums run over it with the
/// fractions of the first and last sample weighed in; the fundamental is a correlation with a table of sines.
/// </remarks>
public static class CycleAnalyzer
{
    private const int QuarterSteps = 32;

    // sin(k · 90° / 32) × 2^30: written out, so that every platform has the same bits.
    private static readonly int[] QuarterSine =
    [
        0, 52_686_014, 105_245_103, 157_550_647, 209_476_638, 260_897_982,
        311_690_799, 361_732_726, 410_903_207, 459_083_786, 506_158_392, 552_013_618,
        596_538_995, 639_627_258, 681_174_602, 721_080_937, 759_250_125, 795_590_213,
        830_013_654, 862_437_520, 892_783_698, 920_979_082, 946_955_747, 970_651_112,
        992_008_094, 1_010_975_242, 1_027_506_862, 1_041_563_127, 1_053_110_176, 1_062_120_190,
        1_068_571_464, 1_072_448_455, 1_073_741_824,
    ];

    /// <summary>Analyses a stretch.</summary>
    /// <param name="samples">Samples; the first lies at or before the start, the last at or after the end.</param>
    /// <param name="startQ16">Start in samples × 65536, from the first sample.</param>
    /// <param name="spanQ16">Length in samples × 65536.</param>
    /// <param name="cycles">Whole cycles in it.</param>
    /// <param name="harmonic">Which harmonic to take for the fundamental; 1 unless a single one is wanted.</param>
    public static CycleContent Analyze(ReadOnlySpan<int> samples, long startQ16, long spanQ16, int cycles, int harmonic = 1)
    {
        long endQ16 = startQ16 + spanQ16;
        if (spanQ16 <= 0 || cycles <= 0 || startQ16 < 0 || endQ16 > (long)(samples.Length - 1) << 16) return default;
        Int128 squares = 0, inPhase = 0, quadrature = 0;
        int first = (int)(startQ16 >> 16), last = (int)((endQ16 + 65535) >> 16);
        for (int n = first; n <= last; n++)
        {
            long weight = Weight(n, startQ16, endQ16);
            if (weight <= 0) continue;
            // A turn is 2^32; the phase of the sample within the stretch.
            long position = ((long)n << 16) - startQ16;
            uint turn = unchecked((uint)(((Int128)position * cycles * harmonic << 32) / spanQ16));
            long value = samples[n];
            squares += (Int128)value * value * weight;
            inPhase += (Int128)value * Sine(turn) * weight;
            quadrature += (Int128)value * Sine(unchecked(turn + 0x4000_0000)) * weight;
        }

        // Amplitude = 2/N · |sum|, mean square = amplitude²/2; the tables are × 2^30 and the weights × 2^16.
        Int128 a = (inPhase << 1) / spanQ16 >> 14, b = (quadrature << 1) / spanQ16 >> 14;
        UInt128 fundamental = (UInt128)((a * a) + (b * b)) >> 17;
        return new((UInt128)((squares << 16) / spanQ16), fundamental);
    }

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

    private static long Sine(uint turn)
    {
        int quadrant = (int)(turn >> 30);
        uint inside = turn & 0x3FFF_FFFF;
        if ((quadrant & 1) != 0) inside = 0x4000_0000 - inside;
        long value = Interpolate(inside);
        return quadrant >= 2 ? -value : value;
    }

    // Second order between the table's points: sin(a + x) = sin a cos x + cos a sin x with short series for the small angle.
    private static long Interpolate(uint inside)
    {
        int k = (int)(inside >> 25);
        long x = inside & 0x1FF_FFFF;
        if (k == QuarterSteps) return QuarterSine[QuarterSteps];
        // The angle in radian × 2^30: 90° is 2^30 of phase, so the factor is π/2.
        long angle = (x * 1_686_629_713) >> 30;
        long squared = (angle * angle) >> 30;
        long cosine = (1L << 30) - (squared >> 1) + (((squared * squared) >> 30) / 24);
        long sine = angle - (((angle * squared) >> 30) / 6);
        return ((QuarterSine[k] * cosine) + (QuarterSine[QuarterSteps - k] * sine)) >> 30;
    }
}
