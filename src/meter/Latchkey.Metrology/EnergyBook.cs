namespace Latchkey.Metrology;

/// <summary>The registers of one metering point and the rules by which frames enter them.</summary>
internal struct EnergyBook
{
    private const long CreepPercent = 40;
    private const long CreepReleasePercent = 50;

    private MetrologyState _state;
    private bool _creepBlocked;
    private bool _reactiveBlocked;
    private Int128 _integral; // of the shown power, nW·samples × 65536, both directions
    private long _quantaAtStart;
    private long _framesSinceStart;

    public MetrologyRegisters Registers { get; private set; }

    public readonly MetrologyState Save() => _state;

    public void Restore(in MetrologyState state, in Calibration calibration)
    {
        _state = state;
        (_integral, _framesSinceStart) = (0, 0);
        _quantaAtStart = state.ActiveImport.Quanta + state.ActiveExport.Quanta;
        Registers = WithTotals(default, calibration);
    }

    public void Apply(in PhaseFrame frame, int samples, in Calibration calibration)
    {
        _creepBlocked = IsBelowStart(frame.ActiveNanowatts, calibration, _creepBlocked);
        _reactiveBlocked = IsBelowStart(frame.ReactiveNanovars, calibration, _reactiveBlocked);
        Book(frame, calibration);
        _framesSinceStart++;
        if (!_creepBlocked) _integral += Int128.Abs((Int128)frame.ActiveNanowatts * frame.SpanQ16);
        _state = _state with { SampleCount = _state.SampleCount + samples, FrameCount = _state.FrameCount + 1 };
        Registers = WithTotals(frame.Instantaneous, calibration) with { IsCreepBlocked = _creepBlocked };
    }

    /// <summary>Whether the energy registered since start is the integral of the power shown, to a millionth.</summary>
    /// <remarks>The two come from the frame by different ways: products summed to quanta, and a mean power times its time.</remarks>
    public readonly bool AgreesWithPower
    {
        get
        {
            Int128 registered = _state.ActiveImport.Quanta + _state.ActiveExport.Quanta - _quantaAtStart;
            // A quantum is 3.6 mJ: 3.6·10⁶ nW·s, 8000 samples a second.
            Int128 integral = _integral / (3_600_000L * RawSample.RateHz) >> 16;
            return Int128.Abs(registered - integral) <= (integral / 1_000_000) + 2 + (_framesSinceStart / 1000);
        }
    }

    // Hysteresis: a load at the threshold must not make the meter start and stop.
    private static bool IsBelowStart(long nano, in Calibration calibration, bool blocked) =>
        Math.Abs(nano) < calibration.StartingPowerMilliwatts * 10_000 * (blocked ? CreepReleasePercent : CreepPercent);

    private void Book(in PhaseFrame frame, in Calibration calibration)
    {
        bool import = frame.ActiveUnits >= 0;
        bool forward = import || calibration.Direction == EnergyDirection.ReverseCountsForward;
        if (!_creepBlocked)
        {
            Int128 active = Int128.Abs(frame.ActiveUnits);
            _state = forward
                ? _state with { ActiveImport = _state.ActiveImport.Add(active) }
                : _state with { ActiveExport = _state.ActiveExport.Add(active) };
        }

        if (_reactiveBlocked) return;
        Int128 reactive = Int128.Abs(frame.ReactiveUnits);
        _state = (import, frame.ReactiveUnits >= 0) switch
        {
            (true, true) => _state with { Reactive1 = _state.Reactive1.Add(reactive) },
            (false, true) => _state with { Reactive2 = _state.Reactive2.Add(reactive) },
            (false, false) => _state with { Reactive3 = _state.Reactive3.Add(reactive) },
            (true, false) => _state with { Reactive4 = _state.Reactive4.Add(reactive) },
        };
    }

    private readonly MetrologyRegisters WithTotals(MetrologyRegisters instantaneous, in Calibration calibration)
    {
        long quantaPerImpulse = 1000 * EnergyCounter.QuantaPerWattHour / calibration.ImpulsesPerKwh;
        return instantaneous with
        {
            ActiveImport = _state.ActiveImport.Quanta,
            ActiveExport = _state.ActiveExport.Quanta,
            Reactive1 = _state.Reactive1.Quanta,
            Reactive2 = _state.Reactive2.Quanta,
            Reactive3 = _state.Reactive3.Quanta,
            Reactive4 = _state.Reactive4.Quanta,
            SampleCount = _state.SampleCount,
            FrameCount = _state.FrameCount,
            Impulses = (_state.ActiveImport.Quanta + _state.ActiveExport.Quanta) / quantaPerImpulse,
        };
    }
}
