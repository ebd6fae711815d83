using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Services;

/// <summary>A column of a profile: an attribute and which element of it.</summary>
/// <param name="Class">The object's class.</param>
/// <param name="Name">The object's logical name.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="DataIndex">0 the whole attribute, n its n-th element.</param>
/// <remarks>Source: IEC 62056-6-2, Profile generic, capture_object_definition.</remarks>
public readonly record struct CaptureObject(InterfaceClass Class, LogicalName Name, sbyte Attribute, ushort DataIndex)
{
    /// <summary>Reads a structure of four.</summary>
    public static bool TryRead(DataView value, out CaptureObject column)
    {
        column = default;
        if (value.Tag != DataTag.Structure || value.Count != 4) return false;
        DataItems items = value.Items;
        if (!items.TryTake(DataTag.LongUnsigned, out long classId)) return false;
        if (!items.TryTake(out DataView nameItem) || !nameItem.TryGetLogicalName(out LogicalName name)) return false;
        if (!items.TryTake(DataTag.Integer, out long attribute) || !items.TryTake(DataTag.LongUnsigned, out long index)) return false;
        column = new CaptureObject((InterfaceClass)classId, name, (sbyte)attribute, (ushort)index);
        return true;
    }

    /// <summary>Writes a structure of four.</summary>
    public void Write(ref AxdrWriter writer)
    {
        writer.Structure(4);
        writer.LongUnsigned((ushort)Class);
        writer.Name(Name);
        writer.Integer(Attribute);
        writer.LongUnsigned(DataIndex);
    }
}

/// <summary>Selector 1 of a profile's buffer: the rows whose restricting column lies between two values, both included.</summary>
/// <remarks>Source: IEC 62056-6-2, Profile generic, range_descriptor.</remarks>
public readonly ref struct RangeDescriptor
{
    /// <summary>The selector.</summary>
    public const byte Selector = 1;

    /// <summary>The column that is compared.</summary>
    public CaptureObject Restricting { get; init; }

    /// <summary>The lowest value.</summary>
    public DataView From { get; init; }

    /// <summary>The highest value.</summary>
    public DataView To { get; init; }

    /// <summary>An array of the columns wanted; empty means all.</summary>
    public DataView Columns { get; init; }

    /// <summary>Reads a structure of four.</summary>
    public static bool TryRead(DataView value, out RangeDescriptor range)
    {
        range = default;
        if (value.Tag != DataTag.Structure || value.Count != 4) return false;
        DataItems items = value.Items;
        if (!items.TryTake(out DataView restricting) || !CaptureObject.TryRead(restricting, out CaptureObject column)) return false;
        if (!items.TryTake(out DataView from) || !items.TryTake(out DataView to)) return false;
        if (!items.TryTake(out DataView columns) || columns.Tag != DataTag.Array) return false;
        range = new RangeDescriptor { Restricting = column, From = from, To = to, Columns = columns };
        return true;
    }

    /// <summary>Writes a range of times over the clock, with all columns.</summary>
    public static void WriteTimes(ref AxdrWriter writer, CaptureObject clock, CosemDateTime from, CosemDateTime to)
    {
        writer.Structure(4);
        clock.Write(ref writer);
        writer.DateTimeOctets(from);
        writer.DateTimeOctets(to);
        writer.Array(0);
    }
}

/// <summary>Selector 2 of a profile's buffer: rows and columns by number, from 1, both ends included.</summary>
/// <param name="FromEntry">First row; 1 is the first in the order of the buffer.</param>
/// <param name="ToEntry">Last row; 0 is the last there is.</param>
/// <param name="FromColumn">First column.</param>
/// <param name="ToColumn">Last column; 0 is the last there is.</param>
/// <remarks>Source: IEC 62056-6-2, Profile generic, entry_descriptor.</remarks>
public readonly record struct EntryDescriptor(uint FromEntry, uint ToEntry, ushort FromColumn, ushort ToColumn)
{
    /// <summary>The selector.</summary>
    public const byte Selector = 2;

    /// <summary>Reads a structure of four.</summary>
    public static bool TryRead(DataView value, out EntryDescriptor entries)
    {
        entries = default;
        if (value.Tag != DataTag.Structure || value.Count != 4) return false;
        DataItems items = value.Items;
        if (!items.TryTake(DataTag.DoubleLongUnsigned, out long from) || !items.TryTake(DataTag.DoubleLongUnsigned, out long to)) return false;
        if (!items.TryTake(DataTag.LongUnsigned, out long first) || !items.TryTake(DataTag.LongUnsigned, out long last)) return false;
        entries = new EntryDescriptor((uint)from, (uint)to, (ushort)first, (ushort)last);
        return true;
    }

    /// <summary>Writes a structure of four.</summary>
    public void Write(ref AxdrWriter writer)
    {
        writer.Structure(4);
        writer.DoubleLongUnsigned(FromEntry);
        writer.DoubleLongUnsigned(ToEntry);
        writer.LongUnsigned(FromColumn);
        writer.LongUnsigned(ToColumn);
    }
}
