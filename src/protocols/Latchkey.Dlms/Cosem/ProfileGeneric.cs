using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>The rows behind a profile, oldest first.</summary>
public interface IProfileRows
{
    /// <summary>Rows held now.</summary>
    int Count { get; }

    /// <summary>The instant of a row, in seconds since 1970-01-01 UTC, never falling from row to row.</summary>
    long TimeOf(int row);

    /// <summary>Writes the value of one column of one row.</summary>
    void WriteColumn(int row, int column, ref AxdrWriter writer);
}

/// <summary>Profile generic: rows of captured values, by range of time or by number.</summary>
/// <remarks>The first column must be the clock. Source: IEC 62056-6-2, Profile generic (class_id 7, version 1).</remarks>
public sealed class ProfileGeneric(LogicalName name, CaptureObject[] columns, uint capturePeriodS, uint capacity, IProfileRows rows)
    : CosemObject(InterfaceClass.ProfileGeneric, 1, name, 8, 2)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                return ReadBuffer(selection, ref writer);
            case 3:
                writer.Array(columns.Length);
                foreach (CaptureObject column in columns) column.Write(ref writer);
                break;
            case 4:
                writer.DoubleLongUnsigned(capturePeriodS);
                break;
            case 5:
                writer.Enum(1);
                break;
            case 6:
                columns[0].Write(ref writer);
                break;
            case 7:
                writer.DoubleLongUnsigned((uint)rows.Count);
                break;
            default:
                writer.DoubleLongUnsigned(capacity);
                break;
        }

        return DataAccessResult.Success;
    }

    private DataAccessResult ReadBuffer(SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (!selection.HasValue) return Write(0, rows.Count, 0, columns.Length, ref writer);
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
        long last = entries.ToEntry == 0 ? rows.Count : Math.Min(entries.ToEntry, rows.Count);
        int lastColumn = entries.ToColumn == 0 ? columns.Length : Math.Min((int)entries.ToColumn, columns.Length);
        if (entries.FromEntry == 0 || entries.FromColumn == 0) return DataAccessResult.OtherReason;
        int first = (int)Math.Min(entries.FromEntry - 1L, last);
        int firstColumn = Math.Min(entries.FromColumn - 1, lastColumn);
        return Write(first, (int)last, firstColumn, lastColumn, ref writer);
    }

    private DataAccessResult ReadRange(RangeDescriptor range, ref AxdrWriter writer)
    {
        if (range.Restricting != columns[0]) return DataAccessResult.OtherReason;
        if (!TryInstant(range.From, atEnd: false, out long from) || !TryInstant(range.To, atEnd: true, out long to)) return DataAccessResult.TypeUnmatched;
        int first = FirstAtOrAfter(from);
        int end = to == long.MaxValue ? rows.Count : FirstAtOrAfter(to + 1);
        if (range.Columns.Count == 0) return Write(first, Math.Max(first, end), 0, columns.Length, ref writer);

        Span<int> chosen = stackalloc int[32];
        if (range.Columns.Count > chosen.Length || !TryChoose(range.Columns, chosen)) return DataAccessResult.OtherReason;
        chosen = chosen[..range.Columns.Count];
        writer.Array(Math.Max(0, end - first));
        for (int row = first; row < end; row++)
        {
            writer.Structure(chosen.Length);
            foreach (int column in chosen) rows.WriteColumn(row, column, ref writer);
        }

        return DataAccessResult.Success;
    }

    private bool TryChoose(DataView wanted, Span<int> chosen)
    {
        int count = 0;
        foreach (DataView item in wanted.Items)
        {
            if (!CaptureObject.TryRead(item, out CaptureObject column)) return false;
            int index = Array.IndexOf(columns, column);
            if (index < 0) return false;
            chosen[count++] = index;
        }

        return true;
    }

    // Times come as date-time, or as a number of seconds; a date that is not specified means no bound.
    private static bool TryInstant(DataView value, bool atEnd, out long seconds)
    {
        seconds = atEnd ? long.MaxValue : long.MinValue;
        if (value.IsNull) return true;
        if (value.TryGetInteger(DataTag.DoubleLongUnsigned, out long number))
        {
            seconds = number;
            return true;
        }

        if (!value.TryGetDateTime(out CosemDateTime time)) return false;
        if (time.TryToInstant(0, out DateTimeOffset instant)) seconds = instant.ToUnixTimeSeconds();
        return true;
    }

    private int FirstAtOrAfter(long seconds)
    {
        (int low, int high) = (0, rows.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (rows.TimeOf(middle) < seconds) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private DataAccessResult Write(int first, int end, int firstColumn, int endColumn, ref AxdrWriter writer)
    {
        writer.Array(end - first);
        for (int row = first; row < end && !writer.Overflowed; row++)
        {
            writer.Structure(endColumn - firstColumn);
            for (int column = firstColumn; column < endColumn; column++) rows.WriteColumn(row, column, ref writer);
        }

        return DataAccessResult.Success;
    }
}
