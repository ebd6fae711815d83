namespace Latchkey.Metrology;

/// <summary>What the sums of a frame lack because the current jumps between samples.</summary>
/// <param name="Squares">Of i².</param>
/// <param name="Active">Of the product with the voltage.</param>
/// <param name="Reactive">Of the product with the voltage a quarter of a cycle before.</param>
/// <param name="SineQ16">Of the product with the sine of the mains phase, × 65536.</param>
/// <param name="CosineQ16">Of the product with its cosine.</param>
internal readonly record struct EdgeCorrection(long Squares, long Active, long Reactive, long SineQ16, long CosineQ16)
{
    /// <summary>The corrections of all jumps of a stretch.</summary>
    public static EdgeCorrection Of(CurrentEdges edges, ReadOnlySpan<int> i, in Companions with)
    {
        EdgeCorrection sum = default;
        for (int e = 0; e < edges.Count; e++)
        {
            int n = edges.At(e);
            long gap = edges.GapQ16(e);
            int after = Reach(e + 1 < edges.Count ? edges.At(e + 1) - n : i.Length - n), before = Reach(e > 0 ? n - edges.At(e - 1) : n);
            sum = sum.Plus(OneSide(i, n, 1, after, gap, with)).Plus(OneSide(i, n - 1, -1, before, 65536 - gap, with));
        }

        return sum;
    }

    // Whole samples until the next jump, or the end of what is held.
    private static int Reach(int samples) => Math.Clamp(samples, 1, EdgeQuadrature.Most);

    private static EdgeCorrection OneSide(ReadOnlySpan<int> i, int first, int direction, int count, long gapQ16, in Companions with)
    {
        Span<int> side = stackalloc int[count];
        for (int k = 0; k < count; k++) side[k] = i[first + (direction * k)];
        var edge = new EdgeQuadrature(side, gapQ16);
        return new(
            edge.Squares(),
            Product(edge, count, first, direction, gapQ16, with, Companion.Voltage),
            Product(edge, count, first, direction, gapQ16, with, Companion.QuarterVoltage),
            Product(edge, count, first, direction, gapQ16, with, Companion.Sine) >> 4,
            Product(edge, count, first, direction, gapQ16, with, Companion.Cosine) >> 4);
    }

    private static long Product(in EdgeQuadrature edge, int count, int first, int direction, long gapQ16, in Companions with, Companion which)
    {
        Span<int> smooth = stackalloc int[count];
        long origin = (long)first << 16;
        for (int k = 0; k < count; k++) smooth[k] = with.At(which, origin + ((long)(direction * k) << 16));
        return edge.Products(smooth, with.At(which, origin - (direction * gapQ16 / 2)), with.At(which, origin - (direction * gapQ16)));
    }

    private EdgeCorrection Plus(in EdgeCorrection other) => new(
        Squares + other.Squares, Active + other.Active, Reactive + other.Reactive, SineQ16 + other.SineQ16, CosineQ16 + other.CosineQ16);
}

/// <summary>The smooth signals that a current is multiplied with.</summary>
internal enum Companion
{
    /// <summary>The voltage, delayed as the calibration says.</summary>
    Voltage = 0,

    /// <summary>The same a quarter of a cycle before.</summary>
    QuarterVoltage = 1,

    /// <summary>Sine of the mains phase, × 2^20.</summary>
    Sine = 2,

    /// <summary>Cosine of the mains phase, × 2^20.</summary>
    Cosine = 3,
}

/// <summary>Those signals at any instant of a stretch.</summary>
internal readonly ref struct Companions(ReadOnlySpan<int> v, long startQ16, long spanQ16, int cycles, int lagQ16)
{
    private readonly ReadOnlySpan<int> _v = v;
    private readonly long _step = CycleAnalyzer.StepQ32(spanQ16, cycles);
    private readonly long _quarterQ16 = spanQ16 / cycles / 4;

    public int At(Companion which, long atQ16) => which switch
    {
        Companion.Voltage => Interpolated(atQ16 - lagQ16),
        Companion.QuarterVoltage => Interpolated(atQ16 - lagQ16 - _quarterQ16),
        Companion.Sine => (int)(SineTable.Sine(Turn(atQ16)) >> 10),
        _ => (int)(SineTable.Cosine(Turn(atQ16)) >> 10),
    };

    private uint Turn(long atQ16) => unchecked((uint)(CycleAnalyzer.TurnAt(atQ16 - startQ16, _step) >> 32));

    // A straight line is enough: the companion of a correction need not be better than a thousandth.
    private int Interpolated(long atQ16)
    {
        long at = Math.Clamp(atQ16, 0, (long)(_v.Length - 2) << 16);
        int k = (int)(at >> 16);
        return (int)(_v[k] + ((((long)_v[k + 1] - _v[k]) * (at & 0xFFFF)) >> 16));
    }
}
