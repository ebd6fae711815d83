namespace Latchkey.Metrology;

/// <summary>Cells of a memory under test.</summary>
public interface IMemoryCells
{
    int Count { get; }

    ulong Read(int cell);

    void Write(int cell, ulong value);
}

/// <summary>March C−: finds stuck cells, broken transitions, coupled cells and addresses that reach two cells or none. Destroys the contents.</summary>
/// <remarks>⇑(w0) ⇑(r0,w1) ⇑(r1,w0) ⇓(r0,w1) ⇓(r1,w0) ⇕(r0), once with whole words and once with alternating bits.</remarks>
public static class MarchTest
{
    private const ulong Alternating = 0x5555_5555_5555_5555;

    /// <summary>The first cell that failed, or −1. The cells hold zero afterwards where none failed.</summary>
    public static int Run<T>(T cells)
        where T : IMemoryCells, allows ref struct
    {
        int bad = Pass(cells, Alternating);
        return bad >= 0 ? bad : Pass(cells, 0);
    }

    /// <summary>Tests words of memory that nothing uses yet.</summary>
    public static int Run(Span<ulong> words) => Run(new Words(words));

    private static int Pass<T>(T cells, ulong zero)
        where T : IMemoryCells, allows ref struct
    {
        ulong one = ~zero;
        int last = cells.Count - 1, bad = -1;
        for (int c = 0; c <= last; c++) cells.Write(c, zero);
        for (int c = 0; c <= last && bad < 0; c++) bad = Step(cells, c, zero, one);
        for (int c = 0; c <= last && bad < 0; c++) bad = Step(cells, c, one, zero);
        for (int c = last; c >= 0 && bad < 0; c--) bad = Step(cells, c, zero, one);
        for (int c = last; c >= 0 && bad < 0; c--) bad = Step(cells, c, one, zero);
        for (int c = 0; c <= last && bad < 0; c++) bad = cells.Read(c) == zero ? -1 : c;
        return bad;
    }

    private static int Step<T>(T cells, int cell, ulong expected, ulong next)
        where T : IMemoryCells, allows ref struct
    {
        if (cells.Read(cell) != expected) return cell;
        cells.Write(cell, next);
        return -1;
    }

    private readonly ref struct Words(Span<ulong> words) : IMemoryCells
    {
        private readonly Span<ulong> _words = words;

        public int Count => _words.Length;

        // Volatile, so that the compiler does not answer from a register.
        public ulong Read(int cell) => Volatile.Read(ref _words[cell]);

        public void Write(int cell, ulong value) => Volatile.Write(ref _words[cell], value);
    }
}
