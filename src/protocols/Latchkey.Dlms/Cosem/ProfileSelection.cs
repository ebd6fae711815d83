using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Reads a profile's buffer: all of it, a range of values of one column, or numbered entries, with all columns or some.</summary>
/// <remarks>Source: IEC 62056-6-2, Profile generic (class_id 7), selective access.</remarks>
internal readonly ref struct ProfileSelection
{
    private const int MaxColumns = 32;
    private readonly CaptureObject[] _columns;
    private readonly IProfileRows _rows;
    private readonly short _deviation;
    private readonly bool _byTime;

    /// <summary>A buffer to choose from.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="deviation">What a time without deviation is meant in.</param>
    /// <param name="byTime">Whether the instants of the rows never fall.</param>
    public ProfileSelection(CaptureObject[] columns, IProfileRows rows, short deviation, bool byTime) =>
        (_columns, _rows, _deviation, _byTime) = (columns, rows, deviation, byTime);

    public DataAccessResult Read(SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (!selection.HasValue) return Write(0, _rows.Count, 0, _columns.Length, ref writer);
        if (selection.Selector == EntryDescriptor.Selector)
        {
            return EntryDescriptor.TryRead(selection.Parameters, out EntryDescriptor entries)
                ? ReadEntries(entries, ref writer)
                : DataAccessResult.TypeUnmatched;
        }

        if (selection.Selector != RangeDescriptor.Selector || !RangeDescriptor.TryRead(selection.Parameters, out RangeDescriptor range))
            return DataAccessResult.TypeUnmatched;
        return ReadRange(range, ref writer);
    }

    private DataAccessResult ReadEntries(EntryDescriptor entries, ref AxdrWriter writer)
    {
        long last = entries.ToEntry == 0 ? _rows.Count : Math.Min(entries.ToEntry, _rows.Count);
        int lastColumn = entries.ToColumn == 0 ? _columns.Length : Math.Min((int)entries.ToColumn, _columns.Length);
        if (entries.FromEntry == 0 || entries.FromColumn == 0) return DataAccessResult.OtherReason;
        int first = (int)Math.Min(entries.FromEntry - 1L, last);
        int firstColumn = Math.Min(entries.FromColumn - 1, lastColumn);
        return Write(first, (int)last, firstColumn, lastColumn, ref writer);
    }

    private DataAccessResult ReadRange(RangeDescriptor range, ref AxdrWriter writer)
    {
        int restricting = Array.IndexOf(_columns, range.Restricting);
        if (restricting < 0) return DataAccessResult.OtherReason;
        Span<int> chosen = stackalloc int[MaxColumns];
        if (!TryChoose(range.Columns, ref chosen)) return DataAccessResult.OtherReason;
        bool isClock = range.Restricting.Class == InterfaceClass.Clock && range.Restricting.Attribute == 2;
        if (!TryBound(range.From, isClock, atEnd: false, out long from) || !TryBound(range.To, isClock, atEnd: true, out long to))
            return DataAccessResult.TypeUnmatched;
        if (isClock && _byTime)
        {
            int first = FirstAtOrAfter(from);
            int end = to == long.MaxValue ? _rows.Count : FirstAtOrAfter(to + 1);
            return WriteChosen(first, Math.Max(first, end), chosen, ref writer);
        }

        return WriteMatching(isClock ? -1 : restricting, from, to, chosen, ref writer);
    }

    private bool TryChoose(DataView wanted, ref Span<int> chosen)
    {
        if (wanted.Count > chosen.Length || _columns.Length > chosen.Length) return false;
        int count = 0;
        foreach (DataView item in wanted.Items)
        {
            if (!CaptureObject.TryRead(item, out CaptureObject column)) return false;
            int index = Array.IndexOf(_columns, column);
            if (index < 0) return false;
            chosen[count++] = index;
        }

        if (count == 0)
        {
            for (; count < _columns.Length; count++) chosen[count] = count;
        }

        chosen = chosen[..count];
        return true;
    }

    // Times come as date-time, or as a number of seconds; a date that is not specified means no bound.
    private bool TryBound(DataView value, bool isClock, bool atEnd, out long bound)
    {
        bound = atEnd ? long.MaxValue : long.MinValue;
        if (value.IsNull) return true;
        if (!isClock || value.Tag == DataTag.DoubleLongUnsigned)
        {
            bool isNumber = value.TryGetInteger(out long number);
            if (isNumber) bound = number;
            return isNumber;
        }

        if (!value.TryGetDateTime(out CosemDateTime time)) return false;
        if (time.TryToInstant(_deviation, out DateTimeOffset instant)) bound = instant.ToUnixTimeSeconds();
        return true;
    }

    private int FirstAtOrAfter(long seconds)
    {
        (int low, int high) = (0, _rows.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows.TimeOf(middle) < seconds) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private DataAccessResult WriteMatching(int column, long from, long to, scoped ReadOnlySpan<int> chosen, ref AxdrWriter writer)
    {
        int count = 0;
        for (int row = 0; row < _rows.Count; row++)
        {
            if (Lies(row, column, from, to)) count++;
        }

        writer.Array(count);
        for (int row = 0; row < _rows.Count && !writer.Overflowed; row++)
        {
            if (Lies(row, column, from, to)) WriteRow(row, chosen, ref writer);
        }

        return DataAccessResult.Success;
    }

    private bool Lies(int row, int column, long from, long to)
    {
        if (column < 0) return _rows.TimeOf(row) >= from && _rows.TimeOf(row) <= to;
        var writer = new AxdrWriter(stackalloc byte[64]);
        _rows.WriteColumn(row, column, ref writer);
        return DataView.TryReadWhole(writer.Written, out DataView value) && value.TryGetInteger(out long number) && number >= from && number <= to;
    }

    private DataAccessResult WriteChosen(int first, int end, scoped ReadOnlySpan<int> chosen, ref AxdrWriter writer)
    {
        writer.Array(end - first);
        for (int row = first; row < end && !writer.Overflowed; row++) WriteRow(row, chosen, ref writer);
        return DataAccessResult.Success;
    }

    private void WriteRow(int row, scoped ReadOnlySpan<int> chosen, ref AxdrWriter writer)
    {
        writer.Structure(chosen.Length);
        foreach (int column in chosen) _rows.WriteColumn(row, column, ref writer);
    }

    private DataAccessResult Write(int first, int end, int firstColumn, int endColumn, ref AxdrWriter writer)
    {
        writer.Array(end - first);
        for (int row = first; row < end && !writer.Overflowed; row++)
        {
            writer.Structure(endColumn - firstColumn);
            for (int column = firstColumn; column < endColumn; column++) _rows.WriteColumn(row, column, ref writer);
        }

        return DataAccessResult.Success;
    }
}
