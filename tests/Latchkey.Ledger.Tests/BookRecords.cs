namespace Latchkey.Ledger.Tests;

/// <summary>Records as a store would give them, which a test may spoil.</summary>
internal sealed class BookRecords : ILedgerRecords
{
    public List<LedgerRecord> Records { get; init; } = [];

    public IReadOnlyList<LedgerAccount> Accounts { get; set; } = [];

    public IReadOnlyList<AccountingPeriod> Periods { get; set; } = [];

    public IReadOnlyDictionary<AccountId, Int128> IndexedNet { get; set; } = new Dictionary<AccountId, Int128>();

    public static BookRecords Of(LedgerBook book) => new()
    {
        Records = [.. book.Journal.Select(e => new LedgerRecord(e.Sequence, e.Entry.Id, EntryCodec.Encode(e.Sequence, e.Entry), e.Hash.ToArray()))],
        Accounts = [.. book.Accounts],
        IndexedNet = book.Accounts.ToDictionary(a => a.Id, a => a.Balance.Net),
    };

    public void ForEach(Func<LedgerRecord, bool> record)
    {
        foreach (LedgerRecord r in Records)
        {
            if (!record(r)) return;
        }
    }

    public long? FindConclusion(Guid id) => Records
        .Where(r => EntryCodec.TryDecode(r.Canonical.Span, out _, out JournalEntry? entry) && entry!.Refers == id)
        .Select(r => (long?)r.Sequence).FirstOrDefault();

    public LedgerRecord? Find(Guid id) => Records.Where(r => r.Id == id).Select(r => (LedgerRecord?)r).FirstOrDefault();
}
