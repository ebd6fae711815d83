using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Meter.Update;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Frames;
using Latchkey.Modules;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator;

/// <summary>One meter in virtual time: the firmware core on simulated mains, relay, memory, covers and module slot.</summary>
/// <remarks>
/// The same options, memory and calls give the same bytes. Seconds in which nothing moves are sampled once and booked as often as they repeat;
/// around every operation of the switch each 125 µs sample is run. Not safe for several threads.
/// </remarks>
public sealed partial class VirtualMeter : IDisposable
{
    private readonly VirtualMeterOptions _options;
    private readonly INvmImage _image;
    private readonly EepromModel _memory;
    private readonly EepromModel _store;
    private readonly Lines _lines;
    private readonly TamperBench _tamper;
    private readonly ModuleBay _bay = new();
    private readonly Seal _seal = new();
    private readonly MeterIdentity _identity;
    private readonly MessageKey _messageKey;
    private readonly Queue<OutgoingMessage> _outgoing = new();
    private MeterCore? _core;
    private MeterSnapshot? _lastSnapshot;
    private ILoad _load = new ConstantLoad(0);
    private ulong _moduleSerial;

    /// <summary>Builds the meter and, with mains on, starts it. A new memory is given the factory's contents first.</summary>
    /// <param name="options">What the meter is.</param>
    /// <param name="memory">Its non-volatile memory, which outlives this object.</param>
    public VirtualMeter(VirtualMeterOptions options, INvmImage memory)
    {
        _options = options;
        _tamper = new TamperBench { Clock = () => _nowUs };
        _store = new EepromModel(options.Store ?? new MemoryNvmImage(StoreSize), unchecked((ulong)options.Seed + 2), StoreSize);
        _image = memory;
        _memory = new EepromModel(memory, unchecked((ulong)options.Seed));
        _messageKey = new MessageKey(options.MessageKey.Span);
        _identity = new MeterIdentity
        {
            Profile = options.Profile,
            Pan = options.Attributes.Pan,
            Algorithm = options.Attributes.Algorithm,
            Tables = options.Tables,
            FirmwareKey = options.FirmwareKey,
            Tampers = options.Tampers,
            Cosem = options.Cosem,
        };
        ProgramMemory = new EepromModel(options.ProgramMemory ?? new MemoryNvmImage(), unchecked((ulong)options.Seed + 1));
        bool isNew = Mechanics.IsNew(memory);
        if (isNew) MakeNew(memory);
        Mechanics mechanics = Mechanics.Read(memory);
        _tamper.Latched = mechanics.TamperLatch;
        _lines = new Lines(options, mechanics.RelaysClosed);
        if (!options.NoModule) InsertModule(options.Module ?? options.Profile.ModuleAtDelivery);
        Guard(Boot);
    }

    /// <summary>Where virtual time stands.</summary>
    public DateTimeOffset Now => _options.Start.AddTicks(_nowUs * TimeSpan.TicksPerMicrosecond);

    public MeterProfile Profile => _options.Profile;

    /// <summary>What the tenant has switched on. A change counts from now on.</summary>
    public ILoad Load
    {
        get => _load;
        set
        {
            Guard(Settle);
            _load = value;
            _loadUntilUs = _nowUs;
        }
    }

    /// <summary>True while the processor runs the application.</summary>
    public bool IsRunning => HasSupply && _restartUntilUs is null;

    /// <summary>The supply on the line side. Off: the meter saves on its hold-up charge, sleeps, and stops when that is gone. On: it goes on or starts again.</summary>
    public bool MainsOn
    {
        get => _lines.First.Mains.IsOn;
        set
        {
            if (value == MainsOn) return;
            if (value) SwitchMainsOn();
            else SwitchMainsOff();
        }
    }

    public bool MeterCoverOpen
    {
        get => (_tamper.Now & TamperInputs.MeterCover) != TamperInputs.None;
        set => Touch(TamperInputs.MeterCover, value);
    }

    public bool TerminalCoverOpen
    {
        get => (_tamper.Now & TamperInputs.TerminalCover) != TamperInputs.None;
        set => Touch(TamperInputs.TerminalCover, value);
    }

    public bool MagnetPresent
    {
        get => Magnet is not null;
        set => Magnet = value ? new Magnet(DistanceMm: 10) : null;
    }

    /// <summary>Seconds by which the meter's clock is wrong; metering, credit and tokens must not care.</summary>
    public long ClockErrorSeconds { get; set; }

    /// <summary>Temperature inside the case.</summary>
    public double Celsius
    {
        get => _lines.First.Celsius;
        set
        {
            foreach (PowerCircuit circuit in _lines.Circuits) circuit.Celsius = value;
        }
    }

    /// <summary>The memory with its cuts, wear and counts.</summary>
    public EepromModel Memory => _memory;

    /// <summary>The memory of the firmware's slots, which may be cut as well.</summary>
    public EepromModel ProgramMemory { get; }

    /// <summary>The sealed switch inside the case.</summary>
    public bool SealOpen { get => _seal.IsOpen; set => _seal.IsOpen = value; }

    /// <summary>Whether the firmware of a version comes up; one that does not is restarted by the watchdog.</summary>
    public Func<uint, bool> FirmwareComesUp { get; set; } = _ => true;

    /// <summary>Starts of the application without a loss of power: updates, and the watchdog's.</summary>
    public int Restarts { get; private set; }

