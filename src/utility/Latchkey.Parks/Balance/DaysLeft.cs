using Latchkey.Quantities;

namespace Latchkey.Parks.Balance;

/// <summary>How long the credit lasts, in tenths of a day.</summary>
/// <param name="ExpectedTenths">At the mean use of the days looked at.</param>
/// <param name="CautiousTenths">At the mean use of the heaviest seven of them: it could run out by then.</param>
public readonly record struct DaysLeft(int ExpectedTenths, int CautiousTenths)
{
    /// <summary>Days looked at when there are as many; the mean over four weeks errs less than that over one.</summary>
    public const int Window = 28;

    /// <summary>Fewer full days than this say nothing.</summary>
    public const int FewestDays = 2;

    private const int HeaviestDays = 7;
    private const int Longest = 99_990;

    /// <summary>From the use of the last full days, in any order; null when there are too few or nothing was used.</summary>
    public static DaysLeft? From(Energy credit, IReadOnlyList<Energy> dailyUse)
    {
        if (dailyUse.Count < FewestDays) return null;
        long[] heaviestFirst = [.. dailyUse.Select(e => Math.Max(0, e.MilliwattHours)).OrderDescending()];
        if (heaviestFirst[0] == 0) return null;
        long[] heaviest = heaviestFirst[..Math.Min(HeaviestDays, heaviestFirst.Length)];
        return new DaysLeft(Tenths(credit, heaviestFirst), Tenths(credit, heaviest));
    }

    private static int Tenths(Energy credit, long[] use)
    {
        if (credit <= Energy.Zero) return 0;
        Int128 total = use.Aggregate(Int128.Zero, (sum, day) => sum + day);
        return (int)Int128.Min(Longest, (Int128)credit.MilliwattHours * use.Length * 10 / total);
    }
}
