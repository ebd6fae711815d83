using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Script table: writes and calls under a number, for schedules, monitors and limiters.</summary>
/// <remarks>A script runs its actions in order and stops at the first that fails. Scripts that call scripts go two deep at most.
/// Source: IEC 62056-6-2, Script table (class_id 9, version 0).</remarks>
public sealed class CosemScriptTable : StoredObject
{
    private const int WriteAttribute = 1;
    private const int MaxActions = 16;
    private const int MaxDepth = 2;
    private const int MaxReturned = 256;
    private readonly LogicalDevice _device;
    private int _depth;

    /// <summary>A table over the objects of a device.</summary>
    public CosemScriptTable(LogicalName name, LogicalDevice device, IAttributeStore store, ValueWriter scripts)
        : base(InterfaceClass.ScriptTable, 0, name, store)
    {
        _device = device;
        Preset(2, scripts);
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        _ = parameter.TryGetInteger(out long script);
        return Run((ushort)script);
    }

    /// <summary>Runs the script of this number.</summary>
    public ActionResult Run(ushort number)
    {
        if (_depth == MaxDepth) return ActionResult.OtherReason;
        foreach (DataView entry in Value(2).Items)
        {
            DataItems fields = entry.Items;
            if (!fields.TryTake(DataTag.LongUnsigned, out long id) || id != number) continue;
            _ = fields.TryTake(out DataView actions);
            _depth++;
            ActionResult outcome = Run(actions);
            _depth--;
            return outcome;
        }

        return ActionResult.ObjectUnavailable;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        foreach (DataView entry in value.Items)
        {
            DataItems fields = entry.Items;
            _ = fields.MoveNext();
            if (!fields.TryTake(out DataView actions) || actions.Count > MaxActions) return DataAccessResult.OtherReason;
        }

        return DataAccessResult.Success;
    }

    private ActionResult Run(DataView actions)
    {
        foreach (DataView action in actions.Items)
        {
            ActionResult outcome = RunOne(action.Items);
            if (outcome != ActionResult.Success) return outcome;
        }

        return ActionResult.Success;
    }

    private ActionResult RunOne(DataItems fields)
    {
        bool read = fields.TryTake(DataTag.Enum, out long service) & fields.TryTake(DataTag.LongUnsigned, out long id) & fields.TryTake(out DataView target)
            & fields.TryTake(DataTag.Integer, out long index) & fields.TryTake(out DataView parameter);
        if (!read || !target.TryGetLogicalName(out LogicalName name)) return ActionResult.TypeUnmatched;
        if (_device.Find((InterfaceClass)id, name) is not ICosemObject item) return ActionResult.ObjectUndefined;
        if (service == WriteAttribute)
            return index > 1 && index <= item.AttributeCount ? (ActionResult)item.Write((int)index, parameter) : ActionResult.ObjectUndefined;
        if (index < 1 || index > item.MethodCount) return ActionResult.ObjectUndefined;
        var returned = new AxdrWriter(stackalloc byte[MaxReturned]);
        return item.Invoke((int)index, parameter, ref returned);
    }
}

/// <summary>A reference to a script: its table and number.</summary>
/// <param name="Table">logical_name of the table.</param>
/// <param name="Script">Its number; 0 is none.</param>
public readonly record struct ScriptReference(LogicalName Table, ushort Script)
{
    /// <summary>Reads a structure of two; default where it is none.</summary>
    public static ScriptReference From(DataView value)
    {
        DataItems fields = value.Items;
        bool read = fields.TryTake(out DataView table) & fields.TryTake(DataTag.LongUnsigned, out long script);
        return read && table.TryGetLogicalName(out LogicalName name) ? new ScriptReference(name, (ushort)script) : default;
    }

    /// <summary>Writes a structure of two.</summary>
    public void Write(ref AxdrWriter writer)
    {
        writer.Structure(2);
        writer.Name(Table);
        writer.LongUnsigned(Script);
    }
}
