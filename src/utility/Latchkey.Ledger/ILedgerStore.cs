namespace Latchkey.Ledger;

/// <summary>Where the books are kept. Every write is whole or not at all, durable when it answers, and safe to send again.</summary>
public interface ILedgerStore : ILedgerReader
{
    /// <summary>Opens an account; false where one of that name with other terms is there.</summary>
    Task<bool> OpenAccountAsync(LedgerAccount account, CancellationToken cancellationToken);

    /// <summary>Closes an account to new business: what is held may still be settled.</summary>
    Task CloseAccountAsync(AccountId account, CancellationToken cancellationToken);

    Task<PostResult> PostAsync(JournalEntry entry, CancellationToken cancellationToken);

    /// <summary>The last moment of the newest closed period; null while none is closed.</summary>
    DateTimeOffset? ClosedThrough { get; }

    /// <summary>All accounts in one consistent state.</summary>
    TrialBalance TrialBalance();

    /// <summary>At most <paramref name="limit"/> lines of an account after entry <paramref name="afterSequence"/>, oldest first.</summary>
    IReadOnlyList<StatementLine> Statement(AccountId account, long afterSequence, int limit);

    /// <summary>What the auditor reads, in one consistent state: accounts as stored, then every record in order.</summary>
    T Audit<T>(Func<ILedgerRecords, T> work);
}

/// <summary>Looks into the books without touching them: all that a signer needs.</summary>
public interface ILedgerReader
{
    LedgerAccount? FindAccount(AccountId account);

    RecordedEntry? FindEntry(Guid id);

    /// <summary>The entry that ended a hold, or reversed an entry; null while there is none.</summary>
    RecordedEntry? FindConclusion(Guid id);

    /// <summary>An entry and how it ended, in one consistent look; null kind while it has not.</summary>
    (RecordedEntry? Entry, EntryKind? End) FindWithEnd(Guid id);

    /// <summary>The same for several entries, all in one consistent look; in the order they were asked for.</summary>
    /// <remarks>Refused with the store's own exception where somebody else has written to the books: what is found here is ground for tokens.</remarks>
    IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> FindWithEnd(IReadOnlyList<Guid> ids);

    /// <summary>The same for an audit, which reads spoiled books too.</summary>
    IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> LookUp(IReadOnlyList<Guid> ids);
}

/// <summary>One movement on an account, and its balance (debits less credits) after it.</summary>
public sealed record StatementLine(long Sequence, Guid EntryId, DateTimeOffset At, string Memo, long Amount, Int128 Balance);

/// <summary>The raw records of the books, as they lie in the store.</summary>
public interface ILedgerRecords
{
    IReadOnlyList<LedgerAccount> Accounts { get; }

    /// <summary>Canonical bytes and hash of every entry, by rising row number. <paramref name="record"/> returns false to stop.</summary>
    void ForEach(Func<LedgerRecord, bool> record);

    /// <summary>The record filed under an id, or null.</summary>
    LedgerRecord? Find(Guid id);

    /// <summary>The number of the record filed under an id; null where there is none. Cheaper than the record.</summary>
    long? Locate(Guid id) => Find(id)?.Sequence;

    /// <summary>The number of the record filed as ending this hold, or as reversing this entry; null where there is none.</summary>
    long? FindConclusion(Guid id);

    /// <summary>The number that the books say their newest entry has; null where they do not say.</summary>
    long? NewestSequence => null;

    /// <summary>The closed periods as the books list them, the first one first.</summary>
    IReadOnlyList<AccountingPeriod> Periods => [];

    /// <summary>True where the books end otherwise than the program that keeps them left them, by a seal of its own.</summary>
    bool IsForeign => false;

    /// <summary>Per account, the sum of the amounts that its statement shows; an account whose statement cannot be followed is not among them.</summary>
    IReadOnlyDictionary<AccountId, Int128> IndexedNet { get; }
}

/// <summary>A record as stored: nothing about it is believed.</summary>
public readonly record struct LedgerRecord(long Sequence, Guid Id, ReadOnlyMemory<byte> Canonical, ReadOnlyMemory<byte> Hash);
