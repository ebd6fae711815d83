using Latchkey.Meter.Control;
using Latchkey.Meter.Cosem;
using Latchkey.Meter.Events;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Keypad;
using Latchkey.Meter.Messages;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;
using Latchkey.Meter.Payment.Freezes;
using Latchkey.Meter.Scheduling;
using Latchkey.Meter.Slot;
using Latchkey.Meter.State;
using Latchkey.Meter.Tamper;
using Latchkey.Meter.Tokens;
using Latchkey.Meter.Update;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>The firmware of a prepaid meter: from registers and keys to credit, supply, face and messages.</summary>
/// <remarks>
/// Reads no clock, draws no random number and opens nothing: time, samples, memory and wires are handed in. One thread calls it.
/// Construct it at every start of the meter and call <see cref="Start"/> once; when power is lost, drop it.
/// </remarks>
public sealed partial class MeterCore : IDisposable
{
    private readonly MeterContext _context;
    private readonly MeterJournal _journal;
    private readonly CheckpointRing _ring;
    private readonly SupplyControl _supply;
    private readonly BlockStore _blocks;
    private readonly AccountDesk _account;
    private readonly AccountOffice _office;
    private readonly CalendarDesk _calendar;
    private readonly FreezeDesk _freezes;
    private readonly PaymentDesk _payment;
    private readonly TamperPanel _tamper;
    private readonly TamperWatch _watch;
    private readonly EvidenceLog _evidence;
    private readonly IServiceSeal _seal;
    private readonly TokenDesk _tokens;
    private readonly TokenEntry _entry = new();
    private readonly ModuleSlot _slot;
    private readonly MessageDesk _messages;
    private readonly ShortCodes _codes;
    private readonly FaceRenderer _face;
    private readonly IModulePort _port;
    private readonly ISupplySwitch _supplySwitch;
    private SlotState _seenSlot;
    private CreditLevel _seenLevel;
    private long _nextReadingMs = long.MaxValue;
    private long _testUntilMs = long.MaxValue;
    private bool _helloDue = true;
    private long _outageSeconds;
    private bool _firmwareLoaded;

    public MeterCore(MeterIdentity identity, MeterHardware hardware, MetrologyCore metrology, MessageKey messageKey)
        : this(identity, hardware, MeasuringUnit.Of(metrology), messageKey)
    {
    }

    public MeterCore(MeterIdentity identity, MeterHardware hardware, MeasuringUnit metrology, MessageKey messageKey)
    {
        hardware = hardware with { Memory = new ChargedMemory(hardware.Memory, Work) };
        _journal = new MeterJournal(hardware.Memory, AcceptorOptions(identity));
        _ring = new CheckpointRing(hardware.Memory);
        var general = new EventLog(hardware.Memory, JournalLayout.EventStart);
        var fraud = new EventLog(hardware.Memory, JournalLayout.EventStart + JournalLayout.CopyOffset);
        _context = new MeterContext(identity, metrology, _journal, general, fraud);
        _supply = new SupplyControl(_context, hardware.Switch);
        _blocks = new BlockStore(hardware.Memory);
        _account = new AccountDesk(_context, _blocks);
        _calendar = new CalendarDesk(_context, _blocks);
        _freezes = new FreezeDesk(_context, _account, _calendar, hardware.Memory);
        _office = new AccountOffice(_context, _account, _blocks, _freezes);
        _payment = new PaymentDesk(
            _context, _ring, _account, _calendar, _freezes, new CreditWatch(_context, _supply, _account), new SupplyRules(_context, _supply, _account, _calendar));
        _port = hardware.Module;
        _supplySwitch = hardware.Switch;
        _tamper = new TamperPanel(hardware.Tamper, identity.Tampers);
        _watch = new TamperWatch(_context, hardware);
        _evidence = new EvidenceLog(hardware.Memory);
        _seal = hardware.Seal;
        _tokens = new TokenDesk(_context, _supply, _payment, _account, _tamper);
        _journal.Limits = effect => TokenLimits.Of(effect, _context);
        _messages = new MessageDesk(_context, messageKey, _tokens, _supply, _office);
        _slot = new ModuleSlot(_context, hardware.Module, hardware.SlotLimits, Work, m => _messages.Receive(m.Span));
        _messages.Slot = _slot;
        _slot.Registers = FieldBus;
        _codes = new ShortCodes(_context, _supply, _payment, _tokens);
        _codes.Software = () => ImageHeader.TextOf(Update!.RunningVersion);
        Update = new FirmwareUpdate(hardware.ProgramMemory, identity.FirmwareKey, identity.Profile.ModelNumber, hardware.Seal, BuiltInVersion);
        if (identity.Cosem is { } line && hardware.Cosem is { } equipment)
            Cosem = new MeterCosem(_context, new CosemParts(_supply, _payment, _account, _office, _tokens, _tamper, _slot, Update), line, equipment);
        _face = new FaceRenderer(_context, _supply, _payment, _tokens, _entry, _slot, _codes);
    }

