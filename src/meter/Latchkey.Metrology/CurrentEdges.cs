namespace Latchkey.Metrology;

/// <summary>
/// Jumps of a current between two samples: where they are in the cycle, told from many cycles.
/// </summary>
/// <remarks>
/// One cycle says only between which two samples a jump lies. A load that is fired by the mains repeats it at the same phase, and the samples do not:
/// so each cycle narrows the stretch, and the jump is in what all have in common. Where the samples stand still against the mains and nothing narrows it,
/// the middle is taken, which is what a plain sum assumes. Currents behind an anti-alias filter have no jumps in this sense and are left alone.
/// </remarks>
internal sealed class CurrentEdges
{
    private const int MostClasses = 8;
    private const int MostEdges = 1024;
    private const int Clear = 4; // samples looked at on either side
    private readonly int[] _at = new int[MostEdges];
    private readonly int[] _class = new int[MostEdges];
    private readonly long[] _phase = new long[MostClasses];
    private readonly long[] _lowest = new long[MostClasses];
    private readonly long[] _highest = new long[MostClasses];
    private int _classes;

    /// <summary>Jumps found.</summary>
    public int Count { get; private set; }

    /// <summary>The first sample after a jump.</summary>
    public int At(int edge) => _at[edge];

    /// <summary>How far the jump lies before <see cref="At"/>, samples × 65536, 0 to 65536.</summary>
    public long GapQ16(int edge)
    {
        int c = _class[edge];
        // From the first bound on, both are distances of the jump from the class's own phase.
        long where = (_lowest[c] + _highest[c]) / 2;
        return Math.Clamp(Offset(_at[edge], c) - where, 0, 65536);
    }

    private long _startQ16;
    private long _periodQ16;

    /// <summary>Finds the jumps of a stretch of whole cycles.</summary>
    public void Find(ReadOnlySpan<int> current, long startQ16, long spanQ16, int cycles, long leastJump)
    {
        (Count, _classes, _startQ16, _periodQ16) = (0, 0, startQ16, spanQ16 / cycles);
        int first = (int)(startQ16 >> 16) + 1, last = (int)((startQ16 + spanQ16) >> 16);
        for (int n = Math.Max(first, Clear); n <= last && n + Clear <= current.Length && Count < MostEdges; n++)
        {
            if (Math.Abs((long)current[n] - current[n - 1]) < leastJump || !IsJump(current, n)) continue;
            int c = ClassOf(n);
            if (c < 0) continue;
            (_at[Count], _class[Count]) = (n, c);
            Count++;
        }
    }

    // A jump stands out from its neighbours, and both sides of it are smooth: noise, steep sines and filtered steps are not jumps.
    private static bool IsJump(ReadOnlySpan<int> x, int n)
    {
        long jump = (long)x[n] - x[n - 1], size = Math.Abs(jump);
        long before = (long)x[n - 1] - x[n - 2], after = (long)x[n + 1] - x[n];
        return Math.Abs(jump - before) * 2 > size && Math.Abs(jump - after) * 2 > size
            && Math.Abs(before) * 2 < size && Math.Abs(after) * 2 < size
            && Bend(x[n - 1], x[n - 2], x[n - 3]) * 6 < size && Bend(x[n - 2], x[n - 3], x[n - 4]) * 6 < size
            && Bend(x[n], x[n + 1], x[n + 2]) * 6 < size && Bend(x[n + 1], x[n + 2], x[n + 3]) * 6 < size;
    }

    private static long Bend(long a, long b, long c) => Math.Abs(a - (2 * b) + c);

    private int ClassOf(int n)
    {
        int c = 0;
        while (c < _classes && Math.Abs(Offset(n, c)) > 3 << 15) c++;
        if (c == MostClasses) return -1;
        if (c == _classes)
        {
            _classes++;
            _phase[c] = (((long)n << 16) - _startQ16) % _periodQ16;
            (_lowest[c], _highest[c]) = (long.MinValue, long.MaxValue);
        }

        // The jump lies after the sample before and not after this one.
        long offset = Offset(n, c);
        _lowest[c] = Math.Max(_lowest[c], offset - 65536);
        _highest[c] = Math.Min(_highest[c], offset);
        return c;
    }

    // Distance of a sample's phase from a class's phase, within half a cycle.
    private long Offset(int n, int c)
    {
        long distance = ((((long)n << 16) - _startQ16) % _periodQ16) - _phase[c];
        if (distance > _periodQ16 / 2) distance -= _periodQ16;
        return distance < -_periodQ16 / 2 ? distance + _periodQ16 : distance;
    }
}
