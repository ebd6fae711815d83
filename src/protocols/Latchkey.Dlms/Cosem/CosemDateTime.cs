using System.Buffers.Binary;
using System.Globalization;

namespace Latchkey.Dlms.Cosem;

/// <summary>A date and time as COSEM writes it: local fields that may be unspecified, the deviation to UTC, and the clock status.</summary>
/// <remarks>Wildcards are kept as they are: FFFF or FF stands for "not specified", month FD and FE for the ends of daylight saving, day FD and
/// FE for the second last and the last day. UTC = local time + deviation. Source: IEC 62056-6-2, date_time.</remarks>
public readonly record struct CosemDateTime
{
    /// <summary>Octets of an encoded date-time.</summary>
    public const int Size = 12;

    /// <summary>A field of one octet that is not specified.</summary>
    public const byte Any = 0xFF;

    /// <summary>A year that is not specified.</summary>
    public const ushort AnyYear = 0xFFFF;

    /// <summary>A deviation that is not specified.</summary>
    public const short AnyDeviation = short.MinValue;

    private const int MaxDeviationMinutes = 14 * 60;

    /// <summary>A date-time with nothing specified.</summary>
    public static CosemDateTime Unspecified { get; } = new()
    {
        Year = AnyYear, Month = Any, Day = Any, DayOfWeek = Any, Hour = Any, Minute = Any, Second = Any, Hundredths = Any,
        DeviationMinutes = AnyDeviation, Status = Any,
    };

    /// <summary>Year, or FFFF.</summary>
    public ushort Year { get; init; }

    /// <summary>Month 1 to 12, FD, FE or FF.</summary>
    public byte Month { get; init; }

    /// <summary>Day 1 to 31, FD, FE or FF.</summary>
    public byte Day { get; init; }

    /// <summary>Weekday, 1 Monday to 7 Sunday, or FF.</summary>
    public byte DayOfWeek { get; init; }

    /// <summary>Hour 0 to 23, or FF.</summary>
    public byte Hour { get; init; }

    /// <summary>Minute 0 to 59, or FF.</summary>
    public byte Minute { get; init; }

    /// <summary>Second 0 to 59, or FF.</summary>
    public byte Second { get; init; }

    /// <summary>Hundredths of a second 0 to 99, or FF.</summary>
    public byte Hundredths { get; init; }

    /// <summary>Minutes to add to local time to get UTC, or <see cref="AnyDeviation"/>.</summary>
    public short DeviationMinutes { get; init; }

    /// <summary>Clock status: bit 0 invalid, 1 doubtful, 2 different base, 3 invalid status, 7 daylight saving; FF not specified.</summary>
    public byte Status { get; init; }

    /// <summary>Reads exactly twelve octets; a field out of its range is refused, a wildcard kept.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out CosemDateTime time)
    {
        time = default;
        if (octets.Length != Size) return false;
        var read = new CosemDateTime
        {
            Year = BinaryPrimitives.ReadUInt16BigEndian(octets),
            Month = octets[2],
            Day = octets[3],
            DayOfWeek = octets[4],
            Hour = octets[5],
            Minute = octets[6],
            Second = octets[7],
            Hundredths = octets[8],
            DeviationMinutes = BinaryPrimitives.ReadInt16BigEndian(octets[9..]),
            Status = octets[11],
        };
        if (!read.HasFieldsInRange()) return false;
        time = read;
        return true;
    }

    /// <summary>Local fields, deviation and daylight saving flag of an instant.</summary>
    public static CosemDateTime From(DateTimeOffset local, byte status = 0) => new()
    {
        Year = (ushort)local.Year,
        Month = (byte)local.Month,
        Day = (byte)local.Day,
        DayOfWeek = local.DayOfWeek == System.DayOfWeek.Sunday ? (byte)7 : (byte)local.DayOfWeek,
        Hour = (byte)local.Hour,
        Minute = (byte)local.Minute,
        Second = (byte)local.Second,
        Hundredths = (byte)(local.Millisecond / 10),
        DeviationMinutes = (short)-local.TotalOffsetMinutes,
        Status = status,
    };

    /// <summary>Writes twelve octets.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, Year);
        (target[2], target[3], target[4], target[5]) = (Month, Day, DayOfWeek, Hour);
        (target[6], target[7], target[8]) = (Minute, Second, Hundredths);
        BinaryPrimitives.WriteInt16BigEndian(target[9..], DeviationMinutes);
        target[11] = Status;
    }

    /// <summary>The instant, where date, hour and minute are specified; an unspecified second is 0 and an unspecified deviation is
    /// <paramref name="assumedDeviation"/> minutes.</summary>
    public bool TryToInstant(short assumedDeviation, out DateTimeOffset instant)
    {
        instant = default;
        bool dated = Year is >= 1 and <= 9998 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month);
        if (!dated || Hour == Any || Minute == Any) return false;
        short deviation = DeviationMinutes == AnyDeviation ? assumedDeviation : DeviationMinutes;
        if (Math.Abs((int)deviation) > MaxDeviationMinutes) return false;
        var local = new DateTime(
            Year, Month, Day, Hour, Minute, Second == Any ? 0 : Second, Hundredths == Any ? 0 : Hundredths * 10, DateTimeKind.Unspecified);
        if (Year == 1 && local.DayOfYear == 1) return false;
        instant = new DateTimeOffset(local, TimeSpan.FromMinutes(-deviation));
        return true;
    }

    /// <summary>Whether each specified field of this pattern equals the field of <paramref name="actual"/>; special month and day codes never match.</summary>
    public bool Matches(CosemDateTime actual) =>
        (Year == AnyYear || Year == actual.Year) && Fits(Month, actual.Month) && Fits(Day, actual.Day) && Fits(DayOfWeek, actual.DayOfWeek)
        && Fits(Hour, actual.Hour) && Fits(Minute, actual.Minute) && Fits(Second, actual.Second) && Fits(Hundredths, actual.Hundredths);

    /// <summary>ISO 8601 with '*' for what is not specified.</summary>
    public override string ToString()
    {
        string year = Year == AnyYear ? "****" : Year.ToString("D4", CultureInfo.InvariantCulture);
        string zone = DeviationMinutes == AnyDeviation ? string.Empty : FormatZone(-DeviationMinutes);
        return $"{year}-{Field(Month)}-{Field(Day)}T{Field(Hour)}:{Field(Minute)}:{Field(Second)}{zone}";
    }

    private static string FormatZone(int minutes) => string.Create(
        CultureInfo.InvariantCulture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:D2}:{Math.Abs(minutes) % 60:D2}");

    private static string Field(byte value) => value switch
    {
        Any => "**",
        0xFE => "FE",
        0xFD => "FD",
        _ => value.ToString("D2", CultureInfo.InvariantCulture),
    };

    private static bool Fits(byte pattern, byte actual) => pattern == Any || pattern == actual;

    private bool HasFieldsInRange() =>
        Month is (>= 1 and <= 12) or >= 0xFD
        && Day is (>= 1 and <= 31) or >= 0xFD
        && DayOfWeek is (>= 1 and <= 7) or Any
        && Hour is <= 23 or Any
        && Minute is <= 59 or Any
        && Second is <= 59 or Any
        && Hundredths is <= 99 or Any
        && (DeviationMinutes == AnyDeviation || Math.Abs((int)DeviationMinutes) <= MaxDeviationMinutes);
}
