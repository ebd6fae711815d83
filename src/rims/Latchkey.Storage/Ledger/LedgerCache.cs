using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>Accounts, the chain's head and the newest entries, as the writer's open transaction has them.</summary>
/// <remarks>Totals and statement lines are written once for many commits: they follow from the entries, see <see cref="LedgerTail"/>.</remarks>
internal sealed class LedgerCache : ISessionCache
{
    private const int AccountLimit = 20_000;
    private const int EntryLimit = 4_096;
    private const int LinesLimit = 512;

    // Between two writings of totals and lines: about so many commits, at least and at most so many entries.
    private const int CommitsBetween = 64, LeastBetween = 64, MostBetween = 2_048;
    private readonly Dictionary<AccountId, CachedAccount> _accounts = [];
    private readonly HashSet<AccountId> _dirty = [];
    private readonly List<AccountId> _readByRequest = [];
    private readonly List<(AccountId Id, CachedAccount Before)> _undo = [];
    private readonly Dictionary<Guid, RecordedEntry> _entries = [];
    private readonly Queue<Guid> _entryOrder = new();
    private readonly List<(AccountId Account, Movement Movement)> _movements = [];
    private readonly Dictionary<AccountId, List<Movement>> _byAccount = [];
    private int _movementsBefore;
    private long _lastMovements;
    private (long Sequence, ChainHash Hash)? _head;
    private (long Sequence, ChainHash Hash)? _headBefore;
    private readonly List<Guid> _entriesOfRequest = [];
    private long _marked;
    private long _flushedAt;
    private DateTimeOffset? _closedThrough;
    private DateTimeOffset? _closedThroughBefore;

    /// <summary>False until <see cref="Load"/>, and again after <see cref="Discard"/>.</summary>
    public bool IsLoaded { get; private set; }

    public (long Sequence, ChainHash Hash)? Head => _head;

    /// <summary>The last moment of the newest closed period.</summary>
    public DateTimeOffset? ClosedThrough => _closedThrough;

    public CachedAccount? Find(AccountId id) => _accounts.GetValueOrDefault(id);

    public RecordedEntry? FindEntry(Guid id) => _entries.GetValueOrDefault(id);

    /// <summary>The totals and lines that the entries have and the tables do not.</summary>
    public void Load(SqliteSession session)
    {
        session.Companion<LedgerSeal>()?.Require(session);
        LedgerTail tail = LedgerTail.Read(session);
        foreach (AccountId id in tail.Changes.Keys)
        {
            CachedAccount stored = LedgerWriter.FindStored(session, id)
                ?? throw new StorageException(StorageFailure.Damaged, $"Account {id} is missing; run the audit.");
            _accounts[id] = stored with { Account = tail.Over(stored.Account) };
            _dirty.Add(id);
        }

        _movements.AddRange(tail.Movements);
        _movementsBefore = _movements.Count;
        _marked = _flushedAt = session.Scalar<long>("SELECT sequence FROM ledger_mark");
        _lastMovements = session.Scalar<long>("SELECT coalesce(max(no), 0) FROM ledger_movements");
        _closedThrough = _closedThroughBefore = PeriodRows.ClosedThrough(session);
        IsLoaded = true;
    }

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
        if (entry.Entry.Kind == EntryKind.Close) _closedThrough = entry.Entry.At;
    }

    public void KeepRequest()
    {
        _undo.Clear();
        _readByRequest.Clear();
        _movementsBefore = _movements.Count;
        _headBefore = _head;
        _closedThroughBefore = _closedThrough;
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
        _closedThrough = _closedThroughBefore;
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
        if (!IsLoaded || _head is not { } head) return;
        long inGroup = head.Sequence - _flushedAt;
        if (inGroup == 0) return;
        _flushedAt = head.Sequence;
        if (head.Sequence - _marked >= Math.Clamp(inGroup * CommitsBetween, LeastBetween, MostBetween)) Write(session, head.Sequence);
        LedgerTail.Mark(session, _marked, head.Sequence);
        session.Companion<LedgerSeal>()?.Write(session, head.Sequence, head.Hash.ToArray());
    }

    public void Close(SqliteSession session)
    {
        if (IsLoaded && _head is { } head && head.Sequence > _marked)
        {
            Write(session, head.Sequence);
            LedgerTail.Mark(session, _marked, head.Sequence);
        }
    }

    private void Write(SqliteSession session, long sequence)
    {
        foreach (List<Movement> lines in _byAccount.Values) lines.Clear();
        foreach ((AccountId account, Movement movement) in _movements) LinesOf(account).Add(movement);
        foreach ((AccountId account, List<Movement> lines) in _byAccount)
        {
            if (lines.Count == 0) continue;
            LedgerWriter.SaveMovements(session, ++_lastMovements, _accounts[account], lines);
            _accounts[account] = _accounts[account] with { LastMovements = _lastMovements };
        }

        // After the statements: an account's row names the newest of its own. Whatever moved is among the changed.
        foreach (AccountId id in _dirty) LedgerWriter.SaveTotals(session, _accounts[id]);
        _movements.Clear();
        _movementsBefore = 0;
        _dirty.Clear();
        _marked = sequence;
        if (_byAccount.Count > LinesLimit) _byAccount.Clear();
        if (_accounts.Count > AccountLimit) _accounts.Clear();
    }

    public void Discard()
    {
        IsLoaded = false;
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

    private List<Movement> LinesOf(AccountId account)
    {
        if (!_byAccount.TryGetValue(account, out List<Movement>? lines)) _byAccount.Add(account, lines = []);
        return lines;
    }
}

/// <summary>An account and the number of its row.</summary>
/// <param name="No">Of the account's row.</param>
/// <param name="Account">With its totals.</param>
/// <param name="LastMovements">Of the newest row of its statement; null where it has none yet.</param>
internal sealed record CachedAccount(long No, LedgerAccount Account, long? LastMovements);
