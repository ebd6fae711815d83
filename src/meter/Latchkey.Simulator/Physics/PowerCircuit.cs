using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>
/// One phase from the supply to the load: source, latching relay, load and converter, in virtual time of one microsecond.
/// Contact instants lie on an event queue; samples are taken every 125 µs and never move them.
/// </summary>
public sealed partial class PowerCircuit : ILoadSwitch, ISupplyMonitor
{
    private const int FineStepUs = 5;
    private const int SteadyStepUs = 25;
    private const int MaxEvents = 4096;
    private readonly PhysicsParameters _physics;
    private readonly Chance _chance;
    private readonly FrontEnd _frontEnd;
    private readonly PriorityQueue<Action, (long TimeUs, long Order)> _agenda = new();
    private readonly Queue<ContactEvent> _events = new();
    private long _order;
    private long _steppedUs;
    private long _nextSampleUs;
    private double _amps;
    private double _coilError;
    private double _temperatureError;
    private LoadModel _load;
    private double _backfeedVolts;
    private double _backfeedRadians;
    private double _phaseShare = 1;
    private bool _isBypassed;
    private SensorView _sensors = SensorView.True;

    public PowerCircuit(PowerCircuitOptions options)
    {
        _physics = options.Physics;
        _mayRepeat = options.RepeatsQuietCycles;
        _chance = new Chance(options.Seed);
        Relay = new RelayUnit(_physics, _chance, options.RelayAge, options.RelaySpread);
        Mains = new Mains(phaseRadians: options.StartPhase) { Changing = Unsettle };
        _load = new SpectralLoad(0);
        SensingParameters s = _physics.Sensing;
        _frontEnd = new FrontEnd(
            options.FrontEnd ?? new FrontEndErrors { NoiseCounts = s.NoiseCounts, LoadVoltageGain = _chance.Normal(0, s.LoadVoltageGainError) },
            _chance);
        _contacts = options.StartsClosed ? Contacts.Touching : Contacts.Apart;
        CoilVolts = _physics.Coil.NominalVolts;
        DrawSensingErrors();
    }

    /// <summary>The supply; may be changed between runs.</summary>
    public Mains Mains { get; }

    /// <summary>What is connected; may be changed between runs.</summary>
    public LoadModel Load
    {
        get => _load;
        set => Change(ref _load, value);
    }

    /// <summary>The relay, for faults and for what the firmware may not see.</summary>
    public RelayUnit Relay { get; }

    /// <summary>True voltage of the coil capacitor.</summary>
    public double CoilVolts { get; set; }

    /// <summary>True temperature of the relay.</summary>
    public double Celsius { get; set; } = 25;

    /// <summary>A voltage that someone feeds into the load side, rms, with its phase against the supply; 0 is none.</summary>
    public double BackfeedVolts
    {
        get => _backfeedVolts;
        set => Change(ref _backfeedVolts, value);
    }

    public double BackfeedRadians
    {
        get => _backfeedRadians;
        set => Change(ref _backfeedRadians, value);
    }

    /// <summary>Share of the load's current that passes the phase sensor; below 1 something is bridged.</summary>
    public double PhaseShare
    {
        get => _phaseShare;
        set => Change(ref _phaseShare, value);
    }

    /// <summary>What the sensors make of it; may be changed between runs.</summary>
    public SensorView Sensors
    {
        get => _sensors;
        set => Change(ref _sensors, value);
    }

    /// <summary>True while a wire bridges the relay and its sensor.</summary>
    public bool IsBypassed
    {
        get => _isBypassed;
        set => Change(ref _isBypassed, value);
    }

    /// <summary>First of the two independent driver enables.</summary>
    public bool MeteringEnable { get; set; } = true;

    /// <summary>Second of the two independent driver enables.</summary>
    public bool ManagementEnable { get; set; } = true;

    public long NowUs { get; private set; }

    public int CoilMillivolts => (int)Math.Round(CoilVolts * 1000 * (1 + _coilError));

    public int TemperatureDeciCelsius => (int)Math.Round((Celsius + _temperatureError) * 10);

    /// <summary>Runs until a later instant; every sample on the way goes to the sink.</summary>
    public void Run(long durationUs, ISampleSink sink)
    {
        long end = NowUs + durationUs;
        while (true)
        {
            if (_repeats) Repeat(end, sink);
            long next = Math.Min(end, _nextSampleUs);
            if (_agenda.TryPeek(out _, out (long TimeUs, long Order) due)) next = Math.Min(next, due.TimeUs);
            if (_repeats && next == end && next < _nextSampleUs && !(_agenda.Count > 0 && due.TimeUs <= end))
            {
                NowUs = end;
                return;
            }

            CatchUp();
            StepTo(next);
            NowUs = next;
            while (_agenda.TryPeek(out _, out due) && due.TimeUs <= NowUs) _agenda.Dequeue()();
            if (NowUs == _nextSampleUs)
            {
                Sample(sink);
                _nextSampleUs += RawSample.PeriodUs;
            }

            if (NowUs == end) return;
        }
    }

