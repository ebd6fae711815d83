using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Vending;

/// <summary>Orders, identifiers and ledger in one open transaction.</summary>
internal sealed class SqliteVendingBooks(SqliteSession session) : IVendingBooks
{
    private readonly MeterCache? _cache = session.Cache<MeterCache>();

    public VendOrder? FindOrder(Guid id) => OrderRows.Find(session, id);

    public (OrderState State, int Attempt)? FindState(Guid id) => OrderRows.FindState(session, id);

    public void Save(VendOrder order) => OrderRows.Save(session, order);

    public void Advance(VendOrder order) => OrderRows.Advance(session, order);

    public MeterRecord? FindMeter(MeterPan pan)
    {
        if (_cache is not null && _cache.Meters.TryFind(pan, out MeterRecord? known)) return known;
        MeterRecord? read = MeterRows.Find(session, pan);
        if (read is not null) _cache?.Meters.Remember(pan, read);
        return read;
    }

    public KeyChange? FindKeyChange(MeterPan pan)
    {
        if (_cache is not null && _cache.KeyChanges.TryFind(pan, out KeyChange? known)) return known;
        KeyChange? read = SqliteKeyChanges.Find(session, pan);
        _cache?.KeyChanges.Remember(pan, read);
        return read;
    }

    public Guid? FindPayment(string channel, string reference) => session.First<Guid?>(
        "SELECT id FROM vend_order WHERE channel = ?1 AND payment_reference = ?2 AND state NOT IN (7, 8, 9, 11)",
        row => GuidBlob.Read((byte[])row.GetValue(0)), channel, reference);

    public TokenIdentifier? LastTid(MeterPan pan, BaseDate baseDate)
    {
        if (_cache is not null && _cache.Tids.TryFind((pan, baseDate.Year), out TokenIdentifier? known)) return known;
        TokenIdentifier? read = StandingRows.ReadTid(session, pan, baseDate.Year);
        _cache?.Tids.Remember((pan, baseDate.Year), read);
        return read;
    }

    public void SetLastTid(MeterPan pan, BaseDate baseDate, TokenIdentifier tid) => Writing.Tids.Change((pan, baseDate.Year), tid);

    public PeriodTotals Totals(MeterPan pan, string period)
    {
        if (_cache is not null && _cache.Totals.TryFind((pan, period), out PeriodTotals known)) return known;
        PeriodTotals read = StandingRows.ReadTotals(session, pan, period);
        _cache?.Totals.Remember((pan, period), read);
        return read;
    }

    public void AddTotals(MeterPan pan, string period, PeriodTotals more)
    {
        PeriodTotals so = Totals(pan, period);
        Writing.Totals.Change((pan, period), new PeriodTotals(so.Tenths + more.Tenths, so.FixedMinorUnits + more.FixedMinorUnits));
    }

    public IReadOnlyList<OwedDebt> Debts(MeterPan pan)
    {
        if (_cache is not null && _cache.Debtless.TryFind(pan, out bool owesNothing) && owesNothing) return [];
        IReadOnlyList<OwedDebt> debts = DebtRows.Of(session, pan);
        if (debts.Count == 0) _cache?.Debtless.Remember(pan, true);
        return debts;
    }

    public void Save(DebtRecord debt)
    {
        DebtRows.Save(session, debt);
        _cache?.Debtless.Remember(debt.Pan, false);
    }

    public ManagementIssue? FindManagement(Guid id) => ManagementRows.Find(session, id);

    public void Save(ManagementIssue issue) => ManagementRows.Save(session, issue);

    public Approval? FindApproval(Guid id) => ApprovalRows.Find(session, id);

    public void Save(Approval approval) => ApprovalRows.Save(session, approval);

    public IReadOnlyList<Approval> Approvals(ApprovalState? state, int limit) => ApprovalRows.List(session, state, limit);

    public IReadOnlyList<ManagementIssue> Management(int limit) => ManagementRows.Newest(session, limit);

    public ManagementIssue? FindManagement(TokenNumber token) => ManagementRows.FindByToken(session, token);

    public VendOrder? FindByToken(TokenNumber token) => OrderRows.FindByToken(session, token);

    public IReadOnlyList<Approval> LateApprovals(DateTimeOffset now, int limit) => ApprovalRows.Late(session, now, limit);

    public (int All, int Own) CountOpenApprovals(string askedBy) => ApprovalRows.CountOpen(session, askedBy);

    public LedgerAccount? FindAccount(AccountId account) => LedgerWriter.FindAccount(session, account)?.Account;

    public IReadOnlyList<LedgerAccount> AccountsNamed(string prefix) =>
        [.. LedgerWriter.AllAccounts(session).Where(a => a.Id.ToString().StartsWith(prefix, StringComparison.Ordinal))];

    public PostResult Post(JournalEntry entry) => LedgerWriter.PostInOpenPeriod(session, entry);

    public bool Open(LedgerAccount account) => LedgerWriter.Open(session, account);

    public RecordedEntry? FindEntry(Guid id) => LedgerWriter.FindEntry(session, id);

    // Made where it is asked for: an ordinary sale never does.
    public IMakerBooks Makers => new MakerRows(session);

    private MeterCache Writing => _cache ?? throw new InvalidOperationException("Changing needs the writer's session.");
}
