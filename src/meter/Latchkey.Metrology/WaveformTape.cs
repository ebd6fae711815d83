using System.Runtime.InteropServices;

namespace Latchkey.Metrology;

/// <summary>The last two seconds of one phase, for what the sums of the interrupt cannot tell: distortion, and currents that jump between samples.</summary>
/// <remarks>
/// The interrupt writes it, the foreground reads it when a frame has ended; a frame whose samples were overwritten meanwhile is left as it is.
/// 128 KiB, and 80 to work in; a meter without it measures everything but distortion.
/// </remarks>
public sealed class WaveformTape
{
    internal const int Length = 16_384;
    private const int Most = 10_240; // 50 cycles at 40 Hz, and the samples beside them
    private const int Beside = 96; // a quarter of a cycle before the frame, for reactive power
    private const int QuietRms = 1_024; // counts of distortion, 35 mA: noise of no sound front end comes near it

    private readonly int[] _v = new int[Most];
    private readonly int[] _i = new int[Most];
    private readonly CurrentEdges _edges = new();
    private readonly NoiseFloor _floor = new();

    /// <summary>Tests the memory before it is used; false where a cell does not keep what is written.</summary>
    internal bool March() => MarchTest.Run(MemoryMarshal.Cast<TapeSample, ulong>(Samples.AsSpan())) < 0;

    internal TapeSample[] Samples { get; } = new TapeSample[Length];

    /// <summary>The number of jumps of the current in the frame analysed last.</summary>
    public int Edges => _edges.Count;

    /// <summary>Adds to a frame what the tape knows of it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="startQ16">The crossing at which it began, samples × 65536 since start.</param>
    /// <param name="now">Samples taken since start.</param>
    /// <param name="lagQ16">Delay of the voltage in the products of active power, samples × 65536.</param>
    internal FrameSums Read(in FrameSums frame, long startQ16, long now, int lagQ16)
    {
        long from = (startQ16 >> 16) - Beside;
        int count = frame.Samples + (2 * Beside);
        // A frame cut by time has no crossing to begin at: it ends with the newest sample before it was handed over.
        if (frame.Cycles == 0) return frame with { Wave = Still(now, frame.Samples) };
        bool held = from >= 0 && count <= Most && now >= from + count - Beside && now - from < Length;
        if (!held) return frame;
        count = (int)Math.Min(count, now - from);
        WaveSums still = Copy(from, count);
        FrameSums read = Analyze(frame, startQ16 - (from << 16), count, lagQ16);
        return read with { Wave = read.Wave with { VoltageStill = still.VoltageStill, CurrentStill = still.CurrentStill } };
    }

    private WaveSums Still(long now, int samples)
    {
        int count = (int)Math.Min(Math.Min(samples, now), Most);
        return Copy(now - count, count);
    }

    // To a straight piece of memory; on the way the longest runs of equal counts are found.
    private WaveSums Copy(long from, int count)
    {
        int runV = 0, runI = 0, stillV = 0, stillI = 0;
        for (int k = 0; k < count; k++)
        {
            TapeSample s = Samples[(int)((from + k) & (Length - 1))];
            runV = k > 0 && s.V == _v[k - 1] ? runV + 1 : 1;
            runI = k > 0 && s.I == _i[k - 1] ? runI + 1 : 1;
            stillV = Math.Max(stillV, runV);
            stillI = Math.Max(stillI, runI);
            (_v[k], _i[k]) = (s.V, s.I);
        }

        return new() { VoltageStill = stillV, CurrentStill = stillI };
    }

    private FrameSums Analyze(in FrameSums frame, long startQ16, int count, int lagQ16)
    {
        ReadOnlySpan<int> v = _v.AsSpan(0, count), i = _i.AsSpan(0, count);
        if (!CycleAnalyzer.Fits(i, startQ16, frame.SpanQ16)) return frame;
        Correlation volts = CycleAnalyzer.Correlate(v, startQ16, frame.SpanQ16, frame.Cycles), amps = CycleAnalyzer.Correlate(i, startQ16, frame.SpanQ16, frame.Cycles);
        long direct = FrameMath.WithoutDirect(0, frame.SumV, frame.SumV, frame);
        long rms = FrameMath.RootMeanSquareQ16(amps.Squares, frame.SpanQ16) >> 16;
        _edges.Find(i, startQ16, frame.SpanQ16, frame.Cycles, Math.Max(rms / 4, 2 * QuietRms));
        EdgeCorrection edges = EdgeCorrection.Of(_edges, i, new Companions(v, startQ16, frame.SpanQ16, frame.Cycles, lagQ16));
        var wave = new WaveSums
        {
            SpanQ16 = frame.SpanQ16,
            VoltageSquares = volts.Squares + direct,
            VoltageSineQ16 = volts.SineQ16,
            VoltageCosineQ16 = volts.CosineQ16,
            CurrentSquares = amps.Squares + edges.Squares,
            CurrentSineQ16 = amps.SineQ16 + edges.SineQ16,
            CurrentCosineQ16 = amps.CosineQ16 + edges.CosineQ16,
        };
        Int128 rest = ((Int128)wave.CurrentSquares << 16) - CycleAnalyzer.FundamentalQ16(wave.CurrentSineQ16, wave.CurrentCosineQ16, wave.SpanQ16);
        if (rest > 0 && rest < (Int128)wave.SpanQ16 * QuietRms * QuietRms)
        {
            (long noise, long harmonics) = _floor.Of(i, startQ16, frame.SpanQ16, frame.Cycles, amps);
            wave = wave with { CurrentNoise = noise, CurrentHarmonics = harmonics };
        }

        return frame with { I2 = frame.I2 + edges.Squares, P = frame.P + edges.Active, Q = frame.Q + edges.Reactive, Wave = wave };
    }
}
