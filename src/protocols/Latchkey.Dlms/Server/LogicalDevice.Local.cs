using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>What the meter itself does with its objects: scripts, profiles, monitors. No client's rights are asked.</summary>
public sealed partial class LogicalDevice
{
    private const int MaxValue = 8_192;
    private byte[]? _whole;

    /// <summary>The object of this class and name; null where there is none.</summary>
    public ICosemObject? Find(InterfaceClass id, LogicalName name) =>
        _objects.TryGetValue(name, out DeviceObject? found) && found.Object.Class == id ? found.Object : null;

    /// <summary>Writes an attribute, or one element of it, as a profile captures it.</summary>
    public DataAccessResult Capture(CaptureObject column, ref AxdrWriter writer)
    {
        if (Find(column.Class, column.Name) is not ICosemObject item) return DataAccessResult.ObjectUndefined;
        if (column.Attribute < 1 || column.Attribute > item.AttributeCount) return DataAccessResult.ObjectUndefined;
        if (column.Attribute == 1)
        {
            writer.Name(column.Name);
            return DataAccessResult.Success;
        }

        if (column.DataIndex == 0) return item.Read(column.Attribute, default, ref writer);
        byte[] room = Interlocked.Exchange(ref _whole, null) ?? new byte[MaxValue];
        var whole = new AxdrWriter(room);
        DataAccessResult result = item.Read(column.Attribute, default, ref whole);
        if (result == DataAccessResult.Success) result = Pick(whole.Written, column.DataIndex, ref writer);
        _whole = room;
        return result;
    }

    /// <summary>The value of an attribute as a number; null where it is none.</summary>
    public long? NumberOf(InterfaceClass id, LogicalName name, int attribute)
    {
        Span<byte> room = stackalloc byte[64];
        var writer = new AxdrWriter(room);
        bool read = Capture(new CaptureObject(id, name, (sbyte)attribute, 0), ref writer) == DataAccessResult.Success && !writer.Overflowed;
        return read && DataView.TryReadWhole(writer.Written, out DataView value) && value.TryGetInteger(out long number) ? number : null;
    }

    /// <summary>Runs a script of a script table; false where there is no such table or script, or an action of it failed.</summary>
    public bool Run(LogicalName table, ushort script) =>
        Find(InterfaceClass.ScriptTable, table) is CosemScriptTable scripts && scripts.Run(script) == ActionResult.Success;

    private static DataAccessResult Pick(ReadOnlySpan<byte> encoded, int index, ref AxdrWriter writer)
    {
        if (!DataView.TryReadWhole(encoded, out DataView value) || index > value.Count) return DataAccessResult.ObjectUnavailable;
        int at = 0;
        foreach (DataView item in value.Items)
        {
            if (++at != index) continue;
            writer.WriteData(item);
            return DataAccessResult.Success;
        }

        return DataAccessResult.ObjectUnavailable;
    }
}
