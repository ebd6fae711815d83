using Latchkey.Meter;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator;

/// <summary>The phases of one meter side by side: circuits, relays and the measuring core, on one clock.</summary>
internal sealed class Lines
{
    private readonly PowerCircuit[] _circuits;
    private readonly Tap[] _taps;
    private MetrologyCore? _single;
    private PolyphaseMetrologyCore? _poly;

    public Lines(VirtualMeterOptions options, int relaysClosed)
    {
        int phases = options.Profile.Phases;
        _circuits = new PowerCircuit[phases];
        for (int i = 0; i < phases; i++)
        {
            _circuits[i] = new PowerCircuit(new PowerCircuitOptions
            {
                Seed = unchecked(options.Seed + (i * 7_919)),
                Physics = options.Physics,
                StartsClosed = (relaysClosed & (1 << i)) != 0,
                StartPhase = -2 * Math.PI * i / 3,
            });
        }

        _taps = [.. _circuits.Select(_ => new Tap())];
    }

    public PowerCircuit First => _circuits[0];

    public ReadOnlySpan<PowerCircuit> Circuits => _circuits;

    public long NowUs => _circuits[0].NowUs;

    public LoadSwitchController[] Controllers { get; private set; } = [];

    public Calibration Calibration { get; private set; }

    /// <summary>One bit for each relay whose contacts touch.</summary>
    public int RelaysClosed => _circuits.Select((c, i) => c.AreContactsTouching ? 1 << i : 0).Sum();

    public bool IsBusy
    {
        get
        {
            foreach (LoadSwitchController controller in Controllers)
            {
                if (controller.IsBusy) return true;
            }

            return false;
        }
    }

    /// <summary>When a switch wants to try again what did not work, or the end of time.</summary>
    public long WakeUs
    {
        get
        {
            long next = long.MaxValue;
            foreach (LoadSwitchController controller in Controllers) next = Math.Min(next, controller.WakeUs ?? long.MaxValue);
            return next;
        }
    }

    /// <summary>Lets the switches look at the time without samples.</summary>
    public void Poll()
    {
        foreach (LoadSwitchController controller in Controllers) controller.Poll();
    }

    public bool IsAtRest => Array.TrueForAll(_circuits, c => c.IsAtRest);

    /// <summary>New controllers and a new measuring core, as at every start of the meter.</summary>
    public MeasuringUnit PowerUp(MeterProfile profile, int seed)
    {
        Controllers = [.. _circuits.Select((c, i) => new LoadSwitchController(c, c, new LoadSwitchSettings
        {
            NominalVolts = profile.NominalVoltageV,
            MaxAmps = profile.MaxCurrentA,
            StartingAmps = profile.BaseCurrentA * 0.004,
            Seed = unchecked((uint)(seed + i)) | 1,
        }))];
        Calibration = Calibration.Nominal with
        {
            ImpulsesPerKwh = profile.ImpulsesPerKwh,
            StartingPowerMilliwatts = profile.NominalVoltageV * profile.BaseCurrentA * 4L,
        };
        Calibration calibration = Calibration;
        (_single, _poly) = profile.Phases == 1
            ? (new MetrologyCore(calibration), null)
            : ((MetrologyCore?)null, new PolyphaseMetrologyCore(calibration, calibration, calibration, profile.NominalVoltageV * 1_000));
        for (int i = 0; i < _taps.Length; i++) _taps[i].Controller = Controllers[i];
        return _single is not null ? MeasuringUnit.Of(_single) : MeasuringUnit.Of(_poly!);
    }

    /// <summary>Lets time pass without samples, up to an instant; only while nothing moves.</summary>
    public void SkipTo(long us)
    {
        foreach (PowerCircuit circuit in _circuits)
        {
            if (circuit.NowUs < us) circuit.Skip(us - circuit.NowUs);
        }
    }

    /// <summary>Runs all samples of a step, for the switches and, unless this is only for them, for metrology.</summary>
    public void Run(long stepUs, bool metered)
    {
        for (int i = 0; i < _circuits.Length; i++)
        {
            _taps[i].Samples.Clear();
            _circuits[i].Run(stepUs, _taps[i]);
        }

        Poll();
        if (metered) Meter();
    }

    /// <summary>Runs without anybody who listens: the meter has no power.</summary>
    public void RunUnheard(long us)
    {
        foreach (PowerCircuit circuit in _circuits) circuit.Run(us, Nobody.Instance);
    }

    public bool TryTakeFrame(out PolyphaseFrame frame)
    {
        if (_poly is not null) return _poly.TryTakeFrame(out frame);
        bool taken = _single!.TryTakeFrame(out FrameSums sums);
        frame = new PolyphaseFrame(sums, default, default, IsClockwise: true);
        return taken;
    }

    public PolyphaseFrame Flush() => _poly?.Flush() ?? new PolyphaseFrame(_single!.Flush(), default, default, IsClockwise: true);

    /// <summary>The frame of a second in which nothing moves; false where a load has no such second.</summary>
    public bool TrySteadyFrame(out PolyphaseFrame frame)
    {
        frame = default;
        Span<FrameSums> sums = stackalloc FrameSums[3];
        Calibration calibration = Calibration;
        for (int i = 0; i < _circuits.Length; i++)
        {
            if (!_circuits[i].TrySteadyFrame(calibration, out sums[i])) return false;
        }

        frame = new PolyphaseFrame(sums[0], sums[1], sums[2], IsClockwise);
        return true;
    }

    // L2 comes a third of a period after L1 where the order is right.
    private bool IsClockwise => _circuits.Length == 1 || Math.Sin(_circuits[0].Mains.At(NowUs * 1e-6).Phase - _circuits[1].Mains.At(NowUs * 1e-6).Phase) > 0;

    private void Meter()
    {
        List<RawSample> first = _taps[0].Samples;
        for (int i = 0; i < first.Count; i++)
        {
            if (_single is not null) _single.OnSample(first[i]);
            else _poly!.OnSample(first[i], _taps[1].Samples[i], _taps[2].Samples[i]);
        }
    }

    private sealed class Tap : ISampleSink
    {
        public List<RawSample> Samples { get; } = new(16);

        public LoadSwitchController? Controller { get; set; }

        public void OnSample(in RawSample sample, long timeUs)
        {
            Controller?.OnSample(sample, timeUs);
            Samples.Add(sample);
        }
    }

    private sealed class Nobody : ISampleSink
    {
        public static Nobody Instance { get; } = new();

        public void OnSample(in RawSample sample, long timeUs)
        {
        }
    }
}
