using System.Runtime.InteropServices;

namespace Latchkey.Vending;

/// <summary>What is known of a meter that has not been brought over.</summary>
/// <param name="CreditTenths">0.1 kWh, today.</param>
/// <param name="UsePerDayTenths">0.1 kWh.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WaitingMeter(int Feeder, long CreditTenths, int UsePerDayTenths);

/// <summary>Who goes dark when, on one feeder.</summary>
/// <param name="Waiting">Meters with the old key.</param>
/// <param name="DarkBy">Of them, those without credit on each of the days asked for, if nobody does anything.</param>
public sealed record FeederForecast(int Feeder, int Waiting, IReadOnlyList<int> DarkBy);

/// <summary>From the credit left and the use: when the meters that still have the old key go dark. After the last identifier they can be sold nothing under it.</summary>
public static class RollOverForecast
{
    /// <param name="today">The day that the credit is of.</param>
    /// <param name="end">The day of the last identifier: until then a customer still buys when the credit ends.</param>
    /// <param name="days">The days to forecast, rising.</param>
    public static IReadOnlyList<FeederForecast> Of(IEnumerable<WaitingMeter> meters, DateOnly today, DateOnly end, IReadOnlyList<DateOnly> days) =>
    [
        .. meters.GroupBy(m => m.Feeder).OrderBy(g => g.Key).Select(feeder =>
        {
            DateOnly[] dark = [.. feeder.Select(m => DarkOn(m, today, end))];
            return new FeederForecast(feeder.Key, dark.Length, [.. days.Select(day => dark.Count(d => d <= day))]);
        }),
    ];

    /// <summary>The first day that the credit does not last through and no purchase helps. The credit is that of the evening of <paramref name="today"/>.</summary>
    public static DateOnly DarkOn(WaitingMeter meter, DateOnly today, DateOnly end)
    {
        if (meter.UsePerDayTenths <= 0) return DateOnly.MaxValue;
        long lasting = meter.CreditTenths / meter.UsePerDayTenths;
        DateOnly empty = lasting >= DateOnly.MaxValue.DayNumber - today.DayNumber ? DateOnly.MaxValue : today.AddDays((int)lasting + 1);
        return empty > end ? empty : end.AddDays(1);
    }
}
