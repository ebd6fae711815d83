using CsCheck;

namespace Latchkey.Metrology.Tests;

public sealed class WaveformTapeTests
{
    private const double Peak = 40 * 1.4142135623730951;

    // The samples of a frame drift against the mains, so each cycle narrows where the jump is.
    [Theory]
    [InlineData(50.013, 0.5)]
    [InlineData(49.97, 0.31)]
    [InlineData(60.011, 0.72)]
    [InlineData(45.05, 0.5)]
    public void FiredLoad_BetweenTheSamples_IsMeasuredAsItIs(double hertz, double angle)
    {
        FrameSums frame = Frame(hertz, angle, new WaveformTape(), out int edges);
        double squares = Peak * Peak * ((1 - angle) / 2 + Math.Sin(2 * Math.PI * angle) / (4 * Math.PI));
        double watts = 230 * Math.Sqrt(2) / Peak * squares;
        MetrologyRegisters r = Registers(frame);
        Assert.Equal(2 * frame.Cycles, edges);
        Assert.InRange(r.CurrentMicroamps / 1e6 / Math.Sqrt(squares), 0.9995, 1.0005);
        Assert.InRange(r.ActiveMilliwatts / 1e3 / watts, 0.999, 1.001);
    }

    [Fact]
    public void FiredLoad_WithoutTheTape_IsHalfASampleUnsure()
    {
        // Why the tape is worth its 128 KiB: the same load at a mains that stands still against the samples.
        double squares = Peak * Peak / 4;
        double without = Registers(Frame(50, 0.5, null, out _)).CurrentMicroamps / 1e6 / Math.Sqrt(squares);
        Assert.True(Math.Abs(without - 1) > 0.005);
    }

