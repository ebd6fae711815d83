using Latchkey.Parks.Estate;

namespace Latchkey.Parks.Prices;

/// <summary>The park's own calendar.</summary>
internal static class ParkCalendar
{
    public static TimeZoneInfo ZoneOf(Park park) => TimeZoneInfo.FindSystemTimeZoneById(park.TimeZoneId);

    public static DateOnly DayOf(Park park, DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, ZoneOf(park)).DateTime);

    public static TimeSpan OffsetOf(Park park, DateTimeOffset at) => ZoneOf(park).GetUtcOffset(at);
}
