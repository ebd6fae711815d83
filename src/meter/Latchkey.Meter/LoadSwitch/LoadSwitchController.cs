using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>
/// Opens and closes one latching relay at the right instant, and knows where it is. <see cref="OnSample"/> belongs to the sample
/// interrupt; <see cref="Poll"/> is called by the foreground about every millisecond. Neither allocates.
/// </summary>
public sealed partial class LoadSwitchController : ISampleSink
{
    private const int WatchSamples = FeedbackReader.WindowSamples;
    private const int MaxEvents = 32;

    private readonly ILoadSwitch _drive;
    private readonly ISupplyMonitor _supply;
    private readonly LoadSwitchSettings _settings;
    private readonly SampleRing _ring = new();
    private readonly MainsTracker _mains;
    private readonly MainsTracker _current;
    private readonly CycleProfile _profile = new();
    private readonly CycleProfile _single = new();
    private readonly OpeningAim _aim;
    private readonly OperationObserver _observer;
    private readonly MakeProfile _make;
    private readonly DelayEstimator _opening;
    private readonly DelayEstimator _closing;
    private readonly Queue<SwitchEvent> _events = new(MaxEvents);
    private readonly ContactLedger _ledger;
    private readonly GapStrength _gap;

    private Stage _stage = Stage.Booting;
    private SwitchPosition _wanted;
    private bool _pending;
    private long _requestUs;
    private SwitchPriority _priority;
    private long _lastWatchUs;
    private bool _verified;
    private int _operations;

    public LoadSwitchController(ILoadSwitch drive, ISupplyMonitor supply, LoadSwitchSettings settings)
    {
        _drive = drive;
        _supply = supply;
        _settings = settings;
        _mains = new((int)(0.06 * settings.NominalVolts * Math.Sqrt(2) / settings.VoltsPerCount));
        _current = new((int)(0.5 / settings.AmpsPerCount));
        _observer = new(settings);
        _make = new(settings);
        _opening = new(settings.Delay, close: false);
        _closing = new(settings.Delay, close: true);
        _ledger = new(settings.Contact, settings.Seed);
        _gap = new(settings.Contact);
        _aim = new() { StrayWeight = settings.StrayWeight };
    }

    private enum Stage
    {
        Booting = 0,
        Idle = 1,
        Waiting = 2,
        Armed = 3,
        Settling = 4,
        Pausing = 5,
    }

    /// <summary>Where the contacts are believed to be.</summary>
    public SwitchPosition Position { get; private set; }

    /// <summary>Where they are wanted; unknown until the first request.</summary>
    public SwitchPosition Wanted => _wanted;

    /// <summary>True while an operation is waited for, under way or being verified: samples must flow.</summary>
    public bool IsBusy => _pending || _stage is Stage.Booting or Stage.Waiting or Stage.Armed or Stage.Settling;

    /// <summary>When the next retry is due; null when none is. Until then no samples are needed.</summary>
    public long? WakeUs => _stage == Stage.Pausing ? _resumeUs : null;

    /// <summary>True after three pulses could not part the contacts; tried again once an hour.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True while a foreign source stands on the open side.</summary>
    public bool IsLoadSideLive { get; private set; }

    /// <summary>Set from outside while closing is forbidden: tampered, or the wait after power return.</summary>
    public bool InhibitsClosing { get; set; }

    /// <summary>The cycle shared with the relays of the other phases; null where there are none.</summary>
    public SwitchWindow? Window { get; set; }

    /// <summary>The free-running timer.</summary>
    public long NowUs => _drive.NowUs;

    /// <summary>Charge and wear of the contacts.</summary>
    public ContactLedger Contacts => _ledger;

    /// <summary>Pulses given.</summary>
    public int Operations => _operations;

    /// <summary>Takes a sample; interrupt context.</summary>
    [RealTime]
    public void OnSample(in RawSample sample, long timeUs)
    {
        if (unchecked(timeUs - _ring.LastUs) != RawSample.PeriodUs) RestartTrackers();
        _ring.Add(sample, timeUs);
        _mains.OnSample(sample.V, timeUs);
        _current.OnSample(sample.I, timeUs);
    }

    /// <summary>Asks for a position. The newest request counts; what became of it comes as events.</summary>
    public SwitchRequestResult Request(SwitchPosition position, SwitchPriority priority = SwitchPriority.Normal)
    {
        if (position == SwitchPosition.Unknown) throw new ArgumentOutOfRangeException(nameof(position));
        if (position == SwitchPosition.Closed && RefusalToClose() is { } refusal) return refusal;
        if (HasFailed && _stage == Stage.Pausing && position == _wanted) return SwitchRequestResult.RelayFailed;
        bool moving = _stage is Stage.Armed or Stage.Settling or Stage.Pausing || _pending;
        if (!moving && Position == position && _verified)
        {
            _wanted = position;
            return SwitchRequestResult.AlreadyThere;
        }

        Demand(position, priority);
        return SwitchRequestResult.Accepted;
    }

