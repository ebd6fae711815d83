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

        writer.Structure(2);
        writer.Integer(scaler);
        writer.Enum(unit);
        return DataAccessResult.Success;
    }
}

/// <summary>Clock: local time, deviation, status.</summary>
/// <param name="name">logical_name, 0.0.1.0.0.255.</param>
/// <param name="now">The meter's time, handed in.</param>
/// <param name="set">Takes a new time; null where the clock may not be set.</param>
/// <remarks>Daylight saving is not modelled: attributes 5 to 8 say "off". Source: IEC 62056-6-2, Clock (class_id 8, version 0).</remarks>
public sealed class CosemClock(LogicalName name, Func<CosemDateTime> now, Func<CosemDateTime, bool>? set = null)
    : CosemObject(InterfaceClass.Clock, 0, name, 9, 6)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        CosemDateTime time = now();
        switch (attribute)
        {
            case 2:
                writer.DateTimeOctets(time);
                break;
            case 3:
                writer.Long(time.DeviationMinutes);
                break;
            case 4:
                writer.Unsigned(time.Status);
                break;
            case 5 or 6:
                writer.DateTimeOctets(CosemDateTime.Unspecified);
                break;
            case 7:
                writer.Integer(0);
                break;
            case 8:
                writer.Boolean(value: false);
                break;
            default:
                writer.Enum(1);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        if (attribute != 2 || set is null) return DataAccessResult.ReadWriteDenied;
        if (!value.TryGetDateTime(out CosemDateTime time)) return DataAccessResult.TypeUnmatched;
        return time.TryToInstant(0, out _) && set(time) ? DataAccessResult.Success : DataAccessResult.OtherReason;
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
