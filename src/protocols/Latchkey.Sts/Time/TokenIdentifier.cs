using System.Globalization;

namespace Latchkey.Sts;

/// <summary>When a token was issued, in whole minutes since the key's base date: 24 bits. A meter takes each value once.</summary>
/// <remarks>
/// Times are the wall clock of the vending system without a zone. Pin one offset per system for ever and no daylight saving: a clock that goes back
/// could meet identifiers already used. Source: IEC 62055-41, TokenIdentifier (TID).
/// </remarks>
public readonly record struct TokenIdentifier : IComparable<TokenIdentifier>
{
    /// <summary>The highest value, in minutes: 2^24 - 1.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public const uint MaxMinutes = 0xFF_FFFF;

    private const uint MinutesPerDay = 1_440;
    private const uint ReservedMinuteOfDay = 1;

    private TokenIdentifier(uint minutes) => Minutes = minutes;

    /// <summary>Minutes since the base date, 0 to <see cref="MaxMinutes"/>.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public uint Minutes { get; }

    /// <summary>Whether this is 00:01 of a day, which is kept for special tokens and given to no ordinary one.</summary>
    /// <remarks>Every base date begins at 00:00, so the minute of the day needs no calendar. Source: IEC 62055-41, SpecialReservedTokenIdentifier.</remarks>
    public bool IsReserved => Minutes % MinutesPerDay == ReservedMinuteOfDay;

    /// <summary>From minutes that are known to be in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxMinutes"/>.</exception>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public static TokenIdentifier FromMinutes(uint minutes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minutes, MaxMinutes);
        return new TokenIdentifier(minutes);
    }

    /// <summary>The identifier of a wall-clock minute, seconds dropped; false before the base date and after its last minute. Never wraps.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public static bool TryFromTime(DateTime wallClock, BaseDate baseDate, out TokenIdentifier tid)
    {
        long ticks = wallClock.Ticks - baseDate.Start.Ticks;
        bool valid = ticks >= 0 && ticks / TimeSpan.TicksPerMinute <= MaxMinutes;
        tid = valid ? new TokenIdentifier((uint)(ticks / TimeSpan.TicksPerMinute)) : default;
        return valid;
    }

    /// <summary>The identifier of an ordinary token issued at a wall-clock minute: that of 00:02 when it is 00:01.</summary>
    /// <remarks>Source: IEC 62055-41, SpecialReservedTokenIdentifier.</remarks>
    public static bool TryForOrdinaryToken(DateTime wallClock, BaseDate baseDate, out TokenIdentifier tid) =>
        TryFromTime(wallClock, baseDate, out tid) && tid.TrySkipReserved(out tid);

    /// <summary>The wall-clock minute.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public DateTime ToTime(BaseDate baseDate) => baseDate.Start.AddMinutes(Minutes);

    /// <summary>The next identifier an ordinary token may have, or false at the end of the range.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier, several tokens within a minute.</remarks>
    public bool TryNext(out TokenIdentifier next)
    {
        next = default;
        return Minutes < MaxMinutes && new TokenIdentifier(Minutes + 1).TrySkipReserved(out next);
    }

    /// <summary>Orders by time.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public int CompareTo(TokenIdentifier other) => Minutes.CompareTo(other.Minutes);

    /// <summary>Earlier.</summary>
    public static bool operator <(TokenIdentifier left, TokenIdentifier right) => left.Minutes < right.Minutes;

    /// <summary>Later.</summary>
    public static bool operator >(TokenIdentifier left, TokenIdentifier right) => left.Minutes > right.Minutes;

    /// <summary>Not later.</summary>
    public static bool operator <=(TokenIdentifier left, TokenIdentifier right) => left.Minutes <= right.Minutes;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(TokenIdentifier left, TokenIdentifier right) => left.Minutes >= right.Minutes;

    /// <summary>The minutes in decimal.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public override string ToString() => Minutes.ToString(CultureInfo.InvariantCulture);

    private bool TrySkipReserved(out TokenIdentifier tid)
    {
        tid = this;
        if (!IsReserved) return true;
        if (Minutes == MaxMinutes) return false;
        tid = new TokenIdentifier(Minutes + 1);
        return true;
    }
}
