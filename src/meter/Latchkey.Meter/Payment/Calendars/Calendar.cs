using System.Collections.Immutable;

namespace Latchkey.Meter.Payment.Calendars;

/// <summary>What holds from a minute of the day on.</summary>
[Flags]
public enum PeriodRules : byte
{
    None = 0,

    /// <summary>An empty credit does not switch off.</summary>
    Friendly = 1 << 0,

    /// <summary>The supply is off: classrooms at night, canteens between meals.</summary>
    SupplyOff = 1 << 1,
}

/// <summary>A part of a day.</summary>
/// <param name="FromMinute">Minute of the local day at which it begins.</param>
/// <param name="Rate">Rate of time of use, 0 to 3.</param>
/// <param name="Rules">What else holds in it.</param>
public readonly record struct DayPeriod(ushort FromMinute, byte Rate, PeriodRules Rules = PeriodRules.None);

/// <summary>From a date on, year after year: which schedule each day of the week follows.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31.</param>
/// <param name="Week">The schedules of Monday to Sunday.</param>
public readonly record struct Season(byte Month, byte Day, ImmutableArray<byte> Week);

/// <summary>A date that follows a schedule of its own.</summary>
/// <param name="Year">The year, or 0 for every year.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31.</param>
/// <param name="Schedule">The schedule it follows.</param>
public readonly record struct SpecialDay(ushort Year, byte Month, byte Day, byte Schedule);

/// <summary>What the calendar says of one moment; without a clock that can be trusted the first rate holds and nothing else.</summary>
public readonly record struct CalendarMoment(byte Rate, PeriodRules Rules)
{
    public bool IsFriendly => (Rules & PeriodRules.Friendly) != PeriodRules.None;

    public bool IsSupplyOff => (Rules & PeriodRules.SupplyOff) != PeriodRules.None;
}

/// <summary>Time of use, friendly times and switching times, by season, day of the week and special day; four rates, schedules of eight periods.</summary>
public sealed record Calendar
{
    public const int MaxPeriods = 8;
    public const int MaxSchedules = 8;
    public const int MaxSeasons = 4;
    public const int MaxSpecialDays = 48;
    public const int Rates = 4;
    private const int DaysPerWeek = 7;
    private const int MinutesPerDay = 1_440;

    /// <summary>One rate, all day, every day.</summary>
    public static Calendar Plain { get; } = new();

    /// <summary>When a future calendar comes into force, seconds since 1970-01-01 UTC; 0 for when it is told to.</summary>
    public long ActivationClockSeconds { get; init; }

    public ImmutableArray<ImmutableArray<DayPeriod>> Schedules { get; init; } = [[new DayPeriod(0, 0)]];

    public ImmutableArray<Season> Seasons { get; init; } = [new Season(1, 1, [0, 0, 0, 0, 0, 0, 0])];

    public ImmutableArray<SpecialDay> SpecialDays { get; init; } = [];

    /// <summary>What holds at an instant of the local clock.</summary>
    public CalendarMoment At(DateTime local)
    {
        int minute = (local.Hour * 60) + local.Minute;
        CalendarMoment found = default;
        foreach (DayPeriod period in Schedules[ScheduleOf(local)])
        {
            if (period.FromMinute > minute) break;
            found = new CalendarMoment(period.Rate, period.Rules);
        }

        return found;
    }

    /// <summary>Whether every number leads somewhere.</summary>
    public CalendarFault Check()
    {
        if (Schedules.Length is 0 or > MaxSchedules || Schedules.Any(s => !IsSchedule(s))) return CalendarFault.Schedule;
        if (Seasons.Length is 0 or > MaxSeasons || Seasons.Any(s => !IsDate(s.Month, s.Day) || !IsWeek(s.Week))) return CalendarFault.Season;
        bool rising = Seasons.Zip(Seasons.Skip(1)).All(p => (p.First.Month, p.First.Day).CompareTo((p.Second.Month, p.Second.Day)) < 0);
        if (!rising) return CalendarFault.Season;
        bool special = SpecialDays.Length <= MaxSpecialDays && SpecialDays.All(d => IsDate(d.Month, d.Day) && d.Schedule < Schedules.Length);
        if (!special) return CalendarFault.SpecialDay;
        return ActivationClockSeconds >= 0 ? CalendarFault.None : CalendarFault.Activation;
    }

    private byte ScheduleOf(DateTime local)
    {
        foreach (SpecialDay day in SpecialDays)
        {
            if (day.Month == local.Month && day.Day == local.Day && (day.Year == 0 || day.Year == local.Year)) return day.Schedule;
        }

        // Before the first season's date the last one of the year before still runs.
        Season season = Seasons[^1];
        foreach (Season next in Seasons)
        {
            if ((next.Month, next.Day).CompareTo(((byte)local.Month, (byte)local.Day)) <= 0) season = next;
        }

        return season.Week[((int)local.DayOfWeek + 6) % DaysPerWeek];
    }

    private bool IsWeek(ImmutableArray<byte> week) => !week.IsDefault && week.Length == DaysPerWeek && week.All(s => s < Schedules.Length);

    private static bool IsSchedule(ImmutableArray<DayPeriod> periods) =>
        !periods.IsDefault && periods.Length is > 0 and <= MaxPeriods && periods[0].FromMinute == 0
        && periods.All(p => p.FromMinute < MinutesPerDay && p.Rate < Rates && p.Rules <= (PeriodRules.Friendly | PeriodRules.SupplyOff))
        && periods.Zip(periods.Skip(1)).All(p => p.First.FromMinute < p.Second.FromMinute);

    private static bool IsDate(byte month, byte day) => month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(2_024, month);
}

/// <summary>Why a calendar is refused; the numbers are told.</summary>
public enum CalendarFault : byte
{
    None = 0,
    Format = 1,

    /// <summary>1 to 8 schedules of 1 to 8 periods that begin at midnight and rise.</summary>
    Schedule = 2,

    /// <summary>1 to 4 seasons with rising dates, each with a schedule for seven days.</summary>
    Season = 3,
    SpecialDay = 4,
    Activation = 5,
}