    /// <summary>Writes the first contents of the memory of a new meter. False when the memory does not hold them.</summary>
    public static bool Manufacture(MeterIdentity identity, INonVolatileMemory memory, DecoderKey key, in DecoderKeyAttributes attributes, DurableState? state = null)
    {
        using var journal = new MeterJournal(memory, AcceptorOptions(identity));
        return journal.Manufacture(state ?? new DurableState(), TokenAcceptorState.Initial(key, MeterKeyRegister.From(attributes)));
    }

    /// <summary>Recovers what is durable and takes up work. Never throws on what the memory holds: a meter that cannot read it goes off and says so.</summary>
    public void Start(MeterTime now, StartCause cause = StartCause.Power)
    {
        _context.Now = now;
        LoadFirmware();
        bool recovered = _journal.Recover();
        bool hasTotals = _ring.Recover(out Checkpoint checkpoint);
        if (hasTotals) _context.Metrology.Restore(checkpoint.Metrology);
        _context.ShowRestored();
        _context.StartAt(checkpoint.UptimeSeconds);
        _context.General.Recover();
        _context.Fraud.Recover();
        _outageSeconds = checkpoint.ClockSeconds > 0 && now.ClockSeconds > checkpoint.ClockSeconds ? now.ClockSeconds - checkpoint.ClockSeconds : 0;

        bool begun = recovered && _journal.TryCommit(new MeterTransaction.Boot(_journal.State.BootCount + 1));
        RestoreLearning();
        if (begun) Begin(checkpoint, hasTotals, cause);
        else _context.Log(EventCode.MemoryFault);
        _supply.Drive();
    }

    /// <summary>Books a frame of metrology and everything that follows from it. About once a second, and that often only.</summary>
    public void ApplyFrame(in PolyphaseFrame frame, MeterTime now)
    {
        _context.Now = now;
        Work.BeginTurn();
        Work.Charge(WorkKind.MetrologyFrame);
        _context.Book(frame);
        _watch.OnFrame(frame, _supply.Position);
        if (_journal.Acceptor is not null) _payment.OnFrame();
        Work.EndTurn();
    }

    /// <summary>The same for a meter of one phase.</summary>
    public void ApplyFrame(in FrameSums sums, MeterTime now) => ApplyFrame(new PolyphaseFrame(sums, default, default, IsClockwise: true), now);

    /// <summary>Lets time pass: switches, keypad, slot, messages. Any interval will do; <see cref="NextDeadlineMs"/> says when one is due.</summary>
    public void Tick(MeterTime now)
    {
        _context.Now = now;
        Work.BeginTurn();
        if (_journal.Acceptor is not null) _payment.Tick();
        WatchTamper();
        if (now.MonotonicMs >= _entry.NextDeadlineMs) Act(_entry.Elapse(now.MonotonicMs, out string entered), entered);
        if (_port.IsPresent || _slot.State != SlotState.Empty) _slot.Poll();
        if (_slot.State != _seenSlot) OnSlotChanged();
        if (now.MonotonicMs >= _nextReadingMs) SendReading();
        if (now.MonotonicMs >= _testUntilMs) EndSwitchTest();
        if (_payment.Level != _seenLevel) OnLevelChanged();
        KeepLearning();
        WatchUpdate();
        Cosem?.Elapse();
        _supply.Drive();
        Work.EndTurn();
    }

