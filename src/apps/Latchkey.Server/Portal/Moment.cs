using System.Globalization;

namespace Latchkey.Server.Portal;

/// <summary>Writes instants as people of the park read them: in the park's zone, day and minute.</summary>
public sealed class Moment(TimeZoneInfo zone)
{
    private const string Missing = "—";

    public string DayAndMinute(DateTimeOffset? at) => Format(at, "yyyy-MM-dd HH:mm");

    public string Second(DateTimeOffset? at) => Format(at, "yyyy-MM-dd HH:mm:ss");

    public string Minute(DateTimeOffset? at) => Format(at, "HH:mm");

    public string Clock(DateTimeOffset? at) => Format(at, "HH:mm:ss");

    /// <summary>A chart's label: the time within a day, else the day.</summary>
    public string Tick(DateTimeOffset at, TimeSpan span) => Format(at, span > TimeSpan.FromDays(2) ? "MM-dd" : "HH:mm");

    /// <summary>How far the park's clocks are ahead of UTC at an instant.</summary>
    public TimeSpan OffsetAt(DateTimeOffset at) => zone.GetUtcOffset(at);

    private string Format(DateTimeOffset? at, string format) =>
        at is { } instant ? TimeZoneInfo.ConvertTime(instant, zone).ToString(format, CultureInfo.InvariantCulture) : Missing;
}
