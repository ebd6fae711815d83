using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>The steady and the alternating part of the field, from a window of the Hall sensors.</summary>
/// <param name="SteadyMicrotesla">Length of the mean vector.</param>
/// <param name="AlternatingMicrotesla">Rms of what is left, where it swings 40 to 70 times a second; else 0.</param>
public readonly record struct FieldReading(int SteadyMicrotesla, int AlternatingMicrotesla)
{
    /// <summary>Operate and release level of a steady field; the parts themselves switch there.</summary>
    public const int OperateMicrotesla = 6_900;
    public const int ReleaseMicrotesla = 3_500;

    /// <summary>Levels of an alternating field; half of the first is what a meter must bear.</summary>
    public const int AlternatingOperateMicrotesla = 1_000;
    public const int AlternatingReleaseMicrotesla = 650;

    public TamperSignals Signals => new(
        Above(SteadyMicrotesla, OperateMicrotesla, TamperInputs.Magnet) | Above(AlternatingMicrotesla, AlternatingOperateMicrotesla, TamperInputs.AlternatingField),
        Above(SteadyMicrotesla, ReleaseMicrotesla, TamperInputs.Magnet) | Above(AlternatingMicrotesla, AlternatingReleaseMicrotesla, TamperInputs.AlternatingField),
        TamperInputs.None);

    public static FieldReading Of(ReadOnlySpan<FieldSample> window)
    {
        long x = 0, y = 0, z = 0;
        foreach (FieldSample s in window) (x, y, z) = (x + s.X, y + s.Y, z + s.Z);
        (x, y, z) = (x / window.Length, y / window.Length, z / window.Length);
        long squares = 0;
        long sx = 0, sy = 0, sz = 0;
        foreach (FieldSample s in window)
        {
            (long dx, long dy, long dz) = (s.X - x, s.Y - y, s.Z - z);
            (sx, sy, sz) = (sx + (dx * dx), sy + (dy * dy), sz + (dz * dz));
            squares += (dx * dx) + (dy * dy) + (dz * dz);
        }

        int axis = sx >= sy && sx >= sz ? 0 : sy >= sz ? 1 : 2;
        long mean = axis switch { 0 => x, 1 => y, _ => z };
        int rms = (int)Root(squares / window.Length);
        return new FieldReading((int)Root((x * x) + (y * y) + (z * z)), IsOfMains(window, axis, mean) ? rms : 0);
    }

    private static TamperInputs Above(int value, int level, TamperInputs input) => value > level ? input : TamperInputs.None;

    // 40 to 70 Hz cross the mean 8 to 14 times in a tenth of a second.
    private static bool IsOfMains(ReadOnlySpan<FieldSample> window, int axis, long mean)
    {
        int crossings = 0;
        bool above = false;
        for (int i = 0; i < window.Length; i++)
        {
            bool now = (axis switch { 0 => window[i].X, 1 => window[i].Y, _ => window[i].Z }) > mean;
            if (i > 0 && now != above) crossings++;
            above = now;
        }

        return crossings is >= 7 and <= 15;
    }

    private static long Root(long square)
    {
        if (square <= 0) return 0;
        long root = 1L << ((65 - System.Numerics.BitOperations.LeadingZeroCount((ulong)square)) / 2);
        while (true)
        {
            long better = (root + (square / root)) / 2;
            if (better >= root) return root;
            root = better;
        }
    }
}
