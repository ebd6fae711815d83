namespace Latchkey.Metrology;

/// <summary>Distortion of a current so small that the front end's noise would pass for it.</summary>
/// <remarks>
/// The cycles of a frame are laid over each other by their phase, the fundamental taken out. What differs from cycle to cycle at the same phase is
/// noise; what repeats is harmonics. A harmonic is counted when it is eight times what noise alone would put there.
/// </remarks>
internal sealed class NoiseFloor
{
    private const int LastHarmonic = 40;
    private const int Bins = 256;
    private const int Standing = 16;
    private readonly long[] _sums = new long[Bins];
    private readonly int[] _counts = new int[Bins];

    /// <summary>Sum of squares of the noise, and of harmonics 2 to 40 above it, in a stretch of whole cycles; counts²·samples.</summary>
    public (long Noise, long Harmonics) Of(ReadOnlySpan<int> samples, long startQ16, long spanQ16, int cycles, in Correlation fundamental)
    {
        long variance = Fold(samples, startQ16, spanQ16, cycles, fundamental);
        Int128 harmonics = 0;
        for (int h = 2; h <= LastHarmonic; h++)
        {
            Int128 energy = Line(h, spanQ16);
            if (energy > (Int128)variance * Standing) harmonics += energy - (2 * (Int128)variance);
        }

        return ((long)((Int128)variance * spanQ16 >> 24), (long)(harmonics >> 8));
    }

    // Fills the bins; returns the variance of the noise of a sample, counts² × 256.
    private long Fold(ReadOnlySpan<int> samples, long startQ16, long spanQ16, int cycles, in Correlation fundamental)
    {
        Array.Clear(_sums);
        Array.Clear(_counts);
        long sineQ8 = (long)(((Int128)fundamental.SineQ16 << 9) / spanQ16), cosineQ8 = (long)(((Int128)fundamental.CosineQ16 << 9) / spanQ16);
        int first = (int)((startQ16 + 65535) >> 16), last = (int)((startQ16 + spanQ16) >> 16);
        long step = CycleAnalyzer.StepQ32(spanQ16, cycles), turn = CycleAnalyzer.TurnAt(((long)first << 16) - startQ16, step);
        Int128 squares = 0;
        for (int n = first; n <= last; n++, turn = unchecked(turn + step))
        {
            uint at = unchecked((uint)(turn >> 32));
            long rest = ((long)samples[n] << 8) - (((sineQ8 * (SineTable.Sine(at) >> 10)) + (cosineQ8 * (SineTable.Cosine(at) >> 10))) >> 20);
            _sums[at >> 24] += rest;
            _counts[at >> 24]++;
            squares += (Int128)rest * rest;
        }

        int freedom = last - first + 1;
        for (int b = 0; b < Bins; b++)
        {
            if (_counts[b] == 0) continue;
            squares -= (Int128)_sums[b] * _sums[b] / _counts[b];
            freedom--;
        }

        return freedom <= 0 ? 0 : (long)(squares / freedom >> 8);
    }

    // Energy of one harmonic, counts²·samples × 256: 2/N · |sum|².
    private Int128 Line(int harmonic, long spanQ16)
    {
        long sine = 0, cosine = 0;
        for (int b = 0; b < Bins; b++)
        {
            uint at = unchecked((((uint)b << 24) + 0x80_0000u) * (uint)harmonic);
            sine += _sums[b] * (SineTable.Sine(at) >> 20) >> 10;
            cosine += _sums[b] * (SineTable.Cosine(at) >> 20) >> 10;
        }

        return ((((Int128)sine * sine) + ((Int128)cosine * cosine)) << 17) / spanQ16 >> 8;
    }
}
