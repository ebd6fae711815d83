namespace Latchkey.Sts;

/// <summary>Why a token identifier can or cannot be given.</summary>
/// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
public enum TokenIdentifierOutcome
{
    /// <summary>An identifier was given.</summary>
    Allocated = 0,

    /// <summary>The clock is before the key's base date.</summary>
    BeforeBaseDate = 1,

    /// <summary>The base date's 24 bits are used up: the meter needs a key with a later base date.</summary>
    EndOfRange = 2,

    /// <summary>So many tokens were issued for this meter that its identifiers run too far ahead of the clock.</summary>
    TooFarAhead = 3,
}

/// <summary>Which identifier the next ordinary token of a meter gets. A pure rule, for use inside the transaction that stores the identifier.</summary>
/// <remarks>
/// Identifiers rise strictly for each meter and base date; 00:01 of a day is skipped; several tokens within a minute take the minutes that follow,
/// up to a lead over the clock; at the end of the range the rule refuses and never wraps. Source: IEC 62055-41, TokenIdentifier and SpecialReservedTokenIdentifier.
/// </remarks>
public static class TokenIdentifierRule
{
    /// <summary>The lead over the clock that is allowed unless told otherwise, in minutes.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier and SpecialReservedTokenIdentifier.</remarks>
    public const int DefaultMaxLeadMinutes = 60;

    /// <summary>The next identifier.</summary>
    /// <param name="wallClock">The system's wall clock: one fixed offset for ever.</param>
    /// <param name="baseDate">The base date of the key that the token is made under.</param>
    /// <param name="last">The last identifier given to this meter under this base date, or null.</param>
    /// <param name="tid">The identifier, or the default when the outcome is not Allocated.</param>
    /// <param name="maxLeadMinutes">How far identifiers may run ahead of the clock, in minutes.</param>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier and SpecialReservedTokenIdentifier.</remarks>
    public static TokenIdentifierOutcome Next(
        DateTime wallClock, BaseDate baseDate, TokenIdentifier? last, out TokenIdentifier tid, int maxLeadMinutes = DefaultMaxLeadMinutes)
    {
        tid = default;
        if (wallClock < baseDate.Start) return TokenIdentifierOutcome.BeforeBaseDate;
        if (!TokenIdentifier.TryForOrdinaryToken(wallClock, baseDate, out TokenIdentifier now)) return TokenIdentifierOutcome.EndOfRange;

        TokenIdentifier next = now;
        if (last is { } given && given >= now && !given.TryNext(out next)) return TokenIdentifierOutcome.EndOfRange;
        if (next.Minutes - now.Minutes > (uint)Math.Max(0, maxLeadMinutes)) return TokenIdentifierOutcome.TooFarAhead;
        tid = next;
        return TokenIdentifierOutcome.Allocated;
    }

    /// <summary>The reserved identifier of a day, for a special token; false outside the base date's range.</summary>
    /// <remarks>Source: IEC 62055-41, SpecialReservedTokenIdentifier.</remarks>
    public static bool TryReserved(DateTime day, BaseDate baseDate, out TokenIdentifier tid) =>
        TokenIdentifier.TryFromTime(day.Date.AddMinutes(1), baseDate, out tid);
}
