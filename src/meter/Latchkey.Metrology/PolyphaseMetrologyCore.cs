namespace Latchkey.Metrology;

/// <summary>Three single-phase accumulators that share one frame clock; registers of each phase and of the vectorial sum.</summary>
/// <remarks>
/// Frames follow one phase's crossings. When its voltage is gone, the next phase takes over. The sum is signed: what one phase exports
/// is taken from what another imports, frame by frame; the phases' own registers keep the two apart.
/// </remarks>
public sealed partial class PolyphaseMetrologyCore
{
    private Calibration _c1;
    private Calibration _c2;
    private Calibration _c3;
    private PhaseAccumulator _a1;
    private PhaseAccumulator _a2;
    private PhaseAccumulator _a3;
    private FrameClock _clock;
    private PulseOutput _pulse;
    private EnergyBook _book;
    private EnergyBook _book1;
    private EnergyBook _book2;
    private EnergyBook _book3;
    private long _residualV2;
    private long _residualI2;
    private readonly WaveformTape? _tape1;
    private readonly WaveformTape? _tape2;
    private readonly WaveformTape? _tape3;
    private long _pendingStartQ16;
    private PolyphaseFrame _pending;
    private bool _hasPending;
    private long _sampleIndex;
    private readonly SelfChecks _checks = new();
    private SupplyWatch _supply;
    private int _reference;
    private long _crossing1;
    private long _crossing2;

    /// <summary>Starts with empty registers.</summary>
    /// <param name="l1">Sealed parameters of the first phase.</param>
    /// <param name="l2">Of the second.</param>
    /// <param name="l3">Of the third.</param>
    /// <param name="nominalMillivolts">Phase voltage to neutral.</param>
    /// <param name="keepsWaveforms">Whether there is memory for waveforms; without it there is no distortion to show.</param>
    /// <exception cref="ArgumentOutOfRangeException">A calibration is outside the proved range.</exception>
    public PolyphaseMetrologyCore(in Calibration l1, in Calibration l2, in Calibration l3, int nominalMillivolts = 230_000, bool keepsWaveforms = false)
    {
        if (keepsWaveforms) (_tape1, _tape2, _tape3) = (new(), new(), new());
        bool sound = _a1.March() & _a2.March() & _a3.March();
        sound &= (_tape1?.March() ?? true) & (_tape2?.March() ?? true) & (_tape3?.March() ?? true);
        if (!sound) _checks.Report(MetrologyFaults.Memory);
        _a1.Record(_tape1);
        _a2.Record(_tape2);
        _a3.Record(_tape3);
        if (!l1.IsValid || !l2.IsValid || !l3.IsValid) throw new ArgumentOutOfRangeException(nameof(l1), "outside the proved range");
        (_c1, _c2, _c3) = (l1, l2, l3);
        _supply = new SupplyWatch(nominalMillivolts);
        _a1.Configure(l1);
        _a2.Configure(l2);
        _a3.Configure(l3);
        _pulse.Configure(l1);
    }

    /// <summary>The registers after the last applied frame.</summary>
    public PolyphaseRegisters Registers { get; private set; }

    /// <summary>Impulses given by the per-sample path since start.</summary>
    public long PulseCount => _pulse.Count;

    /// <summary>Whether the verification LED is lit.</summary>
    public bool IsPulseLit => _pulse.IsLit(_sampleIndex);

    /// <summary>Takes the three simultaneous samples; interrupt context.</summary>
    [RealTime]
    public void OnSample(in RawSample l1, in RawSample l2, in RawSample l3)
    {
        int v1 = _a1.Level(l1), v2 = _a2.Level(l2), v3 = _a3.Level(l3);
        if (_a1.ChangesSign(v1)) OnSignChange1(_a1.Crossing(v1));
        if (_a2.ChangesSign(v2)) OnSignChange2(_a2.Crossing(v2));
        if (_a3.ChangesSign(v3)) OnSignChange3(_a3.Crossing(v3));
        unchecked
        {
            long v = v1 + v2 + v3, i = l1.I - _c1.CurrentOffset + (l2.I - _c2.CurrentOffset) + (l3.I - _c3.CurrentOffset);
            _residualV2 += v * v;
            _residualI2 += i * i;
            _pulse.Add(_a1.Add(l1, v1) + _a2.Add(l2, v2) + _a3.Add(l3, v3), _sampleIndex);
            _sampleIndex++;
        }

        if (_a1.Samples >= FrameClock.TimeoutSamples) OnTimeout();
    }

