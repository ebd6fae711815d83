namespace Latchkey.Metrology;

/// <summary>The single-phase measuring core: samples in, registers out. Reads no clock, allocates nothing after construction.</summary>
/// <remarks>
/// <see cref="OnSample"/> is the interrupt. The foreground calls <see cref="TryTakeFrame"/> and <see cref="ApplyFrame"/> about once a second;
/// a foreground that is late makes a frame longer, never lost.
/// </remarks>
public sealed class MetrologyCore
{
    private Calibration _calibration;
    private PhaseAccumulator _phase;
    private FrameClock _clock;
    private PulseOutput _pulse;
    private EnergyBook _book;
    private readonly WaveformTape? _tape;
    private readonly SelfChecks _checks = new();
    private FrameSums _pending;
    private long _pendingStartQ16;
    private bool _hasPending;
    private long _sampleIndex;

    /// <summary>Starts with empty registers.</summary>
    /// <param name="calibration">The sealed parameters.</param>
    /// <param name="tape">Memory for waveforms; without it there is no distortion to show.</param>
    /// <exception cref="ArgumentOutOfRangeException">The calibration is outside the proved range.</exception>
    public MetrologyCore(in Calibration calibration, WaveformTape? tape = null)
    {
        _tape = tape;
        if (!_phase.March() || tape?.March() == false) _checks.Report(MetrologyFaults.Memory);
        _phase.Record(tape);
        Calibrate(calibration);
    }

    /// <summary>The registers after the last applied frame.</summary>
    public MetrologyRegisters Registers => _book.Registers;

    /// <summary>The parameters in force.</summary>
    public Calibration Calibration => _calibration;

    /// <summary>Whether the verification LED is lit.</summary>
    public bool IsPulseLit => _pulse.IsLit(_sampleIndex);

    /// <summary>Impulses given by the per-sample path since start; frames that were applied without samples are not in it.</summary>
    public long PulseCount => _pulse.Count;

    /// <summary>Samples taken since start.</summary>
    public long SamplesTaken => _sampleIndex;

    /// <summary>What the self-checks have found since start.</summary>
    public MetrologyFaults Faults => _checks.Faults;

    /// <summary>Watches an image from now on: a round every 24 hours, a piece a frame.</summary>
    /// <param name="image">The bytes of the legally relevant software where they are kept.</param>
    public void WatchImage(ReadOnlyMemory<byte> image) => _checks.Image = new ImageWatch(image);

    /// <summary>Puts new parameters in force; only the calibration procedure behind the seal calls this.</summary>
    public void Calibrate(in Calibration calibration)
    {
        if (!calibration.IsValid) throw new ArgumentOutOfRangeException(nameof(calibration), calibration, "outside the proved range");
        _calibration = calibration;
        _phase.Configure(calibration);
        _pulse.Configure(calibration);
    }

    /// <summary>Takes one sample; interrupt context.</summary>
    [RealTime]
    public void OnSample(in RawSample s)
    {
        int v = _phase.Level(s);
        if (_phase.ChangesSign(v)) OnSignChange(v);
        _pulse.Add(_phase.Add(s, v), _sampleIndex);
        unchecked
        {
            _sampleIndex++;
        }

        if (_phase.Samples >= FrameClock.TimeoutSamples) OnTimeout();
    }

    /// <summary>Hands over the last complete frame, once.</summary>
    public bool TryTakeFrame(out FrameSums sums)
    {
        sums = _pending;
        if (!_hasPending) return false;
        _checks.OnHanded(sums.Samples, _phase.Samples, _sampleIndex);
        if (_tape is not null) sums = _tape.Read(sums, _pendingStartQ16, _sampleIndex, _calibration.CurrentLagQ16);
        _hasPending = false;
        return true;
    }

    /// <summary>Cuts the running frame here, so that no energy is left in it when power fails.</summary>
    public FrameSums Flush()
    {
        _phase.Take(0, 0, out FrameSums sums);
        _clock.Restart();
        _checks.OnFlushed(sums.Samples);
        return sums;
    }

    /// <summary>Books one frame into the registers. The same frame may be booked again for an identical second.</summary>
    public void ApplyFrame(in FrameSums sums)
    {
        _book.Apply(PhaseFrame.From(sums, _calibration), sums.Samples, _calibration);
        _pulse.Block(_book.Registers.IsCreepBlocked);
        _checks.OnBooked(sums, _book.Registers, _book.AgreesWithPower, _book.Registers.SampleCount);
    }

    /// <summary>What must survive a power cut.</summary>
    public MetrologyState Save() => _book.Save();

    /// <summary>Continues from saved registers.</summary>
    public void Restore(in MetrologyState state) => _book.Restore(state, _calibration);

    [RealTime]
    private void OnSignChange(int v)
    {
        int fractionQ16 = _phase.Crossing(v);
        if (fractionQ16 < 0) return;
        long at = unchecked((_sampleIndex << 16) - fractionQ16);
        if (!_clock.OnCrossing(at, _hasPending)) return;
        Hand();
        if (_clock.EndedCycles > 0) _phase.TrackQuarter(_clock.EndedSpanQ16 / _clock.EndedCycles, _calibration.CurrentLagQ16);
    }

    [RealTime]
    private void OnTimeout()
    {
        if (_hasPending) return;
        _clock.Restart();
        Hand();
    }

    [RealTime]
    private void Hand()
    {
        _phase.Take(_clock.EndedCycles, _clock.EndedSpanQ16, out _pending);
        _pendingStartQ16 = _clock.EndedStartQ16;
        _hasPending = true;
    }
}
