using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Meter.Tamper;

/// <summary>What one second of a metering point looks like to the tamper rules.</summary>
public readonly ref struct ElectricalView(ReadOnlySpan<MetrologyRegisters> phases, long directMillivolts, bool isClockwise, SupplyPosition position)
{
    /// <summary>One or three.</summary>
    public ReadOnlySpan<MetrologyRegisters> Phases { get; } = phases;

    /// <summary>The largest direct component of a phase's voltage.</summary>
    public long DirectMillivolts { get; } = directMillivolts;

    public bool IsClockwise { get; } = isClockwise;

    public SupplyPosition Position { get; } = position;
}

/// <summary>The tampers that show in voltage, current and power alone: thresholds only, the debouncing follows.</summary>
/// <remarks>
/// Every rule is asked twice: at the level at which it begins, and at the one at which it ends. Where a phase has too little current or voltage
/// to judge by, it says nothing.
/// </remarks>
public static class ElectricalTamper
{
    /// <summary>Ends at two thirds of where it began.</summary>
    private const int HoldPercent = 66;

    public static TamperSignals Of(in ElectricalView view, MeterProfile profile) =>
        new(Found(view, profile, 100), Found(view, profile, HoldPercent), Unsure(view, profile));

    private static TamperInputs Found(in ElectricalView view, MeterProfile profile, int percent)
    {
        TamperInputs found = TamperInputs.None;
        long un = profile.NominalVoltageV * 1_000L;
        foreach (ref readonly MetrologyRegisters phase in view.Phases)
        {
            found |= OfPhase(phase, profile, view.Phases.Length > 1, percent);
            if (phase.VoltageMillivolts * 100 > un * (100 + (50 * percent / 100))) found |= TamperInputs.NeutralDisturbance;
            if (view.Position == SupplyPosition.Open && phase.LoadVoltageMillivolts * 400 > un * percent) found |= TamperInputs.LoadSideVoltage;
        }

        if (view.DirectMillivolts * 100 > 10_000L * percent) found |= TamperInputs.NeutralDisturbance;
        if (view.Position == SupplyPosition.Failed) found |= TamperInputs.SwitchWelded;
        return view.Phases.Length == 3 ? found | OfNetwork(view, un, percent) : found;
    }

    private static TamperInputs OfPhase(in MetrologyRegisters phase, MeterProfile profile, bool polyphase, int percent)
    {
        long ib = profile.BaseCurrentA * 1_000_000L;
        long un = profile.NominalVoltageV * 1_000L;
        TamperInputs found = TamperInputs.None;
        // More than 1 % of the reference power backwards, and enough current that its phase means something.
        bool judges = phase.CurrentMicroamps * 20 > ib && phase.VoltageMillivolts * 10 > un * 7;
        if (judges && phase.ActiveMilliwatts * 10_000 < -(ib / 1_000 * un / 1_000) * percent) found |= TamperInputs.ReverseFlow;
        if (polyphase)
        {
            if (phase.VoltageMillivolts * 2 * percent < un * 100 && phase.CurrentMicroamps * 5_000 > ib * percent) found |= TamperInputs.CurrentWithoutVoltage;
            // Without a look at the return a house that uses one phase of three would be a thief.
            if (phase.CurrentMicroamps * percent < ib && phase.NeutralMicroamps * 1_000 > ib * percent) return found | TamperInputs.MissingCurrent;
        }
        else if (phase.VoltageMillivolts * percent < 75_000L * 100 && phase.CurrentMicroamps * 1_000 > ib * percent)
        {
            // 75 V is where a supply fed through a missing neutral ends up; a tenth of Ib is more than any leak.
            found |= TamperInputs.MissingVoltage;
        }

        if (phase.VoltageMillivolts * 10 > un * 7 && IsBypassed(phase, percent)) found |= TamperInputs.Bypass;
        return found;
    }

    private static bool IsBypassed(in MetrologyRegisters r, int percent)
    {
        long larger = Math.Max(r.CurrentMicroamps, r.NeutralMicroamps);
        long difference = Math.Abs(r.CurrentMicroamps - r.NeutralMicroamps);
        return difference * 100 > 200_000L * percent && difference * 1_000 >= larger * 3 * percent;
    }

    private static TamperInputs OfNetwork(in ElectricalView view, long un, int percent)
    {
        long a = view.Phases[0].VoltageMillivolts, b = view.Phases[1].VoltageMillivolts, c = view.Phases[2].VoltageMillivolts;
        long highest = Math.Max(a, Math.Max(b, c)), lowest = Math.Min(a, Math.Min(b, c));
        TamperInputs found = TamperInputs.None;
        if (highest * 5 > un * 4 && lowest * 2 * percent < un * 100) found |= TamperInputs.PhaseLoss;
        else if (lowest * 5 > un * 4 && !view.IsClockwise) found |= TamperInputs.PhaseSequence;
        // One too high while another is too low, and none of them gone.
        bool opposite = (highest - un) * 500 > un * percent && (un - lowest) * 500 > un * percent;
        return opposite && lowest * 4 > un ? found | TamperInputs.ShiftedNeutral : found;
    }

    private static TamperInputs Unsure(in ElectricalView view, MeterProfile profile)
    {
        long ib = profile.BaseCurrentA * 1_000_000L, un = profile.NominalVoltageV * 1_000L;
        bool anyCurrent = false, anyVoltage = false;
        foreach (ref readonly MetrologyRegisters phase in view.Phases)
        {
            anyCurrent |= Math.Max(phase.CurrentMicroamps, phase.NeutralMicroamps) * 20 > ib;
            anyVoltage |= phase.VoltageMillivolts * 10 > un * 7;
        }

        TamperInputs unsure = TamperInputs.None;
        if (!anyCurrent) unsure |= TamperInputs.ReverseFlow | TamperInputs.MissingCurrent | TamperInputs.MissingVoltage | TamperInputs.CurrentWithoutVoltage;
        if (!anyVoltage) unsure |= TamperInputs.ReverseFlow | TamperInputs.MissingCurrent | TamperInputs.Bypass;
        return unsure;
    }
}
