namespace Latchkey.Ledger;

/// <summary>The books in memory: the reference that the stores are compared with and the auditor replays into. Not for several threads.</summary>
public sealed class LedgerBook
{
    private readonly Dictionary<AccountId, LedgerAccount> _accounts = [];
    private readonly Dictionary<Guid, JournalEntry> _entries = [];
    private readonly HashSet<Guid> _concluded = [];
    private readonly List<RecordedEntry> _journal = [];

    public IReadOnlyCollection<LedgerAccount> Accounts => _accounts.Values;

    public IReadOnlyList<RecordedEntry> Journal => _journal;

    /// <summary>The last moment of the newest closed period; null while none is closed.</summary>
    public DateTimeOffset? ClosedThrough { get; private set; }

    /// <summary>The hash of the newest entry: it stands for the whole journal.</summary>
    public ChainHash Head => _journal.Count == 0 ? ChainHash.Genesis : _journal[^1].Hash;

    /// <summary>Opens an account; false where one of that name with other terms is there.</summary>
    public bool Open(LedgerAccount account)
    {
        if (_accounts.TryGetValue(account.Id, out LedgerAccount? there)) return there.HasSameTermsAs(account);
        _accounts.Add(account.Id, account with { Balance = default });
        return true;
    }

    /// <summary>Closes an account to new business, or changes its limit; the totals stay.</summary>
    public void Amend(AccountId id, Func<LedgerAccount, LedgerAccount> change)
    {
        LedgerAccount before = _accounts[id];
        _accounts[id] = change(before) with { Id = before.Id, Unit = before.Unit, Balance = before.Balance };
    }

    public LedgerAccount? Find(AccountId id) => _accounts.GetValueOrDefault(id);

    public JournalEntry? Find(Guid entryId) => _entries.GetValueOrDefault(entryId);

    public PostResult Post(JournalEntry entry)
    {
        JournalEntry? referred = entry.Refers is { } id ? Find(id) : null;
        var context = new PostingContext(Find(entry.Id), referred, entry.Refers is { } r && _concluded.Contains(r), _accounts, ClosedThrough);
        PostResult result = PostingRules.Evaluate(entry, context, out IReadOnlyList<LedgerAccount> changed);
        if (result != PostResult.Posted) return result;

        foreach (LedgerAccount account in changed) _accounts[account.Id] = account;
        if (entry.Refers is { } concluded) _concluded.Add(concluded);
        if (entry.Kind == EntryKind.Close) ClosedThrough = entry.At;
        _entries.Add(entry.Id, entry);
        long sequence = _journal.Count + 1;
        _journal.Add(new RecordedEntry(sequence, entry, Head.Next(EntryCodec.Encode(sequence, entry))));
        return result;
    }

    public TrialBalance TrialBalance() => Ledger.TrialBalance.Of(_accounts.Values);
}
