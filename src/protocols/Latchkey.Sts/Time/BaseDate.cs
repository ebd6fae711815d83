using System.Globalization;

namespace Latchkey.Sts;

/// <summary>Midnight of the first of January from which token identifiers count minutes: 1993, 2014 or 2035.</summary>
/// <remarks>An attribute of a vending key's revision. The default value is 1993. Source: IEC 62055-41, BaseDate (BDT).</remarks>
public readonly record struct BaseDate
{
    private const int FirstYear = 1993;
    private const int YearStep = 21;
    private const int Count = 3;
    private readonly byte _index;

    private BaseDate(int index) => _index = (byte)index;

    /// <summary>1993-01-01 00:00; its identifiers ended on 2024-11-24 20:15.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public static BaseDate Year1993 => default;

    /// <summary>2014-01-01 00:00; its identifiers end on 2045-11-24 20:15.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public static BaseDate Year2014 => new(1);

    /// <summary>2035-01-01 00:00; its identifiers end on 2066-11-24 20:15.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public static BaseDate Year2035 => new(2);

    /// <summary>1993, 2014 or 2035.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public int Year => FirstYear + (_index * YearStep);

    /// <summary>The first minute, wall-clock time without a zone.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public DateTime Start => new(Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>The last minute for which a token can be issued; the next one has no identifier.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier: 24 bits of minutes.</remarks>
    public DateTime LastMinute => Start.AddMinutes(TokenIdentifier.MaxMinutes);

    /// <summary>The base date that follows, or null after 2035.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public BaseDate? Next => _index + 1 < Count ? new BaseDate(_index + 1) : null;

    /// <summary>The two digits that DKGA04 hashes: 93, 14 or 35.</summary>
    /// <remarks>Source: IEC 62055-41, DKGA04.</remarks>
    public int TwoDigitYear => Year % 100;

    /// <summary>From a year; anything but 1993, 2014 and 2035 is refused.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public static bool TryFromYear(int year, out BaseDate baseDate)
    {
        bool valid = year is >= FirstYear and < FirstYear + (Count * YearStep) && (year - FirstYear) % YearStep == 0;
        baseDate = valid ? new BaseDate((year - FirstYear) / YearStep) : default;
        return valid;
    }

    /// <summary>The year.</summary>
    /// <remarks>Source: IEC 62055-41, BaseDate.</remarks>
    public override string ToString() => Year.ToString(CultureInfo.InvariantCulture);
}
