namespace Latchkey.Metrology;

/// <summary>
/// What the plain sum of samples lacks at one side of a jump: the integral up to the jump less what the sum counts for it.
/// </summary>
/// <remarks>
/// A sum gives each sample half an interval to either side, so it draws every jump in the middle between two samples and a straight line beside it.
/// Gregory's end correction integrates the smooth side to the sixth order; Newton's differences carry it on to the jump itself.
/// All is integer arithmetic; factors are × 2^16.
/// </remarks>
internal readonly ref struct EdgeQuadrature
{
    /// <summary>Samples used on a side at most.</summary>
    public const int Most = 7;

    // Coefficients of the forward differences in Gregory's formula, × 2^16: 1/12, −1/24, 19/720, −3/160, 863/60480, −275/24192.
    private static ReadOnlySpan<int> Gregory => [5461, -2731, 1729, -1229, 935, -745];

    private readonly ReadOnlySpan<int> _side;
    private readonly long _gapQ16;
    private readonly int _half;
    private readonly int _edge;

    /// <summary>Prepares one side of a jump.</summary>
    /// <param name="side">Samples of the current from the jump outward, at least one.</param>
    /// <param name="gapQ16">Distance from the jump to the first of them, samples × 65536, at most 65536.</param>
    public EdgeQuadrature(ReadOnlySpan<int> side, long gapQ16)
    {
        _side = side[..Smooth(side)];
        _gapQ16 = gapQ16;
        _half = Carry(_side, gapQ16 / 2);
        _edge = Carry(_side, gapQ16);
    }

    /// <summary>Correction of the sum of squares.</summary>
    public long Squares()
    {
        Span<long> products = stackalloc long[_side.Length];
        for (int k = 0; k < products.Length; k++) products[k] = (long)_side[k] * _side[k];
        return Correction(products, (long)_half * _half, (long)_edge * _edge);
    }

    /// <summary>Correction of the sum of products with a signal that is smooth across the jump.</summary>
    /// <param name="smooth">That signal at the same samples.</param>
    /// <param name="half">The same half way to the jump.</param>
    /// <param name="edge">The same at the jump.</param>
    public long Products(ReadOnlySpan<int> smooth, int half, int edge)
    {
        Span<long> products = stackalloc long[_side.Length];
        for (int k = 0; k < products.Length; k++) products[k] = (long)_side[k] * smooth[k];
        return Correction(products, (long)_half * half, (long)_edge * edge);
    }

    // Half of the first sample is the middle's; then the end correction; then Simpson's rule over the gap. A product is below 2^46: without its
    // lowest twelve bits its sixth differences times their coefficients stay below 2^55.
    private long Correction(Span<long> f, long half, long edge)
    {
        const int Spare = 12;
        for (int k = 0; k < f.Length; k++) f[k] >>= Spare;
        long first = f[0], sum = -first * 32768;
        for (int order = 1; order < f.Length; order++)
        {
            for (int k = 0; k + order < f.Length; k++) f[k] = f[k + 1] - f[k];
            sum += f[0] * Gregory[order - 1];
        }

        sum += ((edge >> Spare) + (4 * (half >> Spare)) + first) * _gapQ16 / 6;
        return sum >> (16 - Spare);
    }

    // As many samples as belong to one smooth piece: there the differences shrink from order to order. Where they grow the next event has begun,
    // and carrying it back to the jump would invent a current.
    private static int Smooth(ReadOnlySpan<int> side)
    {
        Span<long> d = stackalloc long[side.Length];
        for (int k = 0; k < d.Length; k++) d[k] = side[k];
        long before = Math.Abs(d[0]);
        for (int order = 1; order < d.Length; order++)
        {
            for (int k = 0; k + order < d.Length; k++) d[k] = d[k + 1] - d[k];
            if (Math.Abs(d[0]) > before) return order;
            before = Math.Abs(d[0]);
        }

        return d.Length;
    }

    // Newton's forward differences, read backward: f(−s) = Σ C(−s, k) Δᵏ. Never further from the first sample than twice the step behind it.
    private static int Carry(ReadOnlySpan<int> side, long sQ16)
    {
        Span<long> d = stackalloc long[side.Length];
        for (int k = 0; k < d.Length; k++) d[k] = side[k];
        long factor = 65536, carried = 0, step = 0;
        for (int order = 1; order < d.Length; order++)
        {
            for (int k = 0; k + order < d.Length; k++) d[k] = d[k + 1] - d[k];
            if (order == 1) step = Math.Abs(d[0]);
            factor = -factor * (sQ16 + ((order - 1L) << 16)) / ((long)order << 16);
            carried += d[0] * factor;
        }

        return side[0] + (int)Math.Clamp(carried >> 16, -2 * step, 2 * step);
    }
}
