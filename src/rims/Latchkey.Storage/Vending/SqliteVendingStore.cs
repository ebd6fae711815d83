using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Orders and meters on SQLite, in the same file as the ledger.</summary>
public sealed class SqliteVendingStore(SqliteDatabase database) : IVendingStore, IMeterRecords
{
    public Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteVendingBooks(s)), cancellationToken);

    public T Read<T>(Func<IVendingBooks, T> step) => database.Read(s => step(new SqliteVendingBooks(s)));

    public IReadOnlyList<VendOrder> InState(OrderState state, int limit) =>
        database.ReadOne(s => s.Query(QueryFor(state), OrderRows.Read, (int)state, limit));

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => database.Read(s => s.Query(
        $"SELECT {OrderRows.Columns} FROM vend_order WHERE pan = ?1 ORDER BY received_at DESC, rowid DESC LIMIT ?2",
        OrderRows.Read, (long)pan.Value, limit));

    public IReadOnlyList<VendOrder> Newest(int limit) => database.Read(s => s.Query(
        $"SELECT {OrderRows.Columns} FROM vend_order ORDER BY rowid DESC LIMIT ?1", OrderRows.Read, limit));

    public void ForEach(Action<VendOrder> order) => database.Read(s =>
    {
        s.ForEach(
            $"SELECT {OrderRows.Columns} FROM vend_order ORDER BY rowid",
            row =>
            {
                order(OrderRows.Read(row));
                return true;
            });
        return true;
    });

    public MeterRecord? Find(MeterPan pan) => database.Read(s => MeterRows.Find(s, pan));

    public Task SaveAsync(MeterRecord meter, CancellationToken cancellationToken) =>
        database.WriteAsync(s => MeterRows.Save(s, meter), cancellationToken);

    public IReadOnlyList<MeterRecord> List(MeterPan? after, int limit) => database.Read(s => MeterRows.List(s, after, limit));

    /// <summary>Constants for the unfinished states, so that their small index is used however many orders there are.</summary>
    internal static string QueryFor(OrderState state) => state switch
    {
        OrderState.Held => Query("state = 2 AND state = ?1"),
        OrderState.Posted => Query("state = 4 AND state = ?1"),
        OrderState.Delivered => Query("state = 5 AND state = ?1"),
        _ => Query("state = ?1"),
    };

    private static string Query(string condition) => $"SELECT {OrderRows.Columns} FROM vend_order WHERE {condition} ORDER BY received_at LIMIT ?2";
}