    /// <summary>The operate time expected now, microseconds; null when the coil could not move the armature.</summary>
    public double? ExpectedDelayUs(bool close) =>
        (close ? _closing : _opening).Predict(_supply.CoilMillivolts / 1000.0, _supply.TemperatureDeciCelsius / 10.0) is { } delay ? delay.DelayMs * 1000 : null;

    /// <summary>The next event, oldest first.</summary>
    public bool TryTakeEvent(out SwitchEvent switchEvent) => _events.TryDequeue(out switchEvent);

    /// <summary>What must survive a power cut; taken after every event that ends an operation.</summary>
    public LoadSwitchMemory Export() => new()
    {
        Opening = _opening.Export(),
        Closing = _closing.Export(),
        OpeningJitter = _opening.StoredJitter,
        ClosingJitter = _closing.StoredJitter,
        GapShift = _gap.StoredShift,
        GapDeviation = _gap.StoredDeviation,
        SignedMicrocoulombs = _ledger.SignedMicrocoulombs,
        TotalMicrocoulombs = _ledger.TotalMicrocoulombs,
        Operations = _operations,
        MakePeakDeciamps = _make.PeakDeciamps,
        MakeHistory = _make.History,
        AimsAtPeak = _make.AimsAtPeak,
        HasFailed = HasFailed,
        Position = Position,
        Wanted = _pending || _stage != Stage.Idle ? _wanted : Position,
    };

    /// <summary>Continues after a power cut, before the first sample. The position is believed only once voltage and current agree.</summary>
    public void Restore(in LoadSwitchMemory memory)
    {
        _opening.Restore(memory.Opening);
        _closing.Restore(memory.Closing);
        _opening.RestoreJitter(memory.OpeningJitter);
        _closing.RestoreJitter(memory.ClosingJitter);
        _gap.Restore(memory.GapShift, memory.GapDeviation);
        _ledger.Restore(memory.SignedMicrocoulombs, memory.TotalMicrocoulombs);
        _make.Restore(memory.MakeHistory, memory.AimsAtPeak, memory.MakePeakDeciamps);
        _operations = memory.Operations;
        // Nobody knows how long ago the last pulse was: the relay rests from now on.
        _lastPulseUs = _drive.NowUs;
        HasFailed = memory.HasFailed;
        Position = memory.Position;
        _wanted = memory.Wanted;
    }

    private SwitchRequestResult? RefusalToClose()
    {
        if (InhibitsClosing) return SwitchRequestResult.Inhibited;
        if (IsLoadSideLive) return SwitchRequestResult.LoadSideLive;
        return HasFailed && Position == SwitchPosition.Closed && _wanted == SwitchPosition.Open ? SwitchRequestResult.RelayFailed : null;
    }

    private void Demand(SwitchPosition position, SwitchPriority priority)
    {
        _wanted = position;
        _priority = priority;
        _requestUs = _drive.NowUs;
        _pending = true;
        _nextPlanUs = 0;
        _attempt = 0;
        _told = 0;
        if (_stage == Stage.Pausing) _stage = Stage.Waiting;
        // A pulse that has not started yet may still be taken back.
        if (_stage == Stage.Armed && _operation.Close != (position == SwitchPosition.Closed) && _drive.TryCancel()) _stage = Stage.Waiting;
    }

    // The request cannot be met and waiting would not help: the caller decides anew.
    private void Drop()
    {
        (_pending, _stage, _wanted) = (false, Stage.Idle, Position);
    }

    private void RestartTrackers()
    {
        _mains.Reset();
        _current.Reset();
    }

    private void Tell(SwitchEventKind kind, double contactUs = 0, double aimErrorUs = 0, long charge = 0)
    {
        // Nobody may be reading: the oldest give way.
        if (_events.Count == MaxEvents) _events.Dequeue();
        _events.Enqueue(new(kind, _drive.NowUs, Position, (long)contactUs, (int)Math.Clamp(aimErrorUs, -1e6, 1e6), charge));
    }

    // Conditions that last are told once per request.
    private void TellOnce(SwitchEventKind kind)
    {
        int bit = 1 << (int)kind;
        if ((_told & bit) != 0) return;
        _told |= bit;
        Tell(kind);
    }
}
