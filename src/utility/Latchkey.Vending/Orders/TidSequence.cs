using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Gives each token of a meter its identifier: the clock's, or the one after the last when the clock is not beyond it. Strictly rising.</summary>
/// <remarks>Source: IEC 62055-41, TokenIdentifier; several tokens within a minute, 00:01 reserved.</remarks>
public static class TidSequence
{
    /// <summary>Null when <paramref name="tid"/> is good, otherwise the code of what stands against a token now.</summary>
    /// <param name="last">The last identifier this meter was given under this base date.</param>
    /// <param name="maxLeadMinutes">How far identifiers may run ahead of the clock: a clock set back far, or a flood of tokens, must not eat the future.</param>
    public static string? Next(DateTime wallClock, in DecoderKeyAttributes key, TokenIdentifier? last, int maxLeadMinutes, out TokenIdentifier tid)
    {
        if (!TokenIdentifier.TryForOrdinaryToken(wallClock, key.BaseDate, out tid)) return VendingCodes.OutsideTokenTime;
        uint clock = tid.Minutes;
        if (last is { } before && tid <= before && !before.TryNext(out tid)) return VendingCodes.OutsideTokenTime;
        if (tid.Minutes - clock > maxLeadMinutes) return VendingCodes.TooManyTokens;
        return key.KeyExpiry.IsExpiredAt(tid) ? VendingCodes.KeyExpired : null;
    }
}
