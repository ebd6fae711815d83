namespace Latchkey.Ledger;

/// <summary>What the books know about an entry that wants to be posted. A store reads it under its write lock.</summary>
/// <param name="Earlier">The entry that has this id already.</param>
/// <param name="Referred">The entry it refers to.</param>
/// <param name="ReferredIsConcluded">The referred hold has ended, or the referred entry was reversed.</param>
/// <param name="Accounts">Those of its own legs and of the referred entry's.</param>
/// <param name="ClosedThrough">The last moment of the newest closed period; null while none is closed.</param>
public sealed record PostingContext(
    JournalEntry? Earlier,
    JournalEntry? Referred,
    bool ReferredIsConcluded,
    IReadOnlyDictionary<AccountId, LedgerAccount> Accounts,
    DateTimeOffset? ClosedThrough = null);
