using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Metrology;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const int QuantaPerUnitHour = 1_000_000;
    private const byte PhaseStep = 20;
    private const byte Instantaneous = 7;

    private MetrologyRegisters Total => _context.Shown;

    private void AddRegisters()
    {
        AddEnergies();
        AddInstantaneous();
        for (int rate = 0; rate < Payment.Accounts.UnitCharge.Rates; rate++) AddRate(rate);
        for (int phase = 0; phase < _context.Profile.Phases; phase++) AddPhase(phase);
    }

    // Energies are sealed: no client writes them, and their reset is refused to all.
    private void AddEnergies()
    {
        Energy(1, ScalerUnit.WattHour, r => r.ActiveImport);
        Energy(2, ScalerUnit.WattHour, r => r.ActiveExport);
        Energy(3, ScalerUnit.VarHour, r => r.Reactive1 + r.Reactive2);
        Energy(4, ScalerUnit.VarHour, r => r.Reactive3 + r.Reactive4);
        Energy(5, ScalerUnit.VarHour, r => r.Reactive1);
        Energy(6, ScalerUnit.VarHour, r => r.Reactive2);
        Energy(7, ScalerUnit.VarHour, r => r.Reactive3);
        Energy(8, ScalerUnit.VarHour, r => r.Reactive4);
        Energy(15, ScalerUnit.WattHour, r => r.ActiveImport + r.ActiveExport);
        Energy(16, ScalerUnit.WattHour, r => r.ActiveImport - r.ActiveExport, isSigned: true);
    }

    private void AddRate(int rate) => Device.Add(
        new CosemRegister(Obis.Rate(rate), (ref AxdrWriter w) => w.DoubleLongUnsigned(Wrapped(_context.Running.Rate(rate) / QuantaPerUnitHour)), 0, ScalerUnit.WattHour), Rights.Readable());

    private void AddInstantaneous()
    {
        Value(1, 0, ScalerUnit.Watt, () => Math.Max(0, Total.ActiveMilliwatts) / 1_000);
        Value(2, 0, ScalerUnit.Watt, () => Math.Max(0, -Total.ActiveMilliwatts) / 1_000);
        Value(3, 0, ScalerUnit.Var, () => Math.Max(0, Total.ReactiveMillivars) / 1_000);
        Value(4, 0, ScalerUnit.Var, () => Math.Max(0, -Total.ReactiveMillivars) / 1_000);
        Value(9, 0, ScalerUnit.VoltAmpere, () => Total.ApparentMillivoltamps / 1_000);
        Value(13, -3, ScalerUnit.Count, () => Math.Abs(Total.PowerFactorTenThousandths) / 10);
        Value(14, -3, ScalerUnit.Hertz, () => Total.FrequencyMillihertz);
        Signed(16, 0, ScalerUnit.Watt, () => Total.ActiveMilliwatts / 1_000);
        Value(91, -3, ScalerUnit.Ampere, () => Total.NeutralMicroamps / 1_000);
    }

    private void AddPhase(int phase)
    {
        byte step = (byte)(PhaseStep * (phase + 1));
        MetrologyRegisters Of() => _context.ShownPhases[phase];
        Value((byte)(1 + step), 0, ScalerUnit.Watt, () => Math.Max(0, Of().ActiveMilliwatts) / 1_000);
        Value((byte)(2 + step), 0, ScalerUnit.Watt, () => Math.Max(0, -Of().ActiveMilliwatts) / 1_000);
        Value((byte)(3 + step), 0, ScalerUnit.Var, () => Math.Max(0, Of().ReactiveMillivars) / 1_000);
        Value((byte)(4 + step), 0, ScalerUnit.Var, () => Math.Max(0, -Of().ReactiveMillivars) / 1_000);
        Value((byte)(9 + step), 0, ScalerUnit.VoltAmpere, () => Of().ApparentMillivoltamps / 1_000);
        Value((byte)(11 + step), -3, ScalerUnit.Ampere, () => Of().CurrentMilliamps);
        Value((byte)(12 + step), -1, ScalerUnit.Volt, () => Of().VoltageMillivolts / 100);
        Value((byte)(13 + step), -3, ScalerUnit.Count, () => Math.Abs(Of().PowerFactorTenThousandths) / 10);
    }

    private void Energy(byte c, byte unit, Func<MetrologyRegisters, long> quanta, bool isSigned = false)
    {
        ValueWriter value = isSigned
            ? (ref AxdrWriter w) => w.DoubleLong((int)Math.Clamp(quanta(Total) / QuantaPerUnitHour, int.MinValue, int.MaxValue))
            : (ref AxdrWriter w) => w.DoubleLongUnsigned(Wrapped(quanta(Total) / QuantaPerUnitHour));
        Device.Add(new CosemRegister(new LogicalName(1, 0, c, 8, 0), value, 0, unit), Rights.Readable());
    }

    private void Value(byte c, sbyte scaler, byte unit, Func<long> value) => Device.Add(
        new CosemRegister(
            new LogicalName(1, 0, c, Instantaneous, 0), (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)Math.Clamp(value(), 0, uint.MaxValue)), scaler, unit),
        Rights.Readable());

    private void Signed(byte c, sbyte scaler, byte unit, Func<long> value) => Device.Add(
        new CosemRegister(
            new LogicalName(1, 0, c, Instantaneous, 0), (ref AxdrWriter w) => w.DoubleLong((int)Math.Clamp(value(), int.MinValue, int.MaxValue)), scaler, unit),
        Rights.Readable());

    // A counter of 32 bits turns over, as the dials of a meter do.
    private static uint Wrapped(long value) => (uint)(value & uint.MaxValue);
}
