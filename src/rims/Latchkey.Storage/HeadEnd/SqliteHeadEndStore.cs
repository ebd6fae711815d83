using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Sts;

namespace Latchkey.Storage.HeadEnd;

/// <summary>The head-end's rows on SQLite.</summary>
public sealed class SqliteHeadEndStore(SqliteDatabase database) : IHeadEndStore
{
    public RegisteredMeter? FindMeter(MeterPan pan) => database.Read(s => MeterRows.Find(s, pan));

    public IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit) => database.Read(s => MeterRows.List(s, after, limit));

    public Delivery? FindDelivery(Guid id) => database.Read(s => DeliveryRows.Find(s, id));

    public IReadOnlyList<Delivery> OpenDeliveries() => database.Read(DeliveryRows.Open);

    public IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit) => database.Read(s => DeliveryRows.OfMeter(s, pan, limit));

    public IReadOnlyList<PackedDay> Days(MeterPan pan, ReadingChannel channel, DateOnly from, DateOnly to) => database.Read(s => s.Query(
        "SELECT day, block FROM headend_day WHERE pan = ?1 AND channel = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day",
        row => new PackedDay(pan, channel, DateOnly.FromDayNumber(row.GetInt32(0)), (byte[])row.GetValue(1)),
        Columns.Of(pan), (int)channel, from.DayNumber, to.DayNumber));

    public IReadOnlyList<MeterEvent> Events(MeterPan pan, int limit) => database.Read(s => s.Query(
        "SELECT at, code, detail, received_at FROM headend_event WHERE pan = ?1 ORDER BY at DESC, received_at DESC LIMIT ?2",
        row => new MeterEvent(pan, row.Time(0), (uint)row.GetInt64(1), row.GetInt64(2), row.Time(3)),
        Columns.Of(pan), limit));

    // The head-end takes one step at a time and must not go on before it is on disk; the writer has its own thread, so waiting cannot lock up.
    public void Commit(HeadEndChanges changes) => database.WriteAsync(s => Write(s, changes), CancellationToken.None).GetAwaiter().GetResult();

    private static void Write(SqliteSession session, HeadEndChanges changes)
    {
        foreach (RegisteredMeter meter in changes.Meters) MeterRows.Write(session, meter);
        foreach (Delivery delivery in changes.Deliveries) DeliveryRows.Write(session, delivery);
        foreach (PackedDay day in changes.Days)
        {
            session.Execute(
                "INSERT OR REPLACE INTO headend_day (pan, channel, day, block) VALUES (?1, ?2, ?3, ?4)",
                Columns.Of(day.Pan), (int)day.Channel, day.Day.DayNumber, day.Block.ToArray());
        }

        foreach (MeterEvent entry in changes.Events)
        {
            session.Execute(
                "INSERT OR IGNORE INTO headend_event (pan, at, code, detail, received_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                Columns.Of(entry.Pan), Columns.Of(entry.At), entry.Code, entry.Detail, Columns.Of(entry.ReceivedAt));
        }
    }
}
