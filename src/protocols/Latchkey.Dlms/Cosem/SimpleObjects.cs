using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Data: one value.</summary>
/// <remarks>Source: IEC 62056-6-2, Data (class_id 1, version 0).</remarks>
public sealed class CosemData(LogicalName name, ValueWriter value, ValueTaker? take = null) : CosemObject(InterfaceClass.Data, 0, name, 2, 0)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        value(ref writer);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value) => take?.Invoke(value) ?? DataAccessResult.ReadWriteDenied;
}

/// <summary>Register: a value with scaler and unit.</summary>
/// <param name="name">logical_name.</param>
/// <param name="value">Writes the value.</param>
/// <param name="scaler">The value counts in 10 to this power of the unit.</param>
/// <param name="unit">The unit's number, for example 30 for Wh.</param>
/// <remarks>reset is refused: a sealed register is not reset from outside. Source: IEC 62056-6-2, Register (class_id 3, version 0).</remarks>
public sealed class CosemRegister(LogicalName name, ValueWriter value, sbyte scaler, byte unit) : CosemObject(InterfaceClass.Register, 0, name, 3, 1)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute == 2)
        {
            value(ref writer);
            return DataAccessResult.Success;
        }

        ScalerUnit.Write(scaler, unit, ref writer);
        return DataAccessResult.Success;
    }
}

/// <summary>SAP assignment: the logical devices of a meter.</summary>
/// <remarks>Source: IEC 62056-6-2, SAP assignment (class_id 17, version 0).</remarks>
public sealed class SapAssignment(LogicalName name, ushort sap, byte[] logicalDeviceName) : CosemObject(InterfaceClass.SapAssignment, 0, name, 2, 1)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(2);
        writer.LongUnsigned(sap);
        writer.OctetString(logicalDeviceName);
        return DataAccessResult.Success;
    }
}
