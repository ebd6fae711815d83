using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Orders, identifiers and ledger in one open transaction.</summary>
internal sealed class SqliteVendingBooks(SqliteSession session) : IVendingBooks
{
    private const string Add = """
        INSERT INTO vend_period (pan, period, tenths, fixed_minor) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (pan, period) DO UPDATE SET tenths = tenths + ?3, fixed_minor = fixed_minor + ?4
        """;

    private const string Subtract = "UPDATE vend_period SET tenths = tenths + ?3, fixed_minor = fixed_minor + ?4 WHERE pan = ?1 AND period = ?2";

    public VendOrder? FindOrder(Guid id) =>
        session.First($"SELECT {OrderRows.Columns} FROM vend_order WHERE id = ?1", OrderRows.Read, GuidBlob.Of(id));

    public void Save(VendOrder order) => OrderRows.Save(session, order);

    public void Advance(VendOrder order) => OrderRows.Advance(session, order);

    public MeterRecord? FindMeter(MeterPan pan) => MeterRows.Find(session, pan);

    public Guid? FindPayment(string channel, string reference) => session.First<Guid?>(
        "SELECT id FROM vend_order WHERE channel = ?1 AND payment_reference = ?2 AND state NOT IN (7, 8, 9)",
        row => GuidBlob.Read((byte[])row.GetValue(0)), channel, reference);

    public TokenIdentifier? LastTid(MeterPan pan, BaseDate baseDate) => session.First<TokenIdentifier?>(
        "SELECT last FROM vend_tid WHERE pan = ?1 AND base_year = ?2",
        row => TokenIdentifier.FromMinutes((uint)row.GetInt64(0)), (long)pan.Value, baseDate.Year);

    public void SetLastTid(MeterPan pan, BaseDate baseDate, TokenIdentifier tid) => session.Execute(
        "INSERT INTO vend_tid (pan, base_year, last) VALUES (?1, ?2, ?3) ON CONFLICT (pan, base_year) DO UPDATE SET last = ?3",
        (long)pan.Value, baseDate.Year, (long)tid.Minutes);

    public PeriodTotals Totals(MeterPan pan, string period) => session.First(
        "SELECT tenths, fixed_minor FROM vend_period WHERE pan = ?1 AND period = ?2",
        row => new PeriodTotals(row.GetInt64(0), row.GetInt64(1)), (long)pan.Value, period);

    public void AddTotals(MeterPan pan, string period, PeriodTotals more)
    {
        // What is given back was there before; an insert of less than nothing would be refused before it meets the row.
        bool givesBack = more.Tenths < 0 || more.FixedMinorUnits < 0;
        if (givesBack) session.Execute(Subtract, (long)pan.Value, period, more.Tenths, more.FixedMinorUnits);
        else session.Execute(Add, (long)pan.Value, period, more.Tenths, more.FixedMinorUnits);
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

    public PostResult Post(JournalEntry entry) => LedgerWriter.Post(session, entry);

    public bool Open(LedgerAccount account) => LedgerWriter.Open(session, account);

    public RecordedEntry? FindEntry(Guid id) => LedgerWriter.FindEntry(session, id);
}
