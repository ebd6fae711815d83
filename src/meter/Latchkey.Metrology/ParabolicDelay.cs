using System.Runtime.CompilerServices;

namespace Latchkey.Metrology;

/// <summary>Three coefficients of a parabolic fractional delay, × 65536: amplitude is flat to the fourth order of ω.</summary>
/// <remarks>They are kept as wide as they are multiplied, which spares an instruction each. A straight line between two samples would lose 0.03 % at 65 Hz and half a sample.</remarks>
internal readonly record struct ParabolicDelay(int Whole, long Before, long At, long After)
{
    /// <summary>Coefficients for a delay in samples × 65536, between 0.5 and 60 samples.</summary>
    [RealTime]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ParabolicDelay For(long delayQ16)
    {
        unchecked
        {
            int whole = (int)((delayQ16 + 32768) >> 16);
            long m = delayQ16 - ((long)whole << 16);
            long square = (m * m) >> 16;
            return new(whole, (square - m) >> 1, 65536 - square, (square + m) >> 1);
        }
    }
}
