namespace Latchkey.Metrology;

/// <summary>Sines of integers: a turn is 2^32, one is 2^30. The same bits on every machine.</summary>
internal static class SineTable
{
    private const int QuarterSteps = 32;

    // sin(k · 90° / 32) × 2^30: written out, so that every platform has the same bits.
    private static ReadOnlySpan<int> QuarterSine =>
    [
        0, 52_686_014, 105_245_103, 157_550_647, 209_476_638, 260_897_982,
        311_690_799, 361_732_726, 410_903_207, 459_083_786, 506_158_392, 552_013_618,
        596_538_995, 639_627_258, 681_174_602, 721_080_937, 759_250_125, 795_590_213,
        830_013_654, 862_437_520, 892_783_698, 920_979_082, 946_955_747, 970_651_112,
        992_008_094, 1_010_975_242, 1_027_506_862, 1_041_563_127, 1_053_110_176, 1_062_120_190,
        1_068_571_464, 1_072_448_455, 1_073_741_824,
    ];

    /// <summary>sin of a part of a turn, × 2^30.</summary>
    public static long Sine(uint turn)
    {
        unchecked
        {
            uint inside = turn & 0x3FFF_FFFF;
            if ((turn & 0x4000_0000) != 0) inside = 0x4000_0000 - inside;
            long value = Interpolate(inside);
            return (turn & 0x8000_0000) != 0 ? -value : value;
        }
    }

    /// <summary>cos of a part of a turn, × 2^30.</summary>
    public static long Cosine(uint turn) => Sine(unchecked(turn + 0x4000_0000));

    // Second order between the table's points: sin(a + x) = sin a cos x + cos a sin x with short series for the small angle.
    private static long Interpolate(uint inside)
    {
        unchecked
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
}
