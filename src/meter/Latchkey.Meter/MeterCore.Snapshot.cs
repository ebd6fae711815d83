using System.Collections.Immutable;
using Latchkey.Meter.Events;
using Latchkey.Meter.Slot;
using Latchkey.Meter.Update;
using Latchkey.Metrology;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>What can be read of the core at any time.</summary>
public sealed partial class MeterCore
{
    public MeterSnapshot Snapshot => new()
    {
        Model = _context.Profile.Name,
        Pan = _context.Pan,
        FirmwareVersion = ImageHeader.TextOf(Update.RunningVersion),
        Totals = _context.Totals,
        CreditLevel = _payment.Level,
        Supply = _supply.Decision,
        SwitchPosition = _supply.Position,
        TamperLatched = _context.State.Tamper,
        TamperNow = _tamper.Active,
        Registers = _context.Shown,
        Phases = [.. _context.ShownPhases],
        LastToken = _tokens.Last,
        AcceptedTokens = _context.State.LastTokens,
        LastReasons = _context.State.LastReasons,
        Parameters = _context.State.Parameters,
        EmergencyActive = _payment.IsEmergencyActive,
        IsFriendlyPeriod = _payment.IsFriendly,
        BootCount = _context.State.BootCount,
        UptimeSeconds = _context.UptimeSeconds,
        KeypadLockedSeconds = _tokens.LockedSeconds,
        KeyRegister = _journal.Acceptor?.State.Register,
        Slot = _slot.State,
        Module = _slot.Descriptor,
        IsStorageSound = _journal.Acceptor is not null && !_journal.IsBroken,
        Events = [.. _context.General.Entries],
        Evidence = [.. _evidence.Entries],
        Field = _watch.Field,
        FraudEvents = [.. _context.Fraud.Entries],
    };

    /// <summary>The balance alone, for those who ask every second.</summary>
    public Payment.CreditTotals Totals => _context.Totals;

    public Control.SupplyDecision Supply => _supply.Decision;

    public SlotState Slot => _slot.State;

    /// <summary>Version and hash of the metrology image.</summary>
    public static (string Version, string Hash) MetrologyImage => (MetrologyIdentity.Version, MetrologyIdentity.Hash);
}