    /// <summary>Speaks to the firmware update as a client at the meter's interfaces would.</summary>
    public T Updating<T>(Func<FirmwareUpdate, T> act)
    {
        T result = default!;
        WithCore(core => result = act(core.Update));
        return result;
    }

    /// <summary>The circuit of the first phase, to look at; change it through <see cref="Disturb"/>.</summary>
    public PowerCircuit Circuit => _lines.First;

    /// <summary>Does something to the circuit of a phase: bridges it, feeds it from behind, changes its voltage. Counts from now on.</summary>
    public void Disturb(Action<PowerCircuit> change, int phase = 0)
    {
        Guard(Settle);
        change(_lines.Circuits[phase]);
        _frames.Clear();
        _hasFrame = false;
    }

    /// <summary>What a person at the meter sees and hears now.</summary>
    public FaceSnapshot Face => IsRunning ? _core!.Face : MeterCore.DarkFace;

    /// <summary>What the meter knows of itself; without mains, what it knew last.</summary>
    public MeterSnapshot Snapshot => IsRunning ? _core!.Snapshot : (_lastSnapshot ?? throw new InvalidOperationException("The meter has never run.")) with { IsPowered = false };

    /// <summary>SHA-256 of the metrology image, computed now.</summary>
    public static string MetrologyHash => MetrologyIdentity.Hash;

    /// <summary>The last contact events of all relays, oldest first; at most 256.</summary>
    public IReadOnlyList<ContactEvent> ContactEvents
    {
        get
        {
            foreach (PowerCircuit circuit in _lines.Circuits)
            {
                while (circuit.TryTakeEvent(out ContactEvent e)) _contactEvents.Add(e);
            }

            _contactEvents.Sort((a, b) => a.TimeUs.CompareTo(b.TimeUs));
            if (_contactEvents.Count > 256) _contactEvents.RemoveRange(0, _contactEvents.Count - 256);
            return _contactEvents;
        }
    }

    private readonly List<ContactEvent> _contactEvents = [];

    /// <summary>Lets virtual time pass.</summary>
    public void AdvanceTo(DateTimeOffset virtualTime)
    {
        long target = (virtualTime - _options.Start).Ticks / TimeSpan.TicksPerMicrosecond;
        ArgumentOutOfRangeException.ThrowIfLessThan(target, _nowUs, nameof(virtualTime));
        Guard(() => Advance(target));
        _nowUs = Math.Max(_nowUs, target);
    }

    public void Advance(TimeSpan duration) => AdvanceTo(Now + duration);

    /// <summary>Presses a key: 0 to 9, * deletes, # enters.</summary>
    public void PressKey(char key) => WithCore(core => core.PressKey(key, Time()));

    /// <summary>Types a text key by key with a pause after each.</summary>
    public void Type(string keys, int pauseMs = 300)
    {
        foreach (char key in keys)
        {
            if (key is ' ' or '-') continue;
            PressKey(key);
            Advance(TimeSpan.FromMilliseconds(pauseMs));
        }
    }

    /// <summary>The button beside the switch, in the control modes that have one.</summary>
    public void PressSwitchButton(bool reconnect) => WithCore(core => core.PressSwitchButton(reconnect, Time()));

    /// <summary>Cuts all power at the n-th step of writing the memory from now on, with no hold-up: each byte is a step, a page's programming sixteen.</summary>
    public void CutPowerAfterNvmBytes(long steps, TornWrite torn = TornWrite.Scrambled) => _memory.CutAfter(steps, torn);

    /// <summary>Plugs a module in; what was in the slot is pulled first. The meter notices when it next looks, within a second.</summary>
    public void InsertModule(ModuleKind kind)
    {
        RemoveModule();
        _bay.NowMs = _nowUs / 1_000;
        ulong serial = 1_000_000 + (unchecked((uint)_options.Seed) * 1_000UL) + ++_moduleSerial;
        _bay.Insert(new CommunicationModule(ModuleProfile.Of(kind), serial, unchecked((_options.Seed * 31) + (int)_moduleSerial)));
    }

    public void RemoveModule()
    {
        if (!_bay.IsPresent) return;
        CollectOutgoing();
        _bay.Remove();
    }

    /// <summary>The module in the slot, to move it in coverage or take its network away; null when the slot is empty.</summary>
    public CommunicationModule? Module => _bay.Module;

    /// <summary>Hands a sealed message to the module's network; it reaches the meter after the link's delay.</summary>
    /// <returns>False when no module in the network takes it.</returns>
    public bool Deliver(ReadOnlySpan<byte> message) => _bay.Module?.Deliver(message, _nowUs / 1_000) ?? false;

    /// <summary>The next sealed message that has reached the network's end.</summary>
    public bool TryTakeOutgoing(out OutgoingMessage message)
    {
        CollectOutgoing();
        return _outgoing.TryDequeue(out message);
    }

    public void Dispose()
    {
        SaveMechanics();
        _core?.Dispose();
        _messageKey.Dispose();
    }
}

/// <summary>The sealed switch as hands move it.</summary>
internal sealed class Seal : IServiceSeal
{
    public bool IsOpen { get; set; }
}

/// <summary>A sealed message at the network's end of the link.</summary>
/// <param name="At">When it got there.</param>
/// <param name="Sealed">The envelope.</param>
public readonly record struct OutgoingMessage(DateTimeOffset At, ReadOnlyMemory<byte> Sealed);
