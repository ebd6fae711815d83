using System.Globalization;

namespace Latchkey.Tariffs;

/// <summary>Reads prices by the clock: seasons, holidays and periods.</summary>
internal static class TimeOfUseJson
{
    private static readonly (string Word, DayOfWeek[] Days)[] Words =
    [
        ("weekdays", [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday]),
        ("weekends", [DayOfWeek.Saturday, DayOfWeek.Sunday]),
        ("mon", [DayOfWeek.Monday]), ("tue", [DayOfWeek.Tuesday]), ("wed", [DayOfWeek.Wednesday]), ("thu", [DayOfWeek.Thursday]),
        ("fri", [DayOfWeek.Friday]), ("sat", [DayOfWeek.Saturday]), ("sun", [DayOfWeek.Sunday]),
    ];

    private const string Holidays = "holidays";

    public static TimeOfUse Read(JsonPlace json) => new(
        [.. json.Items("seasons").Select(s => new Season(s.Text("name"), MonthDay(s, "from"), MonthDay(s, "to")))],
        [.. json.Items("holidays").Select(h => h.Day(h.AsText()) ?? throw h.Wrong("a day is expected"))],
        [.. json.Items("periods").Select(ReadPeriod)]);

    internal static string WordOf(DayOfWeek day) => Words.First(w => w.Days.Length == 1 && w.Days[0] == day).Word;

    private static RatePeriod ReadPeriod(JsonPlace item)
    {
        JsonPlace[] days = [.. item.Items("days")];
        return new RatePeriod(
            item.Text("name"),
            item.OptionalText("season"),
            [.. days.Where(d => d.AsText() != Holidays).SelectMany(DaysOf).Distinct()],
            days.Any(d => d.AsText() == Holidays),
            Minute(item, "from"),
            Minute(item, "to"),
            item.Number("rate"));
    }

    private static DayOfWeek[] DaysOf(JsonPlace place) => Words.FirstOrDefault(w => w.Word == place.AsText()).Days
        ?? throw place.Wrong($"'{place.AsText()}' is no kind of day: mon to sun, weekdays, weekends or holidays");

    /// <summary><c>17:30</c>, or <c>24:00</c> for the end of the day.</summary>
    private static int Minute(JsonPlace item, string name)
    {
        string text = item.Text(name);
        if (text == "24:00") return TimeOfUse.MinutesPerDay;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? (time.Hour * 60) + time.Minute
            : throw item.Wrong($"{name} is a time such as 17:30, not '{text}'");
    }

    /// <summary><c>06-01</c> is 1 June.</summary>
    private static int MonthDay(JsonPlace item, string name)
    {
        string text = item.Text(name);
        return DateOnly.TryParseExact("2024-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? (day.Month * 100) + day.Day
            : throw item.Wrong($"{name} is a day of the year such as 06-01, not '{text}'");
    }
}
