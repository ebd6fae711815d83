namespace Latchkey.Dlms.Cosem;

/// <summary>Finds the day and minute that a date-time with wildcards names in a given year.</summary>
/// <remarks>Day FE is the last of the month, FD the second last; with a weekday they mean the last and second last such weekday, and a plain day with a
/// weekday means the first such weekday on or after it. Source: IEC 62056-6-2, date.</remarks>
public static class CosemDatePattern
{
    private const byte SecondLast = 0xFD;
    private const byte Last = 0xFE;
    private const int DaysPerWeek = 7;

    /// <summary>The local time in <paramref name="year"/>; false where month or day is open, or the pattern is for another year.</summary>
    public static bool TryResolve(CosemDateTime pattern, int year, out DateTime local)
    {
        local = default;
        bool fitting = (pattern.Year == CosemDateTime.AnyYear || pattern.Year == year) && pattern.Month is >= 1 and <= 12 && pattern.Day != CosemDateTime.Any;
        if (!fitting || year is < 1 or > 9998) return false;
        int days = DateTime.DaysInMonth(year, pattern.Month);
        int day = pattern.Day switch
        {
            Last => days,
            SecondLast => days - (pattern.DayOfWeek == CosemDateTime.Any ? 1 : 0),
            _ => pattern.Day,
        };
        if (day > days) return false;
        if (pattern.DayOfWeek != CosemDateTime.Any) day = Align(year, pattern, day);
        if (day < 1 || day > days) return false;
        local = new DateTime(
            year, pattern.Month, day, Or0(pattern.Hour), Or0(pattern.Minute), Or0(pattern.Second), DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>Whether a date (year, month, day, weekday) is the day of this pattern of five octets.</summary>
    public static bool IsOn(ReadOnlySpan<byte> date, DateTime day)
    {
        Span<byte> octets = stackalloc byte[CosemDateTime.Size];
        CosemDateTime.Unspecified.Write(octets);
        date.CopyTo(octets);
        if (!CosemDateTime.TryRead(octets, out CosemDateTime pattern)) return false;
        if (pattern.Day is Last or SecondLast || (pattern.DayOfWeek != CosemDateTime.Any && pattern.Day != CosemDateTime.Any))
            return TryResolve(pattern with { Month = pattern.Month == CosemDateTime.Any ? (byte)day.Month : pattern.Month }, day.Year, out DateTime found) && found.Date == day.Date;
        return pattern.Matches(CosemDateTime.From(new DateTimeOffset(day.Date, TimeSpan.Zero)) with
        {
            Hour = CosemDateTime.Any, Minute = CosemDateTime.Any, Second = CosemDateTime.Any, Hundredths = CosemDateTime.Any,
        });
    }

    private static int Align(int year, CosemDateTime pattern, int day)
    {
        int weekday = WeekdayOf(new DateTime(year, pattern.Month, day, 0, 0, 0, DateTimeKind.Unspecified));
        if (pattern.Day is not (Last or SecondLast)) return day + ((pattern.DayOfWeek - weekday + DaysPerWeek) % DaysPerWeek);
        int last = day - ((weekday - pattern.DayOfWeek + DaysPerWeek) % DaysPerWeek);
        return pattern.Day == Last ? last : last - DaysPerWeek;
    }

    /// <summary>1 Monday to 7 Sunday.</summary>
    internal static int WeekdayOf(DateTime day) => day.DayOfWeek == DayOfWeek.Sunday ? DaysPerWeek : (int)day.DayOfWeek;

    private static int Or0(byte field) => field == CosemDateTime.Any ? 0 : field;
}