    /// <summary>Lets time pass without samples; only while nothing moves.</summary>
    /// <exception cref="InvalidOperationException">A pulse, an arc or a bounce is under way.</exception>
    public void Skip(long durationUs)
    {
        if (!IsAtRest) throw new InvalidOperationException("The contacts are moving: run the samples.");
        Unsettle();
        if (!Conducts) Load.Rest(durationUs * 1e-6);
        NowUs += durationUs;
        _steppedUs = NowUs;
        // The sample at this very instant belongs to what was skipped; taking it too would count it twice.
        _nextSampleUs = ((NowUs / RawSample.PeriodUs) + 1) * RawSample.PeriodUs;
        _amps = CurrentAt(NowUs);
    }

    /// <summary>The next contact event, oldest first.</summary>
    public bool TryTakeEvent(out ContactEvent contactEvent) => _events.TryDequeue(out contactEvent);

    private void StepTo(long targetUs)
    {
        bool fine = _arc is not null || _contacts == Contacts.Flying || (Load.NeedsFineSteps && _watchesPeak);
        long step = fine ? FineStepUs : Load.NeedsFineSteps && Conducts ? SteadyStepUs : Math.Max(targetUs - _steppedUs, 1);
        while (_steppedUs < targetUs)
        {
            long to = Math.Min(targetUs, _steppedUs + step);
            StepOnce(to, (to - _steppedUs) * 1e-6);
            _steppedUs = to;
        }
    }

    private void StepOnce(long toUs, double step)
    {
        MainsPoint supply = Mains.At(toUs * 1e-6);
        if (!Conducts)
        {
            Load.Rest(step);
            _amps = 0;
            return;
        }

        double drop = GapVolts(toUs) * Math.Sign(_amps);
        _amps = Mains.IsOn || Load.NeedsFineSteps ? Load.Step(supply with { Volts = supply.Volts - drop }, step) : 0;
        FollowArc(toUs, step, supply.Volts);
    }

    private double CurrentAt(long timeUs) => Conducts && Mains.IsOn && !Load.NeedsFineSteps ? Load.Step(Mains.At(timeUs * 1e-6), 0) : _amps;

    private void Sample(ISampleSink sink)
    {
        MainsPoint supply = Mains.At(NowUs * 1e-6);
        _amps = CurrentAt(NowUs);
        if (_contacts == Contacts.Touching) Relay.Carry(Math.Abs(_amps) / Math.Sqrt(2));
        double loadVolts = LoadVolts(supply.Volts);
        CleanCounts counts = Sense(_frontEnd, supply.Volts, supply.Phase, _amps, loadVolts);
        Record(new(supply.Volts, _amps, loadVolts, counts));
        sink.OnSample(_frontEnd.WithNoise(counts), NowUs);
    }

    /// <summary>The truth as the sensors have it, before the converter's noise.</summary>
    private CleanCounts Sense(FrontEnd converter, double volts, double phase, double amps, double loadVolts)
    {
        SensorView s = Sensors;
        double through = IsBypassed ? 0 : amps;
        double induced = s.InducedAmps == 0 ? 0 : s.InducedAmps * Math.Sin(phase);
        return converter.Clean(
            (volts * s.VoltageShare) + s.DirectVolts, (through * PhaseShare * s.PhaseShare) + induced, through * s.NeutralShare, loadVolts * s.VoltageShare);
    }

    private void Change<T>(ref T field, T value)
    {
        Unsettle();
        field = value;
    }

    private double LoadVolts(double volts)
    {
        if (IsBypassed || _contacts == Contacts.Touching) return volts;
        if (Conducts) return volts - (GapVolts(NowUs) * Math.Sign(_amps));
        double phase = Mains.At(NowUs * 1e-6).Phase;
        return BackfeedVolts > 0
            ? BackfeedVolts * Math.Sqrt(2) * Math.Sin(phase + BackfeedRadians)
            : _physics.Sensing.LoadSideLeakVolts * Math.Sqrt(2) * Math.Sin(phase);
    }

    private void DrawSensingErrors()
    {
        _coilError = _chance.Normal(0, _physics.Sensing.CoilVoltageError);
        _temperatureError = _chance.Normal(0, _physics.Sensing.TemperatureErrorKelvin);
    }

    private void At(long timeUs, Action action) => _agenda.Enqueue(action, (timeUs, _order++));

    private void Report(ContactEvent contactEvent)
    {
        // Nobody may be reading: the oldest give way.
        if (_events.Count == MaxEvents) _events.Dequeue();
        _events.Enqueue(contactEvent);
    }
}
