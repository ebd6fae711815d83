using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Meters' cards on SQLite, beside the meters.</summary>
public sealed class SqliteMeterCards(SqliteDatabase database) : IMeterCards
{
    public MeterCard? Find(MeterPan pan) => database.ReadOne(s => s.First(
        "SELECT customer FROM vend_meter_card WHERE pan = ?1", row => new MeterCard(pan, row.GetString(0)), (long)pan.Value));

    public Task SaveAsync(MeterCard card, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute(
            "INSERT INTO vend_meter_card (pan, customer, make) VALUES (?1, ?2, '') ON CONFLICT (pan) DO UPDATE SET customer = ?2",
            (long)card.Pan.Value, card.CustomerName),
        cancellationToken);
}
