namespace Latchkey.Metrology;

/// <summary>Missing phases and a lost neutral, from the voltages of each frame.</summary>
internal struct SupplyWatch(long nominalMillivolts)
{
    private const int HoldFrames = 10;
    private int _missing1;
    private int _missing2;
    private int _missing3;
    private int _residual;

    /// <summary>Bits 0 to 2.</summary>
    public int Missing { get; private set; }

    public bool IsNeutralLost { get; private set; }

    public void Look(long v1, long v2, long v3, long residual)
    {
        long highest = Math.Max(v1, Math.Max(v2, v3)), lowest = Math.Min(v1, Math.Min(v2, v3));
        bool live = highest * 5 > nominalMillivolts * 4;
        Missing = Held(ref _missing1, live && v1 * 2 < nominalMillivolts)
            | (Held(ref _missing2, live && v2 * 2 < nominalMillivolts) << 1)
            | (Held(ref _missing3, live && v3 * 2 < nominalMillivolts) << 2);

        // A dead phase alone makes a residual voltage too, and is not a lost neutral.
        bool allThere = lowest * 2 > nominalMillivolts;
        bool apart = highest * 5 > nominalMillivolts * 6 && lowest * 5 < nominalMillivolts * 4 && lowest * 10 > nominalMillivolts;
        IsNeutralLost = (Held(ref _residual, allThere && residual * 100 > nominalMillivolts * 15) != 0) | apart;
    }

    private static int Held(ref int frames, bool condition)
    {
        frames = condition ? Math.Min(frames + 1, HoldFrames) : 0;
        return frames >= HoldFrames ? 1 : 0;
    }
}
