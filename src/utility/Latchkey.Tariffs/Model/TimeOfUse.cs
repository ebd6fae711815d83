namespace Latchkey.Tariffs;

/// <summary>A stretch of the year, from one day to another, both included; it may reach over the new year.</summary>
/// <param name="From">Month times 100 plus day: 601 is 1 June.</param>
public sealed record Season(string Name, int From, int To)
{
    internal bool Contains(DateOnly day)
    {
        int at = (day.Month * 100) + day.Day;
        return From <= To ? at >= From && at <= To : at >= From || at <= To;
    }
}

/// <summary>A price for part of the day.</summary>
/// <param name="Season">The season it belongs to; null for all.</param>
/// <param name="Days">Days of the week it belongs to; empty for all. Holidays are matched by <see cref="OnHolidays"/> instead.</param>
/// <param name="OnHolidays">True where it is a price of holidays.</param>
/// <param name="FromMinute">Minutes after midnight.</param>
/// <param name="ToMinute">Up to 1440; a stretch over midnight is two periods.</param>
public sealed record RatePeriod(string Name, string? Season, IReadOnlyList<DayOfWeek> Days, bool OnHolidays, int FromMinute, int ToMinute, Rational Rate);

/// <summary>Prices by season, kind of day and time of day. The first period of the list that fits an instant is its price.</summary>
/// <remarks>
/// What energy costs is known only when it is used, so it cannot be sold beforehand as kWh: it takes a balance in money, in the meter or at the server.
/// </remarks>
public sealed record TimeOfUse(IReadOnlyList<Season> Seasons, IReadOnlyList<DateOnly> Holidays, IReadOnlyList<RatePeriod> Periods)
{
    public const int MinutesPerDay = 1440;

    /// <summary>The price at a minute of a day by the calendar of the place; null where the calendar has a hole.</summary>
    public RatePeriod? At(DateOnly day, int minute)
    {
        bool holiday = Holidays.Contains(day);
        return Periods.FirstOrDefault(p => minute >= p.FromMinute && minute < p.ToMinute && Fits(p, day, holiday));
    }

    /// <summary>The first minute after <paramref name="minute"/> at which another price may begin.</summary>
    internal int NextChange(int minute) =>
        Periods.SelectMany(p => new[] { p.FromMinute, p.ToMinute }).Where(m => m > minute).DefaultIfEmpty(MinutesPerDay).Min();

    private bool Fits(RatePeriod period, DateOnly day, bool holiday)
    {
        if (period.Season is { } name && !Seasons.Any(s => s.Name == name && s.Contains(day))) return false;
        if (holiday && Periods.Any(p => p.OnHolidays)) return period.OnHolidays;
        return !period.OnHolidays && (period.Days.Count == 0 || period.Days.Contains(day.DayOfWeek));
    }
}
