using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;

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

    public IReadOnlyList<OwedDebt> Debts(MeterPan pan) => DebtRows.Of(session, pan);

    public void Save(DebtRecord debt) => DebtRows.Save(session, debt);

    public ManagementIssue? FindManagement(Guid id) => session.First(
        """
        SELECT pan, kind, value, reason, first_approver, second_approver, sgc, ti, krn, kt, ken, base_year, ea, tid, at, token
        FROM vend_management WHERE id = ?1
        """,
        row =>
        {
            MeterPan pan = KeyColumns.ReadPan(row, 0);
            return new ManagementIssue(
                new ManagementRequest(id, pan, (ManagementSubClass)row.GetInt32(1), (ushort)row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5)),
                KeyColumns.ReadKey(row, pan, 6),
                TokenIdentifier.FromMinutes((uint)row.GetInt64(13)),
                KeyColumns.ReadTime(row, 14),
                row.IsDBNull(15) ? null : TokenNumber.Parse(row.GetString(15)));
        },
        GuidBlob.Of(id));

    public void Save(ManagementIssue issue) => session.Execute(
        """
        INSERT INTO vend_management (id, pan, kind, value, reason, first_approver, second_approver, sgc, ti, krn, kt, ken, base_year, ea, tid, at, token)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) ON CONFLICT (id) DO UPDATE SET token = ?17
        """,
        GuidBlob.Of(issue.Id), (long)issue.Request.Pan.Value, (int)issue.Request.Kind, (int)issue.Request.Value, issue.Request.Reason,
        issue.Request.FirstApprover, issue.Request.SecondApprover, issue.Key.SupplyGroup.ToString(), issue.Key.TariffIndex.ToString(),
        issue.Key.KeyRevision.Value, (int)issue.Key.KeyType, (int)issue.Key.KeyExpiry.Value, issue.Key.BaseDate.Year, (int)issue.Key.Algorithm,
        (long)issue.Tid.Minutes, KeyColumns.Milliseconds(issue.At), issue.Token?.ToString());

    public PostResult Post(JournalEntry entry) => LedgerWriter.PostInOpenPeriod(session, entry);

    public bool Open(LedgerAccount account) => LedgerWriter.Open(session, account);

    public RecordedEntry? FindEntry(Guid id) => LedgerWriter.FindEntry(session, id);

    private MeterCache Writing => _cache ?? throw new InvalidOperationException("Changing needs the writer's session.");
}
