using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>The memory behind a profile that captures: rows of an instant and encoded values, oldest first.</summary>
public interface IProfileBuffer
{
    /// <summary>Rows that it can hold.</summary>
    int Capacity { get; }

    /// <summary>Octets that the values of a row may take.</summary>
    int MaxRow { get; }

    /// <summary>Rows held now.</summary>
    int Count { get; }

    /// <summary>The instant of a row, seconds since 1970-01-01 UTC.</summary>
    long TimeOf(int row);

    /// <summary>The values of a row as they were captured, in A-XDR, one after the other.</summary>
    ReadOnlySpan<byte> ValuesOf(int row);

    /// <summary>Adds a row, in place of the oldest where it is full; false when it cannot be kept.</summary>
    bool TryAppend(long seconds, ReadOnlySpan<byte> values);

    /// <summary>Forgets all rows; false when that cannot be kept.</summary>
    bool TryClear();
}

/// <summary>Profile generic that captures values of other objects, when it is told to or in every period.</summary>
/// <remarks>The clock's time is not stored as a value: it is the instant of the row, shown in local time. Changing what is captured empties the buffer.
/// A sorted profile shows its rows in that order; where it is full, the oldest row goes, whatever its rank.
/// Source: IEC 62056-6-2, Profile generic (class_id 7, version 1).</remarks>
public sealed class CapturedProfile : StoredObject, IProfileRows
{
    private const int MaxColumns = 32;
    private const int Fifo = 1;
    private const int Lifo = 2;
    private readonly LogicalDevice _device;
    private readonly IProfileBuffer _buffer;
    private readonly CosemClock _clock;
    private CaptureObject[] _columns = [];
    private int[] _order = [];
    private int _orderedRows = -1;
    private long _orderedLast;

