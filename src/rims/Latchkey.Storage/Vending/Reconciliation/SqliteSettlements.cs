using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Booked settlement files on SQLite, in the file of the ledger.</summary>
public sealed class SqliteSettlementStore(SqliteDatabase database) : ISettlementStore
{
    public Task<T> UpdateAsync<T>(Func<IVendingBooks, ISettlementBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteVendingBooks(s), new SqliteSettlementBooks(s)), cancellationToken);

    /// <summary>False in books that no version with settlements has opened yet.</summary>
    public bool HasTables => database.Read(s => s.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'settle_line'") != 0);

    public T Read<T>(Func<IVendingBooks, ISettlementBooks, T> step) => database.Read(s => step(new SqliteVendingBooks(s), new SqliteSettlementBooks(s)));
}

/// <summary>Settlement files and the ledger in one open transaction.</summary>
internal sealed class SqliteSettlementBooks(SqliteSession session) : ISettlementBooks
{
    private const string LineColumns = "paper, id, kind, reference, minor_units, currency, fee, at, bank, booked_fee, suspense, channel";

    private const string PaperColumns = """
        p.channel, p.id, p.fingerprint, p.from_at, p.to_at, p.lines, p.known, p.kept_at,
        (SELECT count(*) FROM settle_line l WHERE l.channel = p.channel AND l.paper = p.id AND l.suspense IS NOT NULL)
        """;

    /// <summary>What is in suspense of each payment: what its lines put there, less what two people took out.</summary>
    private const string Suspended = """
        SELECT channel, reference, currency, sum(suspense) AS suspense, min(at) AS at FROM (
            SELECT channel, reference, currency, suspense, at FROM settle_line WHERE suspense <> 0
            UNION ALL SELECT channel, reference, currency, suspense, at FROM settle_act
        ) GROUP BY channel, reference, currency
        """;

    public SettlementRecord? FindPaper(string channel, string id) =>
        session.First($"SELECT {PaperColumns} FROM settle_paper p WHERE p.channel = ?1 AND p.id = ?2", ReadPaper, channel, id);

    public void Keep(SettlementPaper paper, string fingerprint, IReadOnlyList<PaperLine> fresh, DateTimeOffset at)
    {
        session.Execute(
            "INSERT INTO settle_paper (channel, id, fingerprint, from_at, to_at, lines, known, kept_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            paper.Channel, paper.Id, fingerprint, paper.From.UtcTicks, paper.To.UtcTicks, paper.Lines.Count, paper.Lines.Count - fresh.Count, at.UtcTicks);
        foreach (PaperLine line in fresh)
        {
            session.Execute(
                "INSERT INTO settle_line (channel, id, paper, kind, reference, minor_units, currency, fee, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                paper.Channel, line.Id, paper.Id, (int)line.Line.Kind, line.Line.Reference, line.Line.Amount.MinorUnits, line.Line.Amount.Currency.ToString(),
                line.Line.FeeMinorUnits, line.Line.At.UtcTicks);
        }
    }

    public SettlementRow? FindLine(string channel, string lineId) =>
        session.First($"SELECT {LineColumns} FROM settle_line WHERE channel = ?1 AND id = ?2", ReadLine, channel, lineId);

    public IReadOnlyList<SettlementRow> Unposted(string channel, string paper, int limit) => session.Query(
        $"SELECT {LineColumns} FROM settle_line WHERE channel = ?1 AND paper = ?2 AND suspense IS NULL ORDER BY id LIMIT ?3", ReadLine, channel, paper, limit);

    public void MarkPosted(string channel, string lineId, SettlementMoves moves) => session.Execute(
        "UPDATE settle_line SET bank = ?3, booked_fee = ?4, suspense = ?5 WHERE channel = ?1 AND id = ?2", channel, lineId, moves.Bank, moves.Fee, moves.Suspense);

    public void ForEachPosted(Action<SettlementRow> row) => session.ForEach($"SELECT {LineColumns} FROM settle_line WHERE suspense IS NOT NULL", r =>
    {
        row(ReadLine(r));
        return true;
    });

    public long SuspenseOf(string channel, string reference, LedgerUnit unit) => session.Scalar<long>(
        $"SELECT coalesce(sum(suspense), 0) FROM ({Suspended}) WHERE channel = ?1 AND reference = ?2 AND currency = ?3", channel, reference, unit.ToString());

    public void AddAct(Guid approval, string channel, string reference, LedgerUnit unit, long suspense, DateTimeOffset at) => session.Execute(
        "INSERT INTO settle_act (approval, channel, reference, currency, suspense, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        GuidBlob.Of(approval), channel, reference, unit.ToString(), suspense, at.UtcTicks);

    public IReadOnlyList<SettlementDifference> Differences(int limit) => session.Query(
        $"SELECT channel, reference, currency, suspense, at FROM ({Suspended}) WHERE suspense <> 0 ORDER BY at, channel, reference LIMIT ?1",
        row => new SettlementDifference(row.GetString(0), row.GetString(1), LedgerUnit.Of(row.Currency(2)), row.GetInt64(3), row.Time(4)), limit);

    public IReadOnlyList<SettlementTotals> Totals() => session.Query(
        """
        SELECT channel, currency, sum(bank), sum(booked_fee), sum(suspense) FROM (
            SELECT channel, currency, bank, booked_fee, suspense FROM settle_line WHERE suspense IS NOT NULL
            UNION ALL SELECT channel, currency, 0, 0, suspense FROM settle_act
        ) GROUP BY channel, currency ORDER BY channel, currency
        """,
        row => new SettlementTotals(row.GetString(0), LedgerUnit.Of(row.Currency(1)), new SettlementMoves(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))));

    public IReadOnlyList<SettlementRecord> Unfinished(int limit) => session.Query(
        $"SELECT {PaperColumns} FROM settle_paper p WHERE EXISTS (SELECT 1 FROM settle_line l WHERE l.channel = p.channel AND l.paper = p.id AND l.suspense IS NULL) ORDER BY p.no LIMIT ?1",
        ReadPaper, limit);

    public IReadOnlyList<SettlementRecord> Papers(int limit) => session.Query($"SELECT {PaperColumns} FROM settle_paper p ORDER BY p.no DESC LIMIT ?1", ReadPaper, limit);

    private static SettlementRecord ReadPaper(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.Time(4), row.GetInt32(5), row.GetInt32(6), row.Time(7), row.GetInt32(8));

    private static SettlementRow ReadLine(SqliteDataReader row) => new(
        row.GetString(0),
        new PaperLine(row.GetString(1), new SettlementLine(row.GetString(11), (SettlementKind)row.GetInt32(2), row.GetString(3), new Money(row.GetInt64(4), row.Currency(5)), row.GetInt64(6), row.Time(7))),
        row.IsDBNull(10) ? null : new SettlementMoves(row.GetInt64(8), row.GetInt64(9), row.GetInt64(10)));
}
