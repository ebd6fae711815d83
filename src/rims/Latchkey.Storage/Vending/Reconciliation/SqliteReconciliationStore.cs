using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Vendors;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Findings and outside papers on SQLite, in the file of the ledger.</summary>
public sealed class SqliteReconciliationStore(SqliteDatabase database) : IReconciliationStore
{
    private const string StatedColumns = "make, token_hash, kind, pan, tenths, at, tail, times";
    private const string LineColumns = "channel, kind, reference, minor_units, currency, fee, at";

    public Task<ReconciliationRun> KeepAsync(
        IReadOnlySet<ReconciliationKind> kinds, IReadOnlyList<Finding> findings, Func<ReconciliationKind, string> ownerOf, DateTimeOffset at,
        CancellationToken cancellationToken) => database.WriteAsync(s => FindingRows.Keep(s, kinds, findings, ownerOf, at), cancellationToken);

    public IReadOnlyList<ReconciliationItem> List(ReconciliationKind? kind, bool withCleared, int limit) => database.ReadOne(s => s.Query(
        $"SELECT {FindingRows.Columns} FROM recon_item WHERE (?1 IS NULL OR kind = ?1) AND (?2 OR cleared_at IS NULL) ORDER BY since, number LIMIT ?3",
        FindingRows.Read, (int?)kind, withCleared ? 1 : 0, limit));

    public ReconciliationItem? Find(int number) => database.ReadOne(s => s.First(
        $"SELECT {FindingRows.Columns} FROM recon_item WHERE number = ?1", FindingRows.Read, number));

    public Task<bool> AssignAsync(int number, string owner, CancellationToken cancellationToken) =>
        database.WriteAsync(s => s.Execute("UPDATE recon_item SET owner = ?2 WHERE number = ?1", number, owner) == 1, cancellationToken);

    public Task<bool> ExplainAsync(int number, string explanation, string by, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute("UPDATE recon_item SET explanation = ?2, explained_by = ?3 WHERE number = ?1 AND cleared_at IS NULL", number, explanation, by) == 1,
        cancellationToken);

    public Task<int> KeepAsync(SettlementFile file, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            s.Execute("INSERT INTO recon_covered (channel, from_at, to_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", file.Channel, file.From.UtcTicks, file.To.UtcTicks);
            return file.Lines.Sum(l => s.Execute(
                $"INSERT INTO recon_settled ({LineColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                l.Channel, (int)l.Kind, l.Reference, l.Amount.MinorUnits, l.Amount.Currency.ToString(), l.FeeMinorUnits, l.At.UtcTicks));
        },
        cancellationToken);

    public Task KeepAsync(IReadOnlyList<MeterTotals> totals, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            foreach (MeterTotals t in totals)
            {
                s.Execute(
                    "INSERT INTO recon_meter (pan, accepted, consumed, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (pan) DO UPDATE SET accepted = ?2, consumed = ?3, at = ?4 WHERE at < ?4",
                    Columns.Of(t.Pan), t.AcceptedTenths, t.ConsumedTenths, t.At.UtcTicks);
            }
        },
        cancellationToken);

    public SettlementLine? FindSettled(string channel, SettlementKind kind, string reference) => database.ReadOne(s => s.First(
        $"SELECT {LineColumns} FROM recon_settled WHERE channel = ?1 AND kind = ?2 AND reference = ?3", ReadLine, channel, (int)kind, reference));

    public void ForEachSettled(Action<SettlementLine> line) => Each($"SELECT {LineColumns} FROM recon_settled", row => line(ReadLine(row)));

    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Covered(string channel)
    {
        List<(DateTimeOffset From, DateTimeOffset To)> merged = [];
        IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> files = database.ReadOne(s => s.Query(
            "SELECT from_at, to_at FROM recon_covered WHERE channel = ?1 ORDER BY from_at", row => (row.Time(0), row.Time(1)), channel));
        foreach ((DateTimeOffset from, DateTimeOffset to) in files)
        {
            if (merged.Count > 0 && from <= merged[^1].To) merged[^1] = (merged[^1].From, to > merged[^1].To ? to : merged[^1].To);
            else merged.Add((from, to));
        }

        return merged;
    }

    public void ForEachMeter(Action<MeterTotals> totals) => Each("SELECT pan, accepted, consumed, at FROM recon_meter", row => totals(ReadTotals(row)));

    public MeterTotals? FindMeter(MeterPan pan) => database.ReadOne(s => s.First(
        "SELECT pan, accepted, consumed, at FROM recon_meter WHERE pan = ?1", ReadTotals, Columns.Of(pan)));

    public TenderRecord? FindPayment(string provider, string transactionId) => database.Read(s => HasPayments(s)
        ? s.First(
            "SELECT amount_minor, currency, refunded_minor, paid_at FROM pay_payment WHERE provider = ?1 AND transaction_id = ?2 AND state IN (3, 6)",
            row => new TenderRecord(new Money(row.GetInt64(0), row.Currency(1)), row.GetInt64(2), Paid(row)), provider, transactionId)
        : null);