    // The information bound: these two loads give the same samples, so no meter that sees samples alone tells them apart.
    [Fact]
    public void StandingSamples_CannotTellWhereTheJumpIs()
    {
        RawSample[] early = [.. Enumerable.Range(0, 400).Select(n => Fired(n, 50, 0.4880))], late = [.. Enumerable.Range(0, 400).Select(n => Fired(n, 50, 0.4995))];
        Assert.Equal(early, late);
        double True(double angle) => Math.Sqrt(((1 - angle) / 2) + (Math.Sin(2 * Math.PI * angle) / (4 * Math.PI)));
        Assert.True((True(0.4880) / True(0.4995)) - 1 > 0.01);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2.2)]
    public void FilteredSteps_AreLeftAlone(double samplesOfRise)
    {
        var tape = new WaveformTape();
        MetrologyCore core = new(Calibration.Nominal, tape);
        for (long n = 0; n < 20_000; n++)
        {
            double phase = (n / 160.0) % 0.5 * 160, rise = Math.Clamp((phase - 40.3) / samplesOfRise, 0, 1);
            int v = Counts(325 * Math.Sin(2 * Math.PI * n / 160) / 60e-6);
            int i = Counts(30 * rise * Math.Sign(v) * Math.Sin(Math.PI * phase / 80) / 34e-6);
            core.OnSample(new(v, i, i, v));
            if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
        }

        Assert.True(core.Registers.CurrentMicroamps > 5_000_000);
        Assert.Equal(0, tape.Edges);
    }

    // Whatever current comes, a correction stays what it is meant to be: less than one sample and a half of the largest current at each jump.
    [Fact]
    public void AnyCurrent_IsCorrectedByLessThanASampleAndAHalfAJump() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        int[] cycle = Shape(new Random(seed));
        var tape = new WaveformTape();
        MetrologyCore with = new(Calibration.Nominal, tape), without = new(Calibration.Nominal);
        for (long n = 0; n < 10_000; n++)
        {
            int v = Counts(325 * Math.Sin(2 * Math.PI * n / 160) / 60e-6), i = cycle[n % 160];
            with.OnSample(new(v, i, i, v));
            without.OnSample(new(v, i, i, v));
            if (!with.TryTakeFrame(out FrameSums a) | !without.TryTakeFrame(out FrameSums b) || a.Cycles == 0) continue;
            long largest = cycle.Max(c => Math.Abs((long)c));
            return Math.Abs(a.I2 - b.I2) <= tape.Edges * largest * largest * 3 / 2
                && Math.Abs(a.P - b.P) <= tape.Edges * largest * 5_417_000 * 3 / 2;
        }

        return false;
    }, iter: 150);

    // Pulses, ramps, decays and steps at random places, which may run into each other.
    private static int[] Shape(Random random)
    {
        int[] cycle = new int[160];
        for (int piece = random.Next(1, 9); piece > 0; piece--)
        {
            int at = random.Next(160), length = random.Next(1, 40), kind = random.Next(4), peak = random.Next(-2_000_000, 2_000_000);
            for (int k = 0; k < length; k++)
            {
                double share = kind switch { 0 => 1, 1 => (double)k / length, 2 => Math.Exp(-k / 2.4), _ => random.NextDouble() };
                cycle[(at + k) % 160] = (int)(peak * share);
            }
        }

        return cycle;
    }

    [Theory]
    [InlineData(50, 0.0, 0.0)]
    [InlineData(47.3, 0.05, 0.3)]
    [InlineData(61.7, 0.08, 0.4)]
    public void Distortion_OfAKnownSpectrum_IsWithinATenthPoint(double hertz, double volts, double amps)
    {
        MetrologyCore core = new(Calibration.Nominal, new WaveformTape());
        for (long n = 0; n < 20_000; n++)
        {
            double phase = 2 * Math.PI * hertz * n / RawSample.RateHz;
            int v = Counts(325 * (Math.Sin(phase) + (volts * Math.Sin((5 * phase) + 1))) / 60e-6);
            int i = Counts(14 * (Math.Sin(phase - 1) + (amps * Math.Sin((7 * phase) + 2))) / 34e-6);
            core.OnSample(new(v, i, i, v));
            if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
        }

        Assert.InRange(core.Registers.VoltageDistortionPpm, (volts * 1e6) - 1000, (volts * 1e6) + 1000);
        Assert.InRange(core.Registers.CurrentDistortionPpm, (amps * 1e6) - 1000, (amps * 1e6) + 1000);
    }

    // 20 mA in 0.5 mA of noise: the noise is 2.5 % of the current and none of it is distortion; a true third harmonic of 2 % is.
    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.0, 2)]
    [InlineData(0.02, 3)]
    public void SmallCurrent_NoiseIsNotDistortion(double third, int seed)
    {
        var random = new Random(seed);
        MetrologyCore core = new(Calibration.Nominal, new WaveformTape());
        for (long n = 0; n < 20_000; n++)
        {
            double phase = 2 * Math.PI * n / 160, noise = 14.7 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            int v = Counts(325 * Math.Sin(phase) / 60e-6), i = Counts((0.02 * Math.Sqrt(2) * (Math.Sin(phase) + (third * Math.Sin(3 * phase))) / 34e-6) + noise);
            core.OnSample(new(v, i, i, v));
            if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
        }

        Assert.InRange(core.Registers.CurrentDistortionPpm, (third * 1e6) - 1500, (third * 1e6) + 1500);
    }

    [Fact]
    public void TapeOverwritten_FrameStaysAsTheInterruptSummedIt()
    {
        var signal = new Signal();
        MetrologyCore core = new(Calibration.Nominal, new WaveformTape());
        for (long n = 0; n < 1_000; n++) core.OnSample(signal.At(n));
        Assert.True(core.TryTakeFrame(out _)); // the piece before the first crossing
        for (long n = 1_000; n < 40_000; n++) core.OnSample(signal.At(n));
        Assert.True(core.TryTakeFrame(out FrameSums frame));
        Assert.Equal(50, frame.Cycles);
        Assert.Equal(default, frame.Wave);
    }

    [Fact]
    public void Foreground_AllocatesNothing()
    {
        MetrologyCore core = new(Calibration.Nominal, new WaveformTape());
        for (long n = 0; n < 20_000; n++) Take(core, n);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long n = 20_000; n < 60_000; n++) Take(core, n);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Take(MetrologyCore core, long n)
    {
        core.OnSample(Fired(n, 50.01, 0.5));
        if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
    }

    private static FrameSums Frame(double hertz, double angle, WaveformTape? tape, out int edges)
    {
        MetrologyCore core = new(Calibration.Nominal, tape);
        FrameSums frame = default;
        for (long n = 0, whole = 0; whole < 2; n++)
        {
            core.OnSample(Fired(n, hertz, angle));
            if (core.TryTakeFrame(out frame) && frame.Cycles > 0) whole++;
        }

        edges = tape?.Edges ?? 0;
        return frame;
    }

    private static MetrologyRegisters Registers(in FrameSums frame)
    {
        MetrologyCore core = new(Calibration.Nominal);
        core.ApplyFrame(frame);
        return core.Registers;
    }

    // Conducts in the last part of each half cycle, from the firing angle on; no filter before the converter.
    private static RawSample Fired(long n, double hertz, double angle)
    {
        double cycles = hertz * (n + 0.0001) / RawSample.RateHz, half = 2 * cycles % 1, sine = Math.Sin(2 * Math.PI * cycles);
        int v = Counts(230 * Math.Sqrt(2) * sine / 60e-6), i = half >= angle ? Counts(Peak * sine / 34e-6) : 0;
        return new(v, i, i, v);
    }

    private static int Counts(double value) => (int)Math.Round(value);
}
