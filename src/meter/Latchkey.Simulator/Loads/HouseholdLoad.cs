namespace Latchkey.Simulator.Loads;

/// <summary>A flat with a fridge, lights, cooking, a television and standby, drawn from a seed; steps of one minute.</summary>
/// <remarks>
/// About 2 to 3 kWh a day at scale 1. Every day is drawn from the seed and its own date, so any instant can be asked for in any order.
/// Powers and power factors are of the order of measured appliances (fridge 0.54 to 0.68 lagging).
/// </remarks>
public sealed class HouseholdLoad(int seed, double scale = 1) : ILoad
{
    private const int MinutesPerDay = 1_440;
    private readonly Dictionary<int, (int[] Watts, double[] Factor)> _days = [];

    public (LoadPoint Point, DateTimeOffset Until) At(DateTimeOffset at)
    {
        long minute = at.UtcTicks / TimeSpan.TicksPerMinute;
        (int[] watts, double[] factor) = Day((int)(minute / MinutesPerDay));
        int now = (int)(minute % MinutesPerDay);
        int until = now + 1;
        while (until < MinutesPerDay && watts[until] == watts[now] && factor[until].Equals(factor[now])) until++;
        long untilTicks = (minute - now + until) * TimeSpan.TicksPerMinute;
        return (new LoadPoint(watts[now], factor[now]), new DateTimeOffset(untilTicks, TimeSpan.Zero));
    }

    private (int[] Watts, double[] Factor) Day(int day)
    {
        if (_days.TryGetValue(day, out (int[] Watts, double[] Factor) known)) return known;
        // A year of days is kept; older ones can be drawn again.
        if (_days.Count > 366) _days.Clear();
        var chance = new Random(unchecked((seed * 397) ^ day));
        int[] active = new int[MinutesPerDay];
        double[] reactive = new double[MinutesPerDay];
        Add(active, reactive, 0, MinutesPerDay, 12, 0.5);
        int cycle = 40 + chance.Next(20), on = 14 + chance.Next(8), offset = chance.Next(cycle);
        for (int m = -offset; m < MinutesPerDay; m += cycle) Add(active, reactive, m, m + on, 90, 0.62);
        Add(active, reactive, 6 * 60 + chance.Next(60), 8 * 60 + chance.Next(30), 40, 0.95);
        Add(active, reactive, 18 * 60 + chance.Next(60), 22 * 60 + chance.Next(90), 60, 0.95);
        Add(active, reactive, 19 * 60 + chance.Next(60), 22 * 60 + chance.Next(60), 110, 0.92);
        int kettle = 7 * 60 + chance.Next(45);
        Add(active, reactive, kettle, kettle + 4, 1_800, 1);
        int cooking = 18 * 60 + chance.Next(60);
        Add(active, reactive, cooking, cooking + 20 + chance.Next(25), 1_400, 0.98);
        return _days[day] = Scaled(active, reactive);
    }

    private (int[] Watts, double[] Factor) Scaled(int[] active, double[] reactive)
    {
        double[] factor = new double[MinutesPerDay];
        for (int m = 0; m < MinutesPerDay; m++)
        {
            factor[m] = Math.Round(active[m] / Math.Sqrt(((double)active[m] * active[m]) + (reactive[m] * reactive[m])), 2);
            active[m] = (int)Math.Round(active[m] * scale);
        }

        return (active, factor);
    }

    private static void Add(int[] active, double[] reactive, int from, int to, int watts, double factor)
    {
        for (int m = Math.Max(0, from); m < Math.Min(MinutesPerDay, to); m++)
        {
            active[m] += watts;
            reactive[m] += watts * Math.Tan(Math.Acos(factor));
        }
    }
}
