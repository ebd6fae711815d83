using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>Accounts, the chain's head and the newest entries, as the writer's open transaction has them.</summary>
internal sealed class LedgerCache : ISessionCache
{
    private const int AccountLimit = 20_000;
    private const int EntryLimit = 4_096;
    private readonly Dictionary<AccountId, CachedAccount> _accounts = [];
    private readonly HashSet<AccountId> _dirty = [];
    private readonly List<AccountId> _readByRequest = [];
    private readonly List<(AccountId Id, CachedAccount Before)> _undo = [];
    private readonly Dictionary<Guid, RecordedEntry> _entries = [];
    private readonly Queue<Guid> _entryOrder = new();
    private readonly List<(AccountId Account, Movement Movement)> _movements = [];
    private int _movementsBefore;
    private (long Sequence, ChainHash Hash)? _head;
    private (long Sequence, ChainHash Hash)? _headBefore;
    private readonly List<Guid> _entriesOfRequest = [];

    public (long Sequence, ChainHash Hash)? Head => _head;

    public CachedAccount? Find(AccountId id) => _accounts.GetValueOrDefault(id);

    public RecordedEntry? FindEntry(Guid id) => _entries.GetValueOrDefault(id);

    /// <summary>As read from the file: nothing to write.</summary>
    public void Remember(AccountId id, CachedAccount account)
    {
        _accounts[id] = account;
        _readByRequest.Add(id);
    }

    /// <summary>With totals that only this cache has until the flush.</summary>
    public void Change(LedgerAccount account)
    {
        CachedAccount before = _accounts[account.Id];
        _undo.Add((account.Id, before));
        _accounts[account.Id] = before with { Account = account };
        _dirty.Add(account.Id);
    }

    /// <summary>A line for the account's statement, written with the others of its group.</summary>
    public void Move(AccountId account, Movement movement) => _movements.Add((account, movement));

    public void RememberHead(long sequence, ChainHash hash) => _head = _headBefore = (sequence, hash);

    public void Append(RecordedEntry entry)
    {
        _head = (entry.Sequence, entry.Hash);
        _entries[entry.Entry.Id] = entry;
        _entriesOfRequest.Add(entry.Entry.Id);
    }

    public void KeepRequest()
    {
        _undo.Clear();
        _readByRequest.Clear();
        _movementsBefore = _movements.Count;
        _headBefore = _head;
        foreach (Guid id in _entriesOfRequest) _entryOrder.Enqueue(id);
        _entriesOfRequest.Clear();
        while (_entryOrder.Count > EntryLimit) _entries.Remove(_entryOrder.Dequeue());
    }

    public void UndoRequest()
    {
        for (int i = _undo.Count - 1; i >= 0; i--) _accounts[_undo[i].Id] = _undo[i].Before;
        foreach (Guid id in _entriesOfRequest) _entries.Remove(id);
        _undo.Clear();
        _entriesOfRequest.Clear();
        _head = _headBefore;
        _movements.RemoveRange(_movementsBefore, _movements.Count - _movementsBefore);

        // An account that the request opened is not in the file any more; one it only read is read again.
        foreach (AccountId id in _readByRequest)
        {
            _accounts.Remove(id);
            _dirty.Remove(id);
        }

        _readByRequest.Clear();
    }

    public void Flush(SqliteSession session)
    {
        foreach (AccountId id in _dirty)
        {
            (long no, LedgerAccount account) = _accounts[id];
            LedgerWriter.SaveBalance(session, no, account.Balance);
        }

        foreach (IGrouping<AccountId, Movement> account in _movements.GroupBy(m => m.Account, m => m.Movement))
            LedgerWriter.SaveMovements(session, _accounts[account.Key], [.. account]);

        _movements.Clear();
        _movementsBefore = 0;
        _dirty.Clear();
        if (_accounts.Count > AccountLimit) _accounts.Clear();
    }

    public void Discard()
    {
        _accounts.Clear();
        _dirty.Clear();
        _undo.Clear();
        _readByRequest.Clear();
        _movements.Clear();
        _movementsBefore = 0;
        _entries.Clear();
        _entryOrder.Clear();
        _entriesOfRequest.Clear();
        _head = _headBefore = null;
    }
}

/// <summary>An account and the number of its row.</summary>
internal sealed record CachedAccount(long No, LedgerAccount Account);
