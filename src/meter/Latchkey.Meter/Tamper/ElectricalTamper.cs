using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Meter.Tamper;

/// <summary>The tampers that show in voltage, current and power alone: thresholds only, the debouncing follows.</summary>
public static class ElectricalTamper
{
    /// <summary>What one second's registers say.</summary>
    public static TamperInputs Of(in MetrologyRegisters registers, MeterProfile profile, SupplyPosition position)
    {
        long baseMicroamps = profile.BaseCurrentA * 1_000_000L;
        long nominalMillivolts = profile.NominalVoltageV * 1_000L;
        TamperInputs found = TamperInputs.None;
        if (IsReverse(registers, baseMicroamps, nominalMillivolts)) found |= TamperInputs.ReverseFlow;
        if (IsBypassed(registers)) found |= TamperInputs.Bypass;
        // 75 V is where a supply fed through a missing neutral ends up; a tenth of Ib is more than any leak.
        if (registers.VoltageMillivolts < 75_000 && registers.CurrentMicroamps > baseMicroamps / 10) found |= TamperInputs.MissingVoltage;
        if (position == SupplyPosition.Open && registers.LoadVoltageMillivolts * 4 > nominalMillivolts) found |= TamperInputs.LoadSideVoltage;
        return found;
    }

    // More than 1 % of the reference power, and enough current that its phase means something.
    private static bool IsReverse(in MetrologyRegisters r, long baseMicroamps, long nominalMillivolts) =>
        r.CurrentMicroamps * 20 > baseMicroamps && r.ActiveMilliwatts * 100 < -(baseMicroamps / 1_000 * nominalMillivolts / 1_000);

    private static bool IsBypassed(in MetrologyRegisters r)
    {
        long larger = Math.Max(r.CurrentMicroamps, r.NeutralMicroamps);
        long difference = Math.Abs(r.CurrentMicroamps - r.NeutralMicroamps);
        return difference > 200_000 && difference * 10 >= larger * 3;
    }
}
