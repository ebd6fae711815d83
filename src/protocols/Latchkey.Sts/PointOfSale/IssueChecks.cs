namespace Latchkey.Sts;

/// <summary>Why a point of sale must not make a token. The order is the order of precedence.</summary>
/// <remarks>Source: IEC 62055-41, POS application: key expiry, base date and activation checks.</remarks>
public enum IssueRefusal
{
    /// <summary>Nothing stands against it.</summary>
    None = 0,

    /// <summary>The vending key may not be used yet.</summary>
    KeyNotActive = 1,

    /// <summary>The clock is before the key's base date.</summary>
    BeforeBaseDate = 2,

    /// <summary>The base date's identifiers are used up.</summary>
    EndOfRange = 3,

    /// <summary>The key has expired.</summary>
    KeyExpired = 4,

    /// <summary>The time for issuing under this vending key is over.</summary>
    IssueTimeOver = 5,

    /// <summary>A meter with a default key takes no credit.</summary>
    DefaultKeyTakesNoCredit = 6,

    /// <summary>Identifiers would run too far ahead of the clock.</summary>
    TooManyTokens = 7,

    /// <summary>The meter's key cannot be changed to the wanted one: the key type, the algorithm or a base date going back.</summary>
    KeyChangeNotPossible = 8,

    /// <summary>The amount is negative, zero, or more than a token can say.</summary>
    AmountOutOfRange = 9,
}

/// <summary>What a point of sale tests before it makes a token.</summary>
/// <remarks>Source: IEC 62055-41, POS application.</remarks>
public static class IssueChecks
{
    /// <summary>Whether ordinary tokens may be made under a revision at a time.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber, BaseDate, activation of vending keys.</remarks>
    public static IssueRefusal Check(VendingKeyRevision revision, DateTime wallClock)
    {
        if (wallClock < revision.ActiveFrom) return IssueRefusal.KeyNotActive;
        if (wallClock < revision.BaseDate.Start) return IssueRefusal.BeforeBaseDate;
        if (!TokenIdentifier.TryForOrdinaryToken(wallClock, revision.BaseDate, out TokenIdentifier tid)) return IssueRefusal.EndOfRange;
        if (revision.KeyExpiry.IsExpiredAt(tid)) return IssueRefusal.KeyExpired;
        return revision.IssueUntil is { } end && wallClock > end ? IssueRefusal.IssueTimeOver : IssueRefusal.None;
    }

    /// <summary>Whether an allocated identifier may be used under a key: a lead over the clock can pass the key's end.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public static IssueRefusal Check(KeyExpiryNumber expiry, TokenIdentifier tid) => expiry.IsExpiredAt(tid) ? IssueRefusal.KeyExpired : IssueRefusal.None;

    internal static IssueRefusal From(TokenIdentifierOutcome outcome) => outcome switch
    {
        TokenIdentifierOutcome.Allocated => IssueRefusal.None,
        TokenIdentifierOutcome.BeforeBaseDate => IssueRefusal.BeforeBaseDate,
        TokenIdentifierOutcome.EndOfRange => IssueRefusal.EndOfRange,
        _ => IssueRefusal.TooManyTokens,
    };
}
