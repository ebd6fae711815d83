namespace Latchkey.Ledger;

/// <summary>What an entry does to the totals. Numbers are stored and hashed.</summary>
public enum EntryKind
{
    /// <summary>Moves the amounts.</summary>
    Post = 1,

    /// <summary>Sets the amounts aside as pending until another entry settles, voids or expires the hold.</summary>
    Hold = 2,

    /// <summary>Ends a hold and moves what it set aside, or a part; the rest is free again.</summary>
    Settle = 3,

    /// <summary>Ends a hold and moves nothing.</summary>
    Void = 4,

    /// <summary>As <see cref="Void"/>, because the hold's time is over. The clock alone never ends a hold.</summary>
    Expire = 5,

    /// <summary>Moves back exactly what a <see cref="Post"/> or <see cref="Settle"/> moved; the old entry stays.</summary>
    Reversal = 6,

    /// <summary>Closes all days up to and including its own time, for good, and moves what was earned and spent to the result.</summary>
    Close = 7,
}
