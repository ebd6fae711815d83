namespace Latchkey.Metrology;

/// <summary>From the raw sums of a frame to physical quantities; once a second, integers only.</summary>
internal static class FrameMath
{
    private const long NanowattsPerUnit = 1_000_000_000_000_000; // 10⁻²⁴ W in nW

    /// <summary>The product sum without its direct components, counts²·samples.</summary>
    public static long WithoutDirect(long products, long sumA, long sumB, in FrameSums sums) =>
        sums.Cycles == 0 ? products : products - (long)((Int128)sumA * sumB / sums.Samples);

    /// <summary>The time of a frame, samples × 65536: between its crossings, or all its samples where there are none.</summary>
    public static long SpanQ16(in FrameSums sums) => sums.Cycles == 0 ? (long)sums.Samples << 16 : sums.SpanQ16;

    /// <summary>Mean of a product sum in nanowatts.</summary>
    /// <remarks>
    /// Over whole cycles the sum is divided by the exact span between the crossings: the product is zero where the voltage is,
    /// so the fraction of a sample at each end carries no energy but does carry time.
    /// </remarks>
    public static long MeanNanowatts(long products, long voltagePicovolts, long currentPicoamps, in FrameSums sums)
    {
        long spanQ16 = SpanQ16(sums);
        if (spanQ16 == 0) return 0;
        Int128 nanowattSamples = (Int128)products * voltagePicovolts * currentPicoamps / NanowattsPerUnit;
        return (long)((nanowattSamples << 16) / spanQ16);
    }

    /// <summary>Root of the mean square, counts × 65536.</summary>
    public static long RootMeanSquareQ16(long squares, long spanQ16) =>
        spanQ16 <= 0 || squares <= 0 ? 0 : (long)SquareRoot(((UInt128)(ulong)squares << 48) / (ulong)spanQ16);

    /// <summary>Counts × 65536 to micro-units, given the pico-units of a count.</summary>
    public static long ToMicro(long countsQ16, long picoPerCount) => (long)(((Int128)countsQ16 * picoPerCount / 1_000_000) >> 16);

    /// <summary>The integer square root, rounded down.</summary>
    public static ulong SquareRoot(UInt128 value)
    {
        if (value == 0) return 0;
        int bits = 128 - (int)UInt128.LeadingZeroCount(value);
        UInt128 root = UInt128.One << ((bits + 1) / 2);
        while (true)
        {
            UInt128 next = (root + (value / root)) >> 1;
            if (next >= root) return (ulong)root;
            root = next;
        }
    }
}
