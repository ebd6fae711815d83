using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>What a meter does about a tamper. It is always kept with its evidence when it is logged.</summary>
[Flags]
public enum TamperActions : byte
{
    None = 0,

    /// <summary>Into the tamper log.</summary>
    Log = 1,

    /// <summary>Told to the head-end at once.</summary>
    Alarm = 2,

    /// <summary>The supply goes off while it lasts.</summary>
    Open = 4,

    /// <summary>It stays until a clear-tamper token.</summary>
    Lock = 8,
}

/// <summary>When a tamper is not looked for.</summary>
[Flags]
public enum TamperGuards : byte
{
    None = 0,

    /// <summary>In the first ten seconds after a start: the registers are still those of before.</summary>
    AfterStart = 1,

    /// <summary>A second before and after the switch moves.</summary>
    Switching = 2,

    /// <summary>Both: what voltage and current say.</summary>
    Electrical = AfterStart | Switching,
}

/// <summary>One kind of tamper: its input, how long it must last, what it does.</summary>
/// <param name="Input">The bit.</param>
/// <param name="OnMs">How long it must be seen before it is a fact.</param>
/// <param name="OffMs">How long it must be gone before it is over.</param>
/// <param name="Actions">What the meter does.</param>
/// <param name="Reason">The reason shown where the supply goes off.</param>
/// <param name="Begins">Event at the beginning.</param>
/// <param name="Ends">Event at the end, or None where there is no end to tell of.</param>
/// <param name="Guards">When it is not looked for.</param>
public sealed record TamperKind(
    TamperInputs Input, int OnMs, int OffMs, TamperActions Actions, OffReasons Reason, EventCode Begins, EventCode Ends, TamperGuards Guards = TamperGuards.None)
{
    /// <summary>The reason for which this kind switches off, or None when it does not.</summary>
    public OffReasons Trips => Has(TamperActions.Open) ? Reason : OffReasons.None;

    public bool Has(TamperActions action) => (Actions & action) != TamperActions.None;
}

/// <summary>The tampers this meter knows, as data; times and thresholds from the catalogue of tampers.</summary>
public static class TamperPolicy
{
    private const TamperActions Tell = TamperActions.Log | TamperActions.Alarm;
    private const TamperActions Stop = Tell | TamperActions.Open | TamperActions.Lock;

    public static IReadOnlyList<TamperKind> Default { get; } =
    [
        new(TamperInputs.MeterCover, 100, 1_000, Stop, OffReasons.MeterCover, EventCode.MeterCoverOpened, EventCode.MeterCoverClosed),
        new(TamperInputs.TerminalCover, 200, 1_000, Stop, OffReasons.TerminalCover, EventCode.TerminalCoverOpened, EventCode.TerminalCoverClosed),
        new(TamperInputs.Magnet, 5_000, 5_000, Tell, OffReasons.Magnet, EventCode.StrongFieldFound, EventCode.StrongFieldGone),
        new(TamperInputs.AlternatingField, 5_000, 5_000, Tell, OffReasons.Magnet, EventCode.AlternatingField, EventCode.AlternatingFieldGone),
        Electrical(TamperInputs.ReverseFlow, 10_000, 10_000, EventCode.CurrentReversed, EventCode.CurrentReversedEnded),
        Electrical(TamperInputs.Bypass, 300_000, 60_000, EventCode.Bypass, EventCode.BypassEnded),
        Electrical(TamperInputs.MissingVoltage, 60_000, 60_000, EventCode.MissingVoltage, EventCode.MissingVoltageEnded),
        Electrical(TamperInputs.CurrentWithoutVoltage, 60_000, 60_000, EventCode.CurrentWithoutVoltage, EventCode.CurrentWithoutVoltageEnded),
        Electrical(TamperInputs.MissingCurrent, 300_000, 60_000, EventCode.MissingCurrent, EventCode.MissingCurrentEnded),
        Electrical(TamperInputs.PhaseLoss, 10_000, 10_000, EventCode.PhaseLoss, EventCode.PhaseLossEnded),
        Electrical(TamperInputs.PhaseSequence, 60_000, 10_000, EventCode.PhaseSequence, EventCode.PhaseSequenceEnded),
        Electrical(TamperInputs.ShiftedNeutral, 60_000, 30_000, EventCode.ShiftedNeutral, EventCode.ShiftedNeutralEnded),
        Electrical(TamperInputs.NeutralDisturbance, 60_000, 30_000, EventCode.NeutralDisturbance, EventCode.NeutralDisturbanceEnded),
        Electrical(TamperInputs.LoadSideVoltage, 5_000, 5_000, EventCode.LoadSideVoltage, EventCode.LoadSideVoltageEnded),
        Electrical(TamperInputs.SwitchWelded, 0, 5_000, EventCode.SwitchWelded, EventCode.SwitchWeldedEnded),
        new(TamperInputs.Jamming, 0, 60_000, Tell, OffReasons.Tamper, EventCode.Jamming, EventCode.JammingEnded),
        new(TamperInputs.ClockStep, 0, 0, TamperActions.Log, OffReasons.Tamper, EventCode.ClockStep, EventCode.None),
        new(TamperInputs.Integrity, 0, 0, Stop, OffReasons.Integrity, EventCode.IntegrityFault, EventCode.IntegrityFaultEnded),
        new(TamperInputs.TokenGuessing, 0, 0, Tell, OffReasons.Tamper, EventCode.TokenGuessing, EventCode.TokenGuessingEnded),
        new(TamperInputs.HostileModule, 0, 60_000, Tell, OffReasons.Tamper, EventCode.HostileModule, EventCode.HostileModuleEnded),
    ];

    /// <summary>A policy in which some kinds do something else: a prosumer's meter does not mind energy that flows back.</summary>
    public static IReadOnlyList<TamperKind> With(this IReadOnlyList<TamperKind> policy, TamperInputs inputs, TamperActions actions) =>
        [.. policy.Select(k => (k.Input & inputs) == TamperInputs.None ? k : k with { Actions = actions })];

    private static TamperKind Electrical(TamperInputs input, int onMs, int offMs, EventCode begins, EventCode ends) =>
        new(input, onMs, offMs, Tell, OffReasons.Tamper, begins, ends, TamperGuards.Electrical);
}