    /// <summary>
    /// When <see cref="Tick"/> is due to the millisecond, on the monotonic clock. Slot, readings and inputs that change by themselves are not in it:
    /// a tick a second serves them, and one at every change of a cover, of the module's presence and of its overcurrent.
    /// </summary>
    public long NextDeadlineMs => Math.Min(
        Math.Min(Math.Min(_entry.NextDeadlineMs, _testUntilMs), _slot.CutDeadlineMs),
        _tamper.IsUnsettled || Update.IsWorking ? _context.Now.MonotonicMs + TamperPollMs : long.MaxValue);

    /// <summary>Takes a key: 0 to 9, * deletes, # enters.</summary>
    public void PressKey(char key, MeterTime now)
    {
        _context.Now = now;
        Work.BeginTurn();
        Work.Charge(WorkKind.Key);
        _face.OnKey();
        Act(_entry.Press(key, now.MonotonicMs, out string entered), entered);
        Work.EndKey();
    }

    /// <summary>What the turns of this core cost, and how long a key would have waited.</summary>
    public WorkMeter Work { get; } = new();

    /// <summary>A sealed message from the network, as the slot hands it over.</summary>
    internal void Receive(ReadOnlySpan<byte> envelope) => _messages.Receive(envelope);

    /// <summary>Mains is gone for as long as it takes to believe it: nothing is begun any more, and the module is warned. Frames must have been applied before.</summary>
    public void OnPowerWarning(MeterTime now)
    {
        _context.Now = now;
        _slot.WarnOfPowerLoss();
    }

    /// <summary>The hold-up charge will not last: saves what is not saved. See <see cref="PowerFailRules"/> for when.</summary>
    public void OnPowerFailing(MeterTime now)
    {
        _context.Now = now;
        if (_journal.Acceptor is not null) _payment.Save(both: false);
    }

    /// <summary>Mains is back while the hold-up charge lasted: nothing was forgotten, but covers may have been opened and the module was without power.</summary>
    public void OnPowerRestored(MeterTime now)
    {
        _context.Now = now;
        _slot.PowerWasLost();
        if (_journal.Acceptor is null) return;
        TakeUpTampers();
    }

    /// <summary>The button beside the switch, in the control modes that have one. False where the mode forbids it.</summary>
    public bool PressSwitchButton(bool reconnect, MeterTime now)
    {
        _context.Now = now;
        return _supply.Manual(reconnect);
    }

    /// <summary>New firmware for this meter: transfer, verification, activation.</summary>
    public FirmwareUpdate Update { get; }

    /// <summary>The boot loader's turn, before <see cref="Start"/>, which takes it where the board has not: chooses the image that runs.</summary>
    public BootChoice LoadFirmware()
    {
        if (!_firmwareLoaded) Update.Start();
        _firmwareLoaded = true;
        return Update.Running;
    }

    /// <summary>The application is about to be started anew while metering goes on: saves what is not saved. Frames must have been applied before.</summary>
    public void OnRestarting(MeterTime now)
    {
        _context.Now = now;
        if (_journal.Acceptor is not null) _payment.Save();
    }

    public FaceSnapshot Face => _face.Render();

    /// <summary>The face of a meter without mains.</summary>
    public static FaceSnapshot DarkFace => FaceRenderer.Dark;

    /// <summary>The meter as COSEM objects; null for a meter without a DLMS line.</summary>
    public MeterCosem? Cosem { get; }

    /// <summary>Before and after somebody speaks with <see cref="Cosem"/>: the core takes the time, and does what was asked of it.</summary>
    public void Attend(MeterTime now)
    {
        _context.Now = now;
        _payment.Settle();
        _supply.Drive();
    }

    public void Dispose()
    {
        Cosem?.Dispose();
        Update.Dispose();
        _journal.Dispose();
    }

    private static TokenAcceptorOptions AcceptorOptions(MeterIdentity identity) => new()
    {
        Algorithm = identity.Algorithm,
        Tables = identity.Tables,
        ManufacturerCode = identity.Pan.ManufacturerCode,
    };
}
