using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>What every sale to a meter reads and changes: its record, its change of keys, its last identifier, what it has bought in a period.</summary>
internal sealed class MeterCache : ISessionCache
{
    private const int Limit = 50_000;

    public WriteBack<MeterPan, MeterRecord> Meters { get; } = new(Limit);

    /// <summary>As they stand in the file: they are written at once, because others look for them there.</summary>
    public WriteBack<MeterPan, KeyChange?> KeyChanges { get; } = new(Limit);

    public WriteBack<(MeterPan Pan, int BaseYear), TokenIdentifier?> Tids { get; } = new(Limit);

    public WriteBack<(MeterPan Pan, string Period), PeriodTotals> Totals { get; } = new(Limit);

    public void KeepRequest()
    {
        Meters.Keep();
        KeyChanges.Keep();
        Tids.Keep();
        Totals.Keep();
    }

    public void UndoRequest()
    {
        Meters.Undo();
        KeyChanges.Undo();
        Tids.Undo();
        Totals.Undo();
    }

    public void Flush(SqliteSession session)
    {
        KeyChanges.Flush((_, _) => { });
        Meters.Flush((_, meter) => MeterRows.Save(session, meter));
        Tids.Flush((key, tid) => StandingRows.SaveTid(session, key.Pan, key.BaseYear, tid!.Value));
        Totals.Flush((key, totals) => StandingRows.SaveTotals(session, key.Pan, key.Period, totals));
    }

    public void Discard()
    {
        Meters.Discard();
        KeyChanges.Discard();
        Tids.Discard();
        Totals.Discard();
    }
}
