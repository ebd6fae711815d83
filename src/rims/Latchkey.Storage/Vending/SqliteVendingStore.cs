using System.Globalization;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Orders and meters on SQLite, in the same file as the ledger.</summary>
public sealed class SqliteVendingStore(SqliteDatabase database) : IVendingStore, IMeterRecords
{
    public Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteVendingBooks(s)), cancellationToken);

    public async Task<IReadOnlyList<StepResult<T>>> UpdateEachAsync<T>(
        IReadOnlyList<Func<IVendingBooks, T>> steps, Task? company, CancellationToken cancellationToken)
    {
        WriteResult<T>[] results = await database.WriteAllAsync<T>(
            [.. steps.Select(step => (Func<SqliteSession, T>)(s => step(new SqliteVendingBooks(s))))], company, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(results, r => new StepResult<T>(r.Value, r.Fault));
    }

    public T Read<T>(Func<IVendingBooks, T> step) => database.Read(s => step(new SqliteVendingBooks(s)));

    public IReadOnlyList<VendOrder> InState(OrderState state, int limit, Guid? after = null) =>
        database.ReadOne(s => List(s.Statement(QueryFor(state)).Bind(1, (long)state).Bind(2, limit).Bind(3, after)));

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => database.ReadOne(s => List(s.Statement(
        $"SELECT {OrderRows.Columns} FROM vend_order o WHERE o.pan = ?1 ORDER BY o.received_at DESC, o.no DESC LIMIT ?2").Bind(1, (long)pan.Value).Bind(2, limit)));

    public IReadOnlyList<VendOrder> Newest(int limit) => database.ReadOne(s => List(s.Statement(
        $"SELECT {OrderRows.Columns} FROM vend_order o ORDER BY o.no DESC LIMIT ?1").Bind(1, limit)));

    /// <summary>The order of a receipt: its number is that of the entry which set the money aside. Null where there is none of that number.</summary>
    public VendOrder? FindByReceipt(string number) =>
        number.Length > 1 && number[0] is 'R' or 'r' && long.TryParse(number.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? database.ReadOne(s => s.First<Guid?>(
                "SELECT canonical FROM ledger_entry WHERE sequence = ?1",
                row => OrderEntries.OrderOf(LedgerWriter.Decode(sequence, (byte[])row.GetValue(0)).Memo), sequence) is { } id ? OrderRows.Find(s, id) : null)
            : null;

    public void ForEach(Action<VendOrder> order) => database.ReadOne(s =>
    {
        SqliteStatement rows = s.Statement($"SELECT {OrderRows.Columns} FROM vend_order o ORDER BY o.no");
        try
        {
            while (rows.Step()) order(OrderRows.Read(rows));
        }
        finally
        {
            rows.Reset();
        }

        return true;
    });

    public MeterRecord? Find(MeterPan pan) => database.Read(s => MeterRows.Find(s, pan));

    public Task SaveAsync(MeterRecord meter, CancellationToken cancellationToken) =>
        database.WriteAsync(s => s.Cache<MeterCache>()!.Meters.Change(meter.Pan, meter), cancellationToken);

    public IReadOnlyList<MeterRecord> List(MeterPan? after, int limit) => database.Read(s => MeterRows.List(s, after, limit));

    /// <summary>Constants for the unfinished states, so that their small index is used however many orders there are.</summary>
    internal static string QueryFor(OrderState state) => state switch
    {
        OrderState.Held => Query("o.state = 2 AND o.state = ?1"),
        OrderState.Posted => Query("o.state = 4 AND o.state = ?1"),
        OrderState.Delivered => Query("o.state = 5 AND o.state = ?1"),
        _ => Query("o.state = ?1"),
    };

    private static string Query(string condition) =>
        $"SELECT {OrderRows.Columns} FROM vend_order o WHERE {condition} AND o.no > coalesce((SELECT no FROM vend_order WHERE id = ?3), 0) ORDER BY o.no LIMIT ?2";

    private static List<VendOrder> List(SqliteStatement rows)
    {
        List<VendOrder> orders = [];
        while (rows.Step()) orders.Add(OrderRows.Read(rows));
        return orders;
    }
}
