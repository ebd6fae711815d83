namespace Latchkey.Tariffs;

/// <summary>The stretch of days over which units add up towards the blocks, named by its first day.</summary>
public static class AccumulationPeriod
{
    /// <param name="anniversary">The customer's own date, where <paramref name="kind"/> asks for it.</param>
    public static DateOnly StartOf(Accumulation kind, DateOnly day, DateOnly? anniversary = null) => kind switch
    {
        Accumulation.CalendarYear => new DateOnly(day.Year, 1, 1),
        Accumulation.Anniversary => StartOfOwnYear(day, anniversary ?? throw new ArgumentNullException(nameof(anniversary))),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    /// <summary>A customer of 29 February starts on the 28th in the other years.</summary>
    private static DateOnly StartOfOwnYear(DateOnly day, DateOnly anniversary)
    {
        DateOnly thisYear = InYear(day.Year);
        return day >= thisYear ? thisYear : InYear(day.Year - 1);

        DateOnly InYear(int year) =>
            new(year, anniversary.Month, Math.Min(anniversary.Day, DateTime.DaysInMonth(year, anniversary.Month)));
    }
}
