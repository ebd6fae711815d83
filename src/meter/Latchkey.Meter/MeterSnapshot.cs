using System.Collections.Immutable;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Slot;
using Latchkey.Meter.State;
using Latchkey.Meter.Tamper;
using Latchkey.Meter.Tokens;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Frames;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>The meter at one instant, for tests, portal and bench.</summary>
public sealed record MeterSnapshot
{
    private readonly Lazy<string> _hash = new(() => MetrologyIdentity.Hash);

    public required string Model { get; init; }

    /// <summary>False when this is what was known before power went.</summary>
    public bool IsPowered { get; init; } = true;

    /// <summary>Version of the metrology image.</summary>
    public string MetrologyVersion { get; } = MetrologyIdentity.Version;

    /// <summary>SHA-256 of the metrology image, computed when asked.</summary>
    public string MetrologyHash => _hash.Value;

    /// <summary>Version of this firmware.</summary>
    public required string FirmwareVersion { get; init; }

    public required MeterPan Pan { get; init; }

    /// <summary>Granted, consumed and forfeited, to the quantum.</summary>
    public required CreditTotals Totals { get; init; }

    public Energy Balance => Totals.Balance;

    public Energy Granted => Totals.Granted;

    public Energy Consumed => Totals.Consumed;

    public required CreditLevel CreditLevel { get; init; }

    /// <summary>State, mode and reasons of the supply.</summary>
    public required SupplyDecision Supply { get; init; }

    /// <summary>What the switch is found to be.</summary>
    public required SupplyPosition SwitchPosition { get; init; }

    /// <summary>The reason shown, of those that hold.</summary>
    public OffReasons ForemostReason => OffReasonTable.Foremost(Supply.AllReasons);

    /// <summary>Tampers that wait for a clear-tamper token.</summary>
    public required TamperInputs TamperLatched { get; init; }

    /// <summary>Tampers that are there now.</summary>
    public required TamperInputs TamperNow { get; init; }

    /// <summary>Energies and total power; voltage, current and power factor are those of the first phase that has voltage.</summary>
    public required MetrologyRegisters Registers { get; init; }

    /// <summary>Voltage, current and power of each phase, one or three.</summary>
    public required ImmutableArray<MetrologyRegisters> Phases { get; init; }

    /// <summary>What became of the last token since this start, or null.</summary>
    public required TokenReport? LastToken { get; init; }

    /// <summary>The last accepted tokens, newest first.</summary>
    public required ImmutableArray<AcceptedToken> AcceptedTokens { get; init; }

    /// <summary>The last reasons for which the supply went off, newest first.</summary>
    public required ImmutableArray<OffOccasion> LastReasons { get; init; }

    public required MeterParameters Parameters { get; init; }

    public required bool EmergencyActive { get; init; }

    public required bool IsFriendlyPeriod { get; init; }

    public required uint BootCount { get; init; }

    public required long UptimeSeconds { get; init; }

    public required int KeypadLockedSeconds { get; init; }

    /// <summary>Key revision, type, tariff index, group; null when the memory cannot be read.</summary>
    public required MeterKeyRegister? KeyRegister { get; init; }

    public required SlotState Slot { get; init; }

    public required CapabilityDescriptor? Module { get; init; }

    public required bool IsStorageSound { get; init; }

    /// <summary>The general event log, oldest first.</summary>
    public required ImmutableArray<MeterEvent> Events { get; init; }

    /// <summary>What the meter saw of the last tampers, oldest first.</summary>
    public ImmutableArray<TamperEvidence> Evidence { get; init; } = [];

    /// <summary>The field of the Hall sensors.</summary>
    public FieldReading Field { get; init; }

    /// <summary>The tamper log, oldest first.</summary>
    public required ImmutableArray<MeterEvent> FraudEvents { get; init; }
}