    public Task<int> KeepAsync(MakerStatement statement, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            s.Execute("DELETE FROM recon_stated WHERE make = ?1 AND at >= ?2 AND at < ?3", statement.Make, statement.From.UtcTicks, statement.To.UtcTicks);
            s.Execute("INSERT INTO recon_stated_stretch (make, from_at, to_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", statement.Make, statement.From.UtcTicks, statement.To.UtcTicks);
            return statement.Lines.Sum(l => s.Execute(
                $"INSERT INTO recon_stated ({StatedColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (make, token_hash) DO UPDATE SET times = times + ?8",
                l.Make, l.TokenHash.ToArray(), (int)l.Kind, Columns.Of(l.Pan), l.Tenths, l.At.UtcTicks, l.Tail, l.Times));
        },
        cancellationToken);

    public IReadOnlyList<(string Make, DateTimeOffset From, DateTimeOffset To)> StatedStretches() => database.ReadOne(s => s.Query(
        "SELECT make, from_at, to_at FROM recon_stated_stretch ORDER BY make, from_at", row => (row.GetString(0), row.Time(1), row.Time(2))));

    public StatedToken? FindStated(string make, ReadOnlyMemory<byte> tokenHash) => database.ReadOne(s => s.First(
        $"SELECT {StatedColumns} FROM recon_stated WHERE make = ?1 AND token_hash = ?2", ReadStated, make, tokenHash.ToArray()));

    public void ForEachStated(Action<StatedToken> stated) => Each($"SELECT {StatedColumns} FROM recon_stated ORDER BY make, at, token_hash", row => stated(ReadStated(row)));

    public void ForEachPayment(string provider, Action<PaymentStanding> payment)
    {
        if (!database.Read(HasPayments)) return;
        foreach (PaymentStanding standing in database.ReadOne(s => s.Query(
            """
            SELECT p.amount_minor, p.currency, p.refunded_minor, p.paid_at, p.transaction_id,
                (SELECT min(r.requested_at) FROM pay_refund r WHERE r.out_trade_no = p.out_trade_no AND r.state IN (1, 2)),
                EXISTS (SELECT 1 FROM pay_refund r WHERE r.out_trade_no = p.out_trade_no AND r.state = 5),
                EXISTS (SELECT 1 FROM pay_refund r WHERE r.out_trade_no = p.out_trade_no AND r.state = 4)
            FROM pay_payment p WHERE p.provider = ?1 AND p.state = 3 AND p.transaction_id IS NOT NULL
            """,
            ReadStanding, provider)))
        {
            payment(standing);
        }
    }

    public void ForEachCredit(string accountPrefix, Action<AccountId, RecordedEntry, long> credit) =>
        Each(accountPrefix, amount => amount < 0, (account, entry, amount) => credit(account, entry, -amount));

    public void ForEachMovement(string accountPrefix, Action<AccountId, RecordedEntry, long> movement) => Each(accountPrefix, _ => true, movement);

    private void Each(string accountPrefix, Func<long, bool> isWanted, Action<AccountId, RecordedEntry, long> see) => database.Read(s =>
    {
        foreach (LedgerAccount account in LedgerWriter.AllAccounts(s).Where(a => a.Id.ToString().StartsWith(accountPrefix, StringComparison.Ordinal)))
        {
            LedgerLines.ForEach(s, LedgerWriter.FindAccount(s, account.Id)!, 0, (movement, _) =>
            {
                if (isWanted(movement.Amount)) see(account.Id, LedgerWriter.FindEntry(s, movement.Sequence)!, movement.Amount);
                return true;
            });
        }

        return true;
    });

    public IReadOnlyList<DepositSlip> UnpaidSlips(int limit) => database.ReadOne(s => s.Query(
        $"""
        SELECT {VendorRows.SlipColumns} FROM vendors_slip
        WHERE reference NOT IN (SELECT upper(replace(reference, ' ', '')) FROM vendors_bank_line) ORDER BY written_at LIMIT ?1
        """,
        VendorRows.ReadSlip, limit));

    public IReadOnlyDictionary<string, long> BankTotals() => database.ReadOne(s => s.Query(
        "SELECT currency, sum(minor_units) FROM vendors_bank_line GROUP BY currency", row => (Currency: row.GetString(0), Sum: row.GetInt64(1))))
        .ToDictionary(r => r.Currency, r => r.Sum, StringComparer.Ordinal);

    private void Each(string sql, Action<SqliteDataReader> row) => database.ReadOne(s =>
    {
        s.ForEach(sql, r =>
        {
            row(r);
            return true;
        });
        return true;
    });

    private static SettlementLine ReadLine(SqliteDataReader row) => new(
        row.GetString(0), (SettlementKind)row.GetInt32(1), row.GetString(2), new Money(row.GetInt64(3), row.Currency(4)), row.GetInt64(5), row.Time(6));

    private static MeterTotals ReadTotals(SqliteDataReader row) => new(row.Pan(0), row.GetInt64(1), row.IntegerOrNull(2), row.Time(3));

    private static StatedToken ReadStated(SqliteDataReader row) => new(
        row.GetString(0), (MakerTokenKind)row.GetInt32(2), row.Pan(3), row.GetInt64(4), row.Time(5), (byte[])row.GetValue(1), row.GetString(6), row.GetInt32(7));

    private static PaymentStanding ReadStanding(SqliteDataReader row) => new(
        row.GetString(4), new TenderRecord(new Money(row.GetInt64(0), row.Currency(1)), row.GetInt64(2), Paid(row)),
        row.TextOrNull(5) is { } since ? Moment(since) : null, row.GetInt64(6) != 0, row.GetInt64(7) != 0);

    private static DateTimeOffset Paid(SqliteDataReader row) => row.TextOrNull(3) is { } text ? Moment(text) : DateTimeOffset.UnixEpoch;

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);

    /// <summary>The payments room may live elsewhere; then settlement files alone are the proof.</summary>
    private static bool HasPayments(SqliteSession s) => s.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'pay_payment'") != 0;
}
