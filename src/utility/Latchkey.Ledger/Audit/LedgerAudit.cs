using System.Globalization;

namespace Latchkey.Ledger;

/// <summary>What an audit says: the chain's head if all is well, otherwise the first bad record and what is wrong with it.</summary>
/// <param name="FirstBadSequence">The record's number in the chain; null where a total is wrong rather than a record.</param>
public sealed record AuditReport(long EntriesRead, ChainHash Head, long? FirstBadSequence, string? Problem)
{
    public bool IsIntact => Problem is null;
}

/// <summary>Replays a whole ledger from its records: order, chain, rules of posting, stored totals. Believes nothing but the code.</summary>
/// <remarks>Memory grows with the accounts, not with the entries: what came before is looked up in the store, and what it answers is checked.</remarks>
public sealed class LedgerAudit
{
    private readonly ILedgerRecords _records;
    private readonly Dictionary<AccountId, LedgerAccount> _accounts;
    private readonly PeriodSums _periods;
    private DateTimeOffset? _closedThrough;
    private long _read;
    private ChainHash _head;

    private LedgerAudit(ILedgerRecords records)
    {
        _records = records;
        _periods = new PeriodSums(records.Periods);

        // Limits and closings change over time and are no entries: they are compared with the totals at the end, not during the replay.
        _accounts = records.Accounts.ToDictionary(
            a => a.Id, a => a with { IsClosed = false, Limit = AccountLimit.None, Balance = default });
    }

    /// <param name="observe">Sees every entry that passed, in order: for checks beyond the ledger's own, such as tokens against orders.</param>
    public static AuditReport Verify(ILedgerRecords records, Action<RecordedEntry>? observe = null)
    {
        var audit = new LedgerAudit(records);
        AuditReport? broken = null;
        records.ForEach(record =>
        {
            broken = audit.Replay(record, observe);
            return broken is null;
        });
        return broken ?? audit.CompareTotals();
    }

    private AuditReport? Replay(LedgerRecord record, Action<RecordedEntry>? observe)
    {
        long expected = _read + 1;
        if (record.Sequence != expected) return Broken(expected, $"record {expected} is missing; the next one is {record.Sequence}");
        if (!EntryCodec.TryDecode(record.Canonical.Span, out long sequence, out JournalEntry? entry) || sequence != expected)
            return Broken(expected, "its bytes are not an entry of that number");
        if (entry!.Id != record.Id) return Broken(expected, "its id differs from the id it is filed under");

        ChainHash hash = _head.Next(record.Canonical.Span);
        if (!record.Hash.Span.SequenceEqual(hash.ToArray())) return Broken(expected, "its hash does not follow from its content and the record before it");
        JournalEntry? referred = Referred(entry);
        if (Post(entry, referred) is var result and not PostResult.Posted) return Broken(expected, $"it breaks a rule of posting ({result})");
        if (CheckPeriod(expected, entry, referred) is { } fault) return Broken(expected, fault);

        _read = expected;
        _head = hash;
        observe?.Invoke(new RecordedEntry(expected, entry, hash));
        return null;
    }

    private string? CheckPeriod(long sequence, JournalEntry entry, JournalEntry? referred)
    {
        if (entry.Kind != EntryKind.Close)
        {
            if (!_periods.IsEmpty) _periods.Add(entry, referred);
            return null;
        }

        _closedThrough = entry.At;
        return _periods.Close(sequence, entry, _accounts.GetValueOrDefault);
    }

    private PostResult Post(JournalEntry entry, JournalEntry? referred)
    {
        // Of two entries with one id, or two ends of one hold, the store can file one alone: the other does not find itself.
        if (_records.Locate(entry.Id) != _read + 1) return PostResult.IdReusedWithOtherContent;
        bool concluded = entry.Refers is { } refers && _records.FindConclusion(refers) != _read + 1;
        var context = new PostingContext(null, referred, concluded, _accounts, _closedThrough);
        PostResult result = PostingRules.Evaluate(entry, context, out IReadOnlyList<LedgerAccount> changed);
        foreach (LedgerAccount account in changed) _accounts[account.Id] = account;
        return result;
    }

    /// <summary>The entry referred to, if it was among those already replayed.</summary>
    private JournalEntry? Referred(JournalEntry entry) =>
        entry.Refers is { } id
        && _records.Find(id) is { } record && record.Sequence <= _read && EntryCodec.TryDecode(record.Canonical.Span, out _, out JournalEntry? referred)
            ? referred
            : null;

    private AuditReport CompareTotals()
    {
        if (_records.NewestSequence is { } newest && newest != _read) return Broken(_read + 1, $"record {_read + 1} is missing; the newest should be {newest}");
        if (!_periods.IsEmpty) return Broken(null, "the books list a closed period that no entry has closed");
        if (_records.IsForeign) return Broken(_read, $"record {_read} was not written by the program that keeps the books, or the seal of the newest was changed");
        foreach (LedgerAccount stored in _records.Accounts)
        {
            LedgerAccount computed = _accounts[stored.Id];
            if (stored.Balance != computed.Balance)
                return Broken(null, $"account {stored.Id} stores {Text(stored.Balance)} but its entries give {Text(computed.Balance)}");
            if (!_records.IndexedNet.TryGetValue(stored.Id, out Int128 shown) || shown != computed.Balance.Net)
                return Broken(null, $"the statement of account {stored.Id} does not agree with its entries");
            if (stored.PassesLimit(stored.Balance)) return Broken(null, $"account {stored.Id} is beyond its limit");
        }

        return TrialBalance.Of(_accounts.Values).IsBalanced
            ? new AuditReport(_read, _head, null, null)
            : Broken(null, "debits and credits differ");
    }

    private AuditReport Broken(long? sequence, string problem) => new(_read, _head, sequence, problem);

    private static string Text(AccountBalance b) => string.Create(
        CultureInfo.InvariantCulture, $"debits {b.DebitsPosted} credits {b.CreditsPosted} pending {b.DebitsPending}/{b.CreditsPending}");
}
