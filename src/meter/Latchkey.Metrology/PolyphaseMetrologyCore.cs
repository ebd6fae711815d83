namespace Latchkey.Metrology;

/// <summary>Three single-phase accumulators that share one frame clock; the registers hold the vectorial sum.</summary>
/// <remarks>Frames follow one phase's crossings. When its voltage is gone, the next phase takes over.</remarks>
public sealed class PolyphaseMetrologyCore
{
    private const int MissingFrames = 10;
    private readonly long _nominalMillivolts;
    private Calibration _c1;
    private Calibration _c2;
    private Calibration _c3;
    private PhaseAccumulator _a1;
    private PhaseAccumulator _a2;
    private PhaseAccumulator _a3;
    private FrameClock _clock;
    private PulseOutput _pulse;
    private EnergyBook _book;
    private PolyphaseFrame _pending;
    private bool _hasPending;
    private long _sampleIndex;
    private int _reference;
    private long _crossing1;
    private long _crossing2;
    private int _missing1;
    private int _missing2;
    private int _missing3;

    /// <summary>Starts with empty registers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A calibration is outside the proved range.</exception>
    public PolyphaseMetrologyCore(in Calibration l1, in Calibration l2, in Calibration l3, int nominalMillivolts = 230_000)
    {
        if (!l1.IsValid || !l2.IsValid || !l3.IsValid) throw new ArgumentOutOfRangeException(nameof(l1), "outside the proved range");
        (_c1, _c2, _c3) = (l1, l2, l3);
        _nominalMillivolts = nominalMillivolts;
        _a1.Configure(l1);
        _a2.Configure(l2);
        _a3.Configure(l3);
        _pulse.Configure(l1);
    }

    /// <summary>The registers after the last applied frame.</summary>
    public PolyphaseRegisters Registers { get; private set; }

    /// <summary>Impulses given by the per-sample path since start.</summary>
    public long PulseCount => _pulse.Count;

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
            _pulse.Add(_a1.Add(l1, v1) + _a2.Add(l2, v2) + _a3.Add(l3, v3), _sampleIndex);
            _sampleIndex++;
        }

        if (_a1.Samples >= FrameClock.TimeoutSamples) OnTimeout();
    }

    /// <summary>Hands over the last complete frame, once.</summary>
    public bool TryTakeFrame(out PolyphaseFrame frame)
    {
        frame = _pending;
        bool had = _hasPending;
        _hasPending = false;
        return had;
    }

    /// <summary>Books a frame.</summary>
    public void ApplyFrame(in PolyphaseFrame frame)
    {
        PhaseFrame p1 = PhaseFrame.From(frame.L1, _c1), p2 = PhaseFrame.From(frame.L2, _c2), p3 = PhaseFrame.From(frame.L3, _c3);
        _book.Apply(PhaseFrame.Sum(p1, p2, p3, _reference), frame.L1.Samples, _c1);
        _pulse.Block(_book.Registers.IsCreepBlocked);
        Registers = new()
        {
            Total = _book.Registers,
            L1 = p1.Instantaneous,
            L2 = p2.Instantaneous,
            L3 = p3.Instantaneous,
            IsClockwise = frame.IsClockwise,
            MissingPhases = Missing(p1.Instantaneous.VoltageMillivolts, p2.Instantaneous.VoltageMillivolts, p3.Instantaneous.VoltageMillivolts),
            IsNeutralLost = IsNeutralLost(p1.Instantaneous.VoltageMillivolts, p2.Instantaneous.VoltageMillivolts, p3.Instantaneous.VoltageMillivolts),
        };
    }

    /// <summary>Cuts the running frame here, so that no energy is left in it when power fails.</summary>
    public PolyphaseFrame Flush()
    {
        _clock.Restart();
        Hand();
        _hasPending = false;
        return _pending;
    }

    /// <summary>What must survive a power cut.</summary>
    public MetrologyState Save() => _book.Save();

    /// <summary>Continues from saved registers.</summary>
    public void Restore(in MetrologyState state) => _book.Restore(state, _c1);

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
        // Only the reference phase's voltage is zero at both ends; the others count their whole samples.
        long whole = _clock.EndedCycles == 0 ? 0 : (long)_a1.Samples << 16;
        int cycles = _clock.EndedCycles;
        long span = _clock.EndedSpanQ16;
        _a1.Take(cycles, _reference == 0 ? span : whole, out FrameSums l1);
        _a2.Take(cycles, _reference == 1 ? span : whole, out FrameSums l2);
        _a3.Take(cycles, _reference == 2 ? span : whole, out FrameSums l3);
        _pending = new(l1, l2, l3, IsClockwise(span, cycles));
        _hasPending = true;
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

    private int Missing(long v1, long v2, long v3)
    {
        bool live = Math.Max(v1, Math.Max(v2, v3)) * 5 > _nominalMillivolts * 4;
        return Count(ref _missing1, live && v1 * 2 < _nominalMillivolts)
            | (Count(ref _missing2, live && v2 * 2 < _nominalMillivolts) << 1)
            | (Count(ref _missing3, live && v3 * 2 < _nominalMillivolts) << 2);
    }

    private static int Count(ref int frames, bool missing)
    {
        frames = missing ? Math.Min(frames + 1, MissingFrames) : 0;
        return frames >= MissingFrames ? 1 : 0;
    }

    private bool IsNeutralLost(long v1, long v2, long v3) =>
        Math.Max(v1, Math.Max(v2, v3)) * 5 > _nominalMillivolts * 6
        && Math.Min(v1, Math.Min(v2, v3)) is var lowest && lowest * 5 < _nominalMillivolts * 4 && lowest * 10 > _nominalMillivolts;
}
