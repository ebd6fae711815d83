using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>A list of attributes to push or to compact, each whole or, of a profile's buffer, some rows and columns.</summary>
/// <remarks>A restriction is none (0), by date (1: from, to) or by entry (2: from, to; where the first is negative, so many rows from the end).
/// Source: IEC 62056-6-2, Push setup (class_id 40, version 2), Compact data (class_id 62, version 1), restriction_element.</remarks>
internal static class CaptureList
{
    private const int ByDate = 1;
    private const int ByEntry = 2;
    private const int MaxObjects = 32;

    /// <summary>Whether every element names an attribute that can be read.</summary>
    public static bool IsSound(DataView list, LogicalDevice device)
    {
        if (list.Count > MaxObjects) return false;
        foreach (DataView element in list.Items)
        {
            if (!TryReadColumn(element, out CaptureObject column, out _, out _)) return false;
            if (device.Find(column.Class, column.Name) is not ICosemObject item || column.Attribute < 1 || column.Attribute > item.AttributeCount) return false;
        }

        return true;
    }

    /// <summary>Writes a structure of the values of all elements; what cannot be read is null-data.</summary>
    public static void Write(DataView list, LogicalDevice device, ref AxdrWriter writer)
    {
        writer.Structure(list.Count);
        foreach (DataView element in list.Items)
        {
            int start = writer.Position;
            bool written = TryReadColumn(element, out CaptureObject column, out DataView restriction, out DataView columns)
                && Write(column, restriction, columns, device, ref writer) == DataAccessResult.Success;
            if (written) continue;
            writer.Rewind(start);
            writer.Null();
        }
    }

    /// <summary>Writes one element.</summary>
    public static void WriteElement(CaptureObject column, ref AxdrWriter writer)
    {
        writer.Structure(6);
        writer.LongUnsigned((ushort)column.Class);
        writer.Name(column.Name);
        writer.Integer(column.Attribute);
        writer.LongUnsigned(column.DataIndex);
        writer.Structure(2);
        writer.Enum(0);
        writer.Null();
        writer.Array(0);
    }

    private static bool TryReadColumn(DataView element, out CaptureObject column, out DataView restriction, out DataView columns)
    {
        DataItems fields = element.Items;
        bool read = fields.TryTake(DataTag.LongUnsigned, out long id) & fields.TryTake(out DataView target) & fields.TryTake(DataTag.Integer, out long attribute)
            & fields.TryTake(DataTag.LongUnsigned, out long index);
        read &= fields.TryTake(out restriction) & fields.TryTake(out columns) & target.TryGetLogicalName(out LogicalName name);
        column = read ? new CaptureObject((InterfaceClass)id, name, (sbyte)attribute, (ushort)index) : default;
        return read;
    }

    private static DataAccessResult Write(CaptureObject column, DataView restriction, DataView columns, LogicalDevice device, ref AxdrWriter writer)
    {
        DataItems fields = restriction.Items;
        bool restricted = fields.TryTake(DataTag.Enum, out long kind) && kind != 0;
        if (!restricted && columns.Count == 0) return device.Capture(column, ref writer);
        if (column.Attribute != 2 || device.Find(column.Class, column.Name) is not CapturedProfile profile) return DataAccessResult.ScopeOfAccessViolated;
        _ = fields.TryTake(out DataView bounds);
        var parameters = new AxdrWriter(new byte[512]);
        if (!TryTranslate(profile, kind, bounds, columns, ref parameters)) return DataAccessResult.TypeUnmatched;
        return DataView.TryReadWhole(parameters.Written, out DataView selection)
            ? profile.Read(2, new SelectiveAccess(RangeDescriptor.Selector, selection), ref writer)
            : DataAccessResult.OtherReason;
    }

    // Both restrictions become a range of times, which takes chosen columns too.
    private static bool TryTranslate(CapturedProfile profile, long kind, DataView bounds, DataView columns, ref AxdrWriter parameters)
    {
        DataItems two = bounds.Items;
        bool paired = two.TryTake(out DataView from) & two.TryTake(out DataView to);
        parameters.Structure(4);
        profile.ClockColumn.Write(ref parameters);
        switch (kind)
        {
            case ByDate when paired:
                parameters.WriteData(from);
                parameters.WriteData(to);
                break;
            case ByEntry when paired && from.TryGetInteger(out long first) && to.TryGetInteger(out long last):
                (long begin, long end) = profile.TimesOf(first, last);
                parameters.DoubleLongUnsigned((uint)begin);
                parameters.DoubleLongUnsigned((uint)end);
                break;
            case 0:
                parameters.Null();
                parameters.Null();
                break;
            default:
                return false;
        }

        if (columns.Tag == DataTag.Array) parameters.WriteData(columns);
        else parameters.Array(0);
        return true;
    }
}
