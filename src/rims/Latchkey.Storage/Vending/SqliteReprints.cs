using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Reprints on SQLite, in the file of the orders.</summary>
public sealed class SqliteReprints(SqliteDatabase database) : IReprints
{
    public Task<Reprint?> AddAsync(Guid orderId, string person, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            int number = checked((int)s.Scalar<long>("SELECT count(*) FROM vend_reprint WHERE order_id = ?1", GuidBlob.Of(orderId)) + 1);
            if (number > IReprints.Most) return null;
            s.Execute("INSERT INTO vend_reprint (order_id, number, person, at) VALUES (?1, ?2, ?3, ?4)", GuidBlob.Of(orderId), number, person, KeyColumns.Milliseconds(at));
            return new Reprint(orderId, number, person, at);
        },
        cancellationToken);

    public IReadOnlyList<Reprint> Of(Guid orderId) => database.ReadOne(s => s.Query(
        "SELECT number, person, at FROM vend_reprint WHERE order_id = ?1 ORDER BY number",
        row => new Reprint(orderId, row.GetInt32(0), row.GetString(1), KeyColumns.ReadTime(row, 2)), GuidBlob.Of(orderId)));
}