    /// <summary>A profile over a buffer.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="device">Whose values are captured.</param>
    /// <param name="clock">The clock that dates them.</param>
    /// <param name="buffer">Where they are kept.</param>
    /// <param name="store">Where the settings survive.</param>
    /// <param name="columns">What is captured at delivery.</param>
    /// <param name="periodS">Seconds of a period; 0 captures on demand only.</param>
    public CapturedProfile(
        LogicalName name, LogicalDevice device, CosemClock clock, IProfileBuffer buffer, IAttributeStore store, CaptureObject[] columns, uint periodS)
        : base(InterfaceClass.ProfileGeneric, 1, name, store)
    {
        (_device, _clock, _buffer) = (device, clock, buffer);
        Preset(3, (ref AxdrWriter w) =>
        {
            w.Array(columns.Length);
            foreach (CaptureObject column in columns) column.Write(ref w);
        });
        Preset(4, (ref AxdrWriter w) => w.DoubleLongUnsigned(periodS));
        Preset(5, static (ref AxdrWriter w) => w.Enum(Fifo));
        Preset(6, columns[0].Write);
        Preset(8, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)buffer.Capacity));
        ReadColumns();
    }

    /// <summary>Seconds of a period; 0 captures on demand only.</summary>
    public long Period => Number(4);

    /// <summary>Rows shown.</summary>
    public int Count => (int)Math.Min(_buffer.Count, Number(8));

    /// <summary>The column that holds the clock's time.</summary>
    internal CaptureObject ClockColumn => new(InterfaceClass.Clock, _clock.Name, 2, 0);

    /// <summary>The instants of the first and last of some rows, from 1; a negative first counts from the end, a last of 0 is the last.</summary>
    internal (long From, long To) TimesOf(long first, long last)
    {
        if (Count == 0) return (1, 0);
        long begin = first < 0 ? Math.Max(0, Count + first) : Math.Clamp(first - 1, 0, Count - 1);
        long end = last <= 0 ? Count - 1 : Math.Clamp(last - 1, 0, Count - 1);
        return (_buffer.TimeOf(Hidden + (int)begin), _buffer.TimeOf(Hidden + (int)end));
    }

    private int Hidden => _buffer.Count - Count;

    /// <summary>Captures a row dated <paramref name="seconds"/>; false when it does not fit or cannot be kept.</summary>
    public bool Capture(long seconds)
    {
        Span<byte> room = stackalloc byte[256];
        var writer = new AxdrWriter(room[..Math.Min(room.Length, _buffer.MaxRow)]);
        foreach (CaptureObject column in _columns)
        {
            // A value that cannot be had now leaves its place empty; the row is worth keeping all the same.
            int start = writer.Position;
            if (IsClock(column) || _device.Capture(column, ref writer) != DataAccessResult.Success)
            {
                writer.Rewind(start);
                writer.Null();
            }
        }

        return !writer.Overflowed && _buffer.TryAppend(seconds, writer.Written);
    }

    /// <inheritdoc/>
    public long TimeOf(int row) => _buffer.TimeOf(Place(row));

    /// <inheritdoc/>
    public void WriteColumn(int row, int column, ref AxdrWriter writer)
    {
        int place = Place(row);
        if (IsClock(_columns[column]))
        {
            writer.DateTimeOctets(_clock.At(_buffer.TimeOf(place)));
            return;
        }

        ReadOnlySpan<byte> values = _buffer.ValuesOf(place);
        for (int i = 0; DataView.TryRead(values, out DataView value, out int consumed); i++)
        {
            if (i == column)
            {
                writer.WriteData(value);
                return;
            }

            values = values[consumed..];
        }

        writer.Null();
    }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute == 2)
        {
            Order();
            return new ProfileSelection(_columns, this, _clock.Deviation, byTime: false).Read(selection, ref writer);
        }

        if (attribute != 7) return base.Read(attribute, selection, ref writer);
        writer.DoubleLongUnsigned((uint)Count);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        bool done = method == 1 ? _buffer.TryClear() : Capture(_clock.UnixSeconds);
        return done ? ActionResult.Success : ActionResult.HardwareFault;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        _ = value.TryGetInteger(out long number);
        bool sound = attribute switch
        {
            3 => AreColumns(value),
            4 => number is 0 or (>= 60 and <= 86_400),
            5 => number is >= Fifo and <= 6,
            6 => CaptureObject.TryRead(value, out CaptureObject column) && Array.IndexOf(_columns, column) >= 0,
            _ => number >= 1 && number <= _buffer.Capacity,
        };
        return sound ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    /// <inheritdoc/>
    protected override void Changed(int attribute)
    {
        _orderedRows = -1;
        if (attribute != 3) return;
        ReadColumns();
        _buffer.TryClear();
    }

    private static bool IsClock(CaptureObject column) => column is { Class: InterfaceClass.Clock, Attribute: 2 };

    private bool AreColumns(DataView value)
    {
        if (value.Count is 0 or > MaxColumns) return false;
        Span<byte> room = stackalloc byte[512];
        var writer = new AxdrWriter(room);
        foreach (DataView item in value.Items)
        {
            if (!CaptureObject.TryRead(item, out CaptureObject column)) return false;
            if (column.Class == InterfaceClass.ProfileGeneric || _device.Capture(column, ref writer) != DataAccessResult.Success) return false;
        }

        return !writer.Overflowed && writer.Position <= _buffer.MaxRow;
    }

    private void ReadColumns()
    {
        var columns = new List<CaptureObject>();
        foreach (DataView item in Value(3).Items)
        {
            if (CaptureObject.TryRead(item, out CaptureObject column)) columns.Add(column);
        }

        _columns = [.. columns];
    }

    private int Place(int row) => Hidden + (Number(5) == Fifo || row >= _order.Length ? row : _order[row]);

    private void Order()
    {
        int method = (int)Number(5);
        if (method == Fifo) return;
        long last = Count == 0 ? 0 : _buffer.TimeOf(_buffer.Count - 1);
        if (_orderedRows == Count && _orderedLast == last) return;
        (_orderedRows, _orderedLast) = (Count, last);
        if (method == Lifo)
        {
            _order = [.. Enumerable.Range(0, Count).Reverse()];
            return;
        }

        long[] keys = [.. Enumerable.Range(0, Count).Select(Key)];
        Func<int, long> rank = method switch
        {
            3 => row => -keys[row],
            4 => row => keys[row],
            5 => row => Math.Abs(keys[row]),
            _ => row => -Math.Abs(keys[row]),
        };
        _order = [.. Enumerable.Range(0, Count).OrderBy(rank)];
    }

    private long Key(int row)
    {
        _ = CaptureObject.TryRead(Value(6), out CaptureObject sorted);
        if (IsClock(sorted)) return _buffer.TimeOf(Hidden + row);
        int column = Array.IndexOf(_columns, sorted);
        ReadOnlySpan<byte> values = _buffer.ValuesOf(Hidden + row);
        for (int i = 0; DataView.TryRead(values, out DataView value, out int consumed); i++)
        {
            if (i == column) return value.TryGetInteger(out long number) ? Math.Clamp(number, -long.MaxValue, long.MaxValue) : 0;
            values = values[consumed..];
        }

        return 0;
    }
}
