namespace Latchkey.HeadEnd.Readings;

/// <summary>Joins readings that arrived with readings that are stored.</summary>
/// <remarks>
/// Two values for one second keep the larger. That makes the join commutative, associative and idempotent, so late, repeated and
/// reordered readings give the same day and thus the same bill; a register that only grows is right by it.
/// </remarks>
public static class DayMerge
{
    /// <summary>The union, in rising order of distinct seconds. The arrived points may be in any order and may repeat.</summary>
    public static DayPoint[] Join(ReadOnlySpan<DayPoint> stored, ReadOnlySpan<DayPoint> arrived)
    {
        DayPoint[] all = [.. stored, .. arrived];
        Array.Sort(all, static (a, b) => a.SecondOfDay != b.SecondOfDay
            ? a.SecondOfDay.CompareTo(b.SecondOfDay)
            : b.Value.CompareTo(a.Value));
        int kept = 0;
        foreach (DayPoint point in all)
        {
            if (kept > 0 && all[kept - 1].SecondOfDay == point.SecondOfDay) continue;
            all[kept++] = point;
        }

        return all[..kept];
    }
}
