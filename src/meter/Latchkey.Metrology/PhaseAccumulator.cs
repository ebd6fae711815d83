using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Latchkey.Metrology;

/// <summary>The sample interrupt of one phase: multiply, add, watch the zero crossing. Loop-free, integers only.</summary>
/// <remarks>
/// Direct components are taken out per frame (over whole cycles the sum of products less the product of sums is exact), so no filter
/// shifts the phase. Currents are multiplied one sample late, which lets the voltage be delayed by less or more than the current.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct PhaseAccumulator
{
    /// <summary>6 % of the peak of 230 V: the voltage must have been below this a quarter cycle before a crossing that is believed.</summary>
    private const int ArmLevel = -325_000;

    /// <summary>Where to look for it: 65° back at 45 Hz, 94° at 65 Hz.</summary>
    private const int ArmSamples = 32;

    /// <summary>No two crossings are closer: 80 Hz.</summary>
    private const int ShortestCycleSamples = 100;

    private const int SumCount = 10;

    private int _currentOffset;
    private int _neutralOffset;
    private int _zeroLevel;
    private ParabolicDelay _phase;
    private ParabolicDelay _quarter;

    private TapeSample[] _tape;
    private int _tapeMask;
    private VoltageHistory _history;
    private int _position;
    private int _v1;
    private int _v2;
    private long _i1;
    private long _in1;
    private int _crossedAt;

    // Side by side in memory, from the first to the last: the memory test takes them as one piece.
    private long _sumV2;
    private long _sumI2;
    private long _sumIn2;
    private long _sumP;
    private long _sumQ;
    private long _sumPn;
    private long _sumLsv2;
    private long _sumV;
    private long _sumI;
    private long _sumIn;
    private int _takenAt;

    /// <summary>Samples in the running frame.</summary>
    public readonly int Samples => unchecked(_position - _takenAt);

    /// <summary>Where samples are kept for the foreground; a single place that is overwritten where there is no tape.</summary>
    public void Record(WaveformTape? tape) => Record(tape?.Samples ?? new TapeSample[1]);

    /// <summary>Where samples are kept; the length is a power of two.</summary>
    public void Record(TapeSample[] samples)
    {
        _tape = samples;
        _tapeMask = samples.Length - 1;
    }

    /// <summary>Tests the memory of the sums before it is used; they are zero afterwards. False too where they do not lie side by side.</summary>
    public bool March()
    {
        // A structure of their own would say the same to the compiler, and cost the interrupt nine instructions.
        bool together = Unsafe.ByteOffset(ref _sumV2, ref _sumIn) == (SumCount - 1) * sizeof(long);
        return together && MarchTest.Run(MemoryMarshal.Cast<long, ulong>(MemoryMarshal.CreateSpan(ref _sumV2, SumCount))) < 0;
    }

    /// <summary>Takes the channel constants of a calibration; sums and history stay.</summary>
    public void Configure(in Calibration calibration)
    {
        _currentOffset = calibration.CurrentOffset;
        _neutralOffset = calibration.NeutralOffset;
        _phase = ParabolicDelay.For(65536 + calibration.CurrentLagQ16);
        if (_quarter.Whole == 0) TrackQuarter(160 << 16, calibration.CurrentLagQ16);
    }

    /// <summary>Sets the 90° delay from the measured period.</summary>
    [RealTime]
    public void TrackQuarter(long periodQ16, int currentLagQ16) =>
        _quarter = ParabolicDelay.For(unchecked(65536 + currentLagQ16 + (periodQ16 >> 2)));

    /// <summary>The voltage of a sample against its zero level.</summary>
    [RealTime]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Level(in RawSample sample) => unchecked(sample.V - _zeroLevel);

    /// <summary>Whether the voltage changes its sign with this sample: twice a cycle, and rarely more.</summary>
    [RealTime]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool ChangesSign(int v) => (v ^ _v1) < 0;

    /// <summary>
    /// Judges a sign change before the sample is summed, so that a frame ends exactly at the crossing.
    /// Returns how long before this sample the voltage rose through zero, samples × 65536, or −1.
    /// </summary>
    [RealTime]
    public int Crossing(int v)
    {
        unchecked
        {
            bool believed = v >= 0 && _history[(_position - ArmSamples) & VoltageHistory.Mask] < ArmLevel && _position - _crossedAt >= ShortestCycleSamples;
            if (!believed) return -1;
            _crossedAt = _position;
            return (int)(((long)v << 16) / (v - _v1));
        }
    }

    /// <summary>Adds one sample to the sums; returns the instantaneous power in counts², which drives the verification output.</summary>
    [RealTime]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Add(in RawSample sample, int v)
    {
        unchecked
        {
            int i = sample.I - _currentOffset;
            int n = sample.IN - _neutralOffset;
            long wideI = i, wideN = n;

            // Every sample is written twice, so that the three taps lie side by side and need one mask.
            int at = _position & VoltageHistory.Mask;
            _history[at] = v;
            _history[at + VoltageHistory.Cycle] = v;
            // The mask keeps the index inside; a checked access would cost a tenth of what the whole tape does.
            ref TapeSample kept = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tape), (nuint)(uint)(_position & _tapeMask));
            kept.V = v;
            kept.I = i;
            int late = (_position - _quarter.Whole - 1) & VoltageHistory.Mask;
            long quarterLate = ((long)_history[late + 2] * _quarter.Before) + ((long)_history[late + 1] * _quarter.At) + ((long)_history[late] * _quarter.After);
            long aligned = ((long)v * _phase.Before) + ((long)_v1 * _phase.At) + ((long)_v2 * _phase.After);
            _position++;

            aligned >>= 16;
            long product = aligned * _i1;
            _sumP += product;
            _sumQ += (quarterLate >> 16) * _i1;
            _sumPn += aligned * _in1;
            _sumV2 += (long)v * v;
            _sumI2 += wideI * wideI;
            _sumIn2 += wideN * wideN;
            _sumLsv2 += (long)sample.Lsv * sample.Lsv;
            _sumV += v;
            _sumI += wideI;
            _sumIn += wideN;
            _v2 = _v1;
            _v1 = v;
            _i1 = wideI;
            _in1 = wideN;
            return product;
        }
    }

    /// <summary>Hands the sums over and starts the next frame.</summary>
    [RealTime]
    public void Take(int cycles, long spanQ16, out FrameSums sums)
    {
        sums = new FrameSums
        {
            V2 = _sumV2, I2 = _sumI2, In2 = _sumIn2, P = _sumP, Q = _sumQ, Pn = _sumPn, Lsv2 = _sumLsv2,
            SumV = _sumV, SumI = _sumI, SumIn = _sumIn, Samples = Samples, Cycles = cycles, SpanQ16 = spanQ16,
        };

        // The zero level only keeps the crossings and the verification output honest; energy does not depend on it.
        if (cycles > 0) _zeroLevel = unchecked(_zeroLevel + (int)(_sumV / Samples));
        _sumV2 = _sumI2 = _sumIn2 = _sumP = _sumQ = _sumPn = _sumLsv2 = _sumV = _sumI = _sumIn = 0;
        _takenAt = _position;
    }
}
