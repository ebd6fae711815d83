using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;

namespace Latchkey.Meter.Cosem;

/// <summary>An amount in the scale of the account, as a register: energy in watt-hours by its scale, or currency.</summary>
internal sealed class AmountRegister(LogicalName name, Func<int> value, Func<(sbyte Scale, bool IsEnergy)> account)
    : CosemObject(InterfaceClass.Register, 0, name, 3, 1)
{
    private const sbyte WattHoursInKilowattHour = 3;

    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        (sbyte scale, bool isEnergy) = account();
        if (attribute == 2) writer.DoubleLong(value());
        else ScalerUnit.Write((sbyte)(scale + (isEnergy ? WattHoursInKilowattHour : 0)), isEnergy ? ScalerUnit.WattHour : ScalerUnit.Currency, ref writer);
        return DataAccessResult.Success;
    }
}
