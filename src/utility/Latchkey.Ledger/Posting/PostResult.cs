namespace Latchkey.Ledger;

/// <summary>What became of an entry, in order of precedence: the first that applies is the answer. Numbers are logged.</summary>
public enum PostResult
{
    Posted = 0,

    /// <summary>The same entry is there already; nothing was written.</summary>
    AlreadyPosted = 1,

    /// <summary>The id is taken by an entry with other content.</summary>
    IdReusedWithOtherContent = 2,

    /// <summary>A zero amount, too many legs, too long a memo, or legs where the kind has none.</summary>
    Malformed = 3,

    /// <summary>Fewer than two accounts, or debits and credits differ in one of the units.</summary>
    Unbalanced = 4,
    AccountNotFound = 5,

    /// <summary>A leg's unit is not its account's.</summary>
    UnitMismatch = 6,
    AccountClosed = 7,

    /// <summary>The hold to end, or the entry to reverse, does not exist or is of another kind.</summary>
    ReferenceNotFound = 8,

    /// <summary>The hold has ended, or the entry was reversed, before.</summary>
    AlreadyConcluded = 9,

    /// <summary>It settles more than was held, or the reversal is not the exact opposite.</summary>
    ReferenceMismatch = 10,

    /// <summary>The hold's time is not over.</summary>
    NotYetExpired = 11,

    /// <summary>A total would not fit 64 bits.</summary>
    TotalTooLarge = 12,

    /// <summary>An account would pass its limit.</summary>
    InsufficientFunds = 13,

    /// <summary>Its time lies in a closed period: book it in the open one and say there what it belongs to.</summary>
    PeriodClosed = 14,

    /// <summary>A closing with a leg that is neither income nor expense nor the result.</summary>
    NotAClosing = 15,
}
