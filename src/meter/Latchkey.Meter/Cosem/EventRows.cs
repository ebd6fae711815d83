using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Events;

namespace Latchkey.Meter.Cosem;

/// <summary>One of the standard's event logs: those entries of the meter's two logs that belong to it.</summary>
internal sealed class EventRows(EventLog log, Func<EventCode, bool> belongs, CosemClock clock) : IProfileRows
{
    private MeterEvent[] _rows = [];
    private uint _seen;

    public int Count => Rows.Length;

    /// <summary>The newest entry, or the default.</summary>
    public MeterEvent Last => Rows is { Length: > 0 } rows ? rows[^1] : default;

    private MeterEvent[] Rows
    {
        get
        {
            if (_seen == log.Count && _rows.Length > 0) return _rows;
            _seen = log.Count;
            return _rows = [.. log.Entries.Where(e => belongs(e.Code))];
        }
    }

    public long TimeOf(int row) => Rows[row].ClockSeconds;

    public void WriteColumn(int row, int column, ref AxdrWriter writer)
    {
        MeterEvent entry = Rows[row];
        if (column == 0) writer.DateTimeOctets(entry.ClockSeconds <= 0 ? CosemDateTime.Unspecified : clock.At(entry.ClockSeconds));
        else if (column == 1) writer.LongUnsigned((ushort)entry.Code);
        else writer.DoubleLong((int)Math.Clamp(entry.Detail, int.MinValue, int.MaxValue));
    }
}
