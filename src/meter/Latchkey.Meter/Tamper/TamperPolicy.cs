using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>One kind of tamper: its input, how long it must last, what it does.</summary>
/// <param name="Input">The sensor bit.</param>
/// <param name="OnMs">How long it must be seen before it is a fact.</param>
/// <param name="OffMs">How long it must be gone before it is over.</param>
/// <param name="Trips">The reason for which the supply goes off, or None when it is only logged.</param>
/// <param name="Begins">Event at the beginning.</param>
/// <param name="Ends">Event at the end.</param>
public sealed record TamperKind(TamperInputs Input, int OnMs, int OffMs, OffReasons Trips, EventCode Begins, EventCode Ends);

/// <summary>The tampers this meter knows; times from the catalogue of tampers (cover switches 100 and 200 ms, a steady magnet 5 s, bypass 5 min).</summary>
public static class TamperPolicy
{
    public static IReadOnlyList<TamperKind> Default { get; } =
    [
        new(TamperInputs.MeterCover, OnMs: 100, OffMs: 1_000, OffReasons.MeterCover, EventCode.MeterCoverOpened, EventCode.MeterCoverClosed),
        new(TamperInputs.TerminalCover, OnMs: 200, OffMs: 1_000, OffReasons.TerminalCover, EventCode.TerminalCoverOpened, EventCode.TerminalCoverClosed),
        new(TamperInputs.Magnet, OnMs: 5_000, OffMs: 5_000, OffReasons.None, EventCode.StrongFieldFound, EventCode.StrongFieldGone),
        new(TamperInputs.ReverseFlow, OnMs: 10_000, OffMs: 10_000, OffReasons.None, EventCode.CurrentReversed, EventCode.CurrentReversedEnded),
        new(TamperInputs.Bypass, OnMs: 300_000, OffMs: 60_000, OffReasons.None, EventCode.Bypass, EventCode.BypassEnded),
        new(TamperInputs.MissingVoltage, OnMs: 60_000, OffMs: 60_000, OffReasons.None, EventCode.MissingVoltage, EventCode.MissingVoltageEnded),
        new(TamperInputs.LoadSideVoltage, OnMs: 5_000, OffMs: 5_000, OffReasons.None, EventCode.LoadSideVoltage, EventCode.LoadSideVoltageEnded),
    ];
}