    /// <summary>Hands over the last complete frame, once.</summary>
    public bool TryTakeFrame(out PolyphaseFrame frame)
    {
        frame = _pending;
        if (!_hasPending) return false;
        _checks.OnHanded(frame.L1.Samples, _a1.Samples, _sampleIndex);
        frame = frame with { L1 = Read(_tape1, frame.L1, _c1), L2 = Read(_tape2, frame.L2, _c2), L3 = Read(_tape3, frame.L3, _c3) };
        _hasPending = false;
        return true;
    }

    /// <summary>Cuts the running frame here, so that no energy is left in it when power fails; a frame that waits to be taken waits on.</summary>
    public PolyphaseFrame Flush()
    {
        _clock.Restart();
        PolyphaseFrame rest = Cut();
        _checks.OnFlushed(rest.L1.Samples);
        return rest;
    }

    [RealTime]
    private void OnSignChange1(int fraction)
    {
        if (fraction < 0) return;
        _crossing1 = At(fraction);
        if (_reference == 0) OnCrossing(_crossing1);
    }

    [RealTime]
    private void OnSignChange2(int fraction)
    {
        if (fraction < 0) return;
        _crossing2 = At(fraction);
        if (_reference == 1) OnCrossing(_crossing2);
    }

    [RealTime]
    private void OnSignChange3(int fraction)
    {
        if (fraction >= 0 && _reference == 2) OnCrossing(At(fraction));
    }

    [RealTime]
    private long At(int fractionQ16) => unchecked((_sampleIndex << 16) - fractionQ16);

    [RealTime]
    private void OnCrossing(long at)
    {
        if (!_clock.OnCrossing(at, _hasPending)) return;
        Hand();
        if (_clock.EndedCycles == 0) return;
        long period = _clock.EndedSpanQ16 / _clock.EndedCycles;
        _a1.TrackQuarter(period, _c1.CurrentLagQ16);
        _a2.TrackQuarter(period, _c2.CurrentLagQ16);
        _a3.TrackQuarter(period, _c3.CurrentLagQ16);
    }

    [RealTime]
    private void OnTimeout()
    {
        if (_hasPending) return;
        _clock.Restart();
        Hand();
        _reference = _reference == 2 ? 0 : unchecked(_reference + 1);
    }

    [RealTime]
    private void Hand()
    {
        _pending = Cut();
        _pendingStartQ16 = _clock.EndedStartQ16;
        _hasPending = true;
    }

    [RealTime]
    private PolyphaseFrame Cut()
    {
        // Only the reference phase's voltage is zero at both ends; the others count their whole samples.
        long whole = _clock.EndedCycles == 0 ? 0 : (long)_a1.Samples << 16;
        int cycles = _clock.EndedCycles;
        long span = _clock.EndedSpanQ16;
        _a1.Take(cycles, _reference == 0 ? span : whole, out FrameSums l1);
        _a2.Take(cycles, _reference == 1 ? span : whole, out FrameSums l2);
        _a3.Take(cycles, _reference == 2 ? span : whole, out FrameSums l3);
        long residualV2 = _residualV2, residualI2 = _residualI2;
        _residualV2 = _residualI2 = 0;
        return new(l1, l2, l3, IsClockwise(span, cycles)) { ResidualV2 = residualV2, ResidualI2 = residualI2 };
    }

    // L2 crosses a third of a period after L1 when the order is right, two thirds after it when it is reversed.
    [RealTime]
    private bool IsClockwise(long spanQ16, int cycles)
    {
        if (cycles == 0) return false;
        long period = spanQ16 / cycles;
        long after = unchecked(_crossing2 - _crossing1);
        if (after < 0) after = unchecked(after + period);
        return after > 0 && after < period >> 1;
    }
}
