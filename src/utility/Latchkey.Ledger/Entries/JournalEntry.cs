namespace Latchkey.Ledger;

/// <summary>An entry as its maker gives it: immutable, with the maker's own id, so that sending it twice is sending it once.</summary>
/// <param name="At">When it happened in the business, not when it was written.</param>
/// <param name="Memo">What it is for: an order, a deposit slip. At most <see cref="MaxMemoLength"/> characters.</param>
/// <param name="Refers">The hold it ends or the entry it reverses.</param>
/// <param name="ExpiresAt">On a hold: from when on it may be expired.</param>
public sealed record JournalEntry(
    Guid Id,
    EntryKind Kind,
    DateTimeOffset At,
    string Memo,
    IReadOnlyList<Posting> Postings,
    Guid? Refers = null,
    DateTimeOffset? ExpiresAt = null)
{
    public const int MaxMemoLength = 200;
    public const int MaxPostings = 64;

    /// <summary>A closing has a leg for every account of income and expense.</summary>
    public const int MaxClosingPostings = 4_096;

    public static JournalEntry Post(Guid id, DateTimeOffset at, string memo, params IReadOnlyList<Posting> postings) =>
        new(id, EntryKind.Post, at, memo, postings);

    public static JournalEntry Hold(Guid id, DateTimeOffset at, string memo, DateTimeOffset? expiresAt, params IReadOnlyList<Posting> postings) =>
        new(id, EntryKind.Hold, at, memo, postings, ExpiresAt: expiresAt);

    /// <summary>Settles all of a hold.</summary>
    public static JournalEntry Settle(Guid id, DateTimeOffset at, JournalEntry hold) =>
        new(id, EntryKind.Settle, at, hold.Memo, hold.Postings, Refers: hold.Id);

    public static JournalEntry Void(Guid id, DateTimeOffset at, Guid hold, string memo) => new(id, EntryKind.Void, at, memo, [], Refers: hold);

    public static JournalEntry Expire(Guid id, DateTimeOffset at, Guid hold, string memo) => new(id, EntryKind.Expire, at, memo, [], Refers: hold);

    public static JournalEntry Reverse(Guid id, DateTimeOffset at, JournalEntry entry, string memo) =>
        new(id, EntryKind.Reversal, at, memo, [.. entry.Postings.Select(p => p.Opposite)], Refers: entry.Id);

    /// <summary>This entry, or where its day is closed already the same one at the first moment that is open: a late fact is booked in the open period.</summary>
    public JournalEntry InOpenPeriod(DateTimeOffset? closedThrough) => closedThrough is { } closed && AccountingPeriod.Covers(closed, At)
        ? this with { At = closed + AccountingPeriod.Step }
        : this;

    internal static int MostPostings(EntryKind kind) => kind == EntryKind.Close ? MaxClosingPostings : MaxPostings;

    /// <summary>True for a retry: everything but the time is equal. The same id with anything else is a fault of the caller.</summary>
    public bool HasSameContentAs(JournalEntry other) =>
        (Id, Kind, Memo, Refers, ExpiresAt) == (other.Id, other.Kind, other.Memo, other.Refers, other.ExpiresAt)
        && Postings.SequenceEqual(other.Postings);
}

/// <summary>An entry in its place in the chain.</summary>
/// <param name="Sequence">1 for the first entry, without gaps.</param>
/// <param name="Hash">SHA-256 over the hash before it and its own canonical bytes.</param>
public sealed record RecordedEntry(long Sequence, JournalEntry Entry, ChainHash Hash);
