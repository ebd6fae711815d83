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

    /// <summary>Meters whose customers owe nothing, as nearly all: what others owe stands in the ledger and is asked there.</summary>
    public WriteBack<MeterPan, bool> Debtless { get; } = new(Limit);

    public WriteBack<(MeterPan Pan, int BaseYear), TokenIdentifier?> Tids { get; } = new(Limit);

    public WriteBack<(MeterPan Pan, string Period), PeriodTotals> Totals { get; } = new(Limit);

    public void KeepRequest()
    {
        Meters.Keep();
        KeyChanges.Keep();
        Debtless.Keep();
        Tids.Keep();
        Totals.Keep();
    }

    public void UndoRequest()
    {
        Meters.Undo();
        KeyChanges.Undo();
        Debtless.Undo();
        Tids.Undo();
        Totals.Undo();
    }

    public void Flush(SqliteSession session)
    {
        KeyChanges.Trim();
        Debtless.Trim();
        Meters.Flush((_, meter) => MeterRows.Save(session, meter));
        Tids.Flush((key, tid) => StandingRows.SaveTid(session, key.Pan, key.BaseYear, tid!.Value));
        Totals.Flush((key, totals) => StandingRows.SaveTotals(session, key.Pan, key.Period, totals));
    }

    public void Discard()
    {
        Meters.Discard();
        KeyChanges.Discard();
        Debtless.Discard();
        Tids.Discard();
        Totals.Discard();
    }
}
