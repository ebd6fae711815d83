using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Orders and meters on SQLite, in the same file as the ledger.</summary>
public sealed class SqliteVendingStore(SqliteDatabase database) : IVendingStore, IMeterRecords
{
    public Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteVendingBooks(s)), cancellationToken);

    public T Read<T>(Func<IVendingBooks, T> step) => database.Read(s => step(new SqliteVendingBooks(s)));

    public IReadOnlyList<VendOrder> InState(OrderState state, int limit) => database.Read(s =>
        state == OrderState.Held

            // A constant, so that the small index of what is unfinished is used however many orders there are.
            ? s.Query($"SELECT {OrderRows.Columns} FROM vend_order WHERE state = 2 ORDER BY received_at LIMIT ?1", OrderRows.Read, limit)
            : s.Query($"SELECT {OrderRows.Columns} FROM vend_order WHERE state = ?1 ORDER BY received_at LIMIT ?2", OrderRows.Read, (int)state, limit));

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
}
