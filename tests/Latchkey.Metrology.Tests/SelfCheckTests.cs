namespace Latchkey.Metrology.Tests;

public sealed class SelfCheckTests
{
    [Fact]
    public void ASoundMeter_FindsNothing_InManyKindsOfMains()
    {
        MetrologyCore core = NewCore();
        long n = 0;
        foreach (Signal s in new Signal[] { new() { Amps = 7.3, PhiRadians = 1 }, new() { Amps = 0.03 }, new() { Amps = 60, PhiRadians = 3, Hertz = 51.3 }, new() { Amps = 2, PhiRadians = -0.6, Volts = 180 } })
        {
            for (int k = 0; k < 9 * RawSample.RateHz; k++) Take(core, Noisy(s.At(n++)));
        }

        core.ApplyFrame(core.Flush());
        Assert.Equal(MetrologyFaults.None, core.Faults);
    }

    [Theory]
    [InlineData(true, 399, MetrologyFaults.None)]
    [InlineData(true, 401, MetrologyFaults.ConverterStuck)]
    [InlineData(false, 401, MetrologyFaults.ConverterStuck)]
    public void Converter_ThatGivesOneCountForFiftyMilliseconds_IsStuck(bool current, int samples, MetrologyFaults expected)
    {
        MetrologyCore core = NewCore();
        var signal = new Signal();
        RawSample held = Noisy(signal.At(10_000));
        for (long n = 0; n < 3 * RawSample.RateHz; n++)
        {
            RawSample s = Noisy(signal.At(n));
            bool still = n >= 10_000 && n < 10_000 + samples;
            Take(core, !still ? s : current ? s with { I = held.I } : s with { V = held.V });
        }

        Assert.Equal(expected, core.Faults & MetrologyFaults.ConverterStuck);
    }

    [Fact]
    public void Channel_AtTheEndOfItsRange_IsImplausible()
    {
        MetrologyCore core = NewCore();
        for (long n = 0; n < 3 * RawSample.RateHz; n++)
        {
            RawSample s = Noisy(new Signal().At(n));
            Take(core, s with { I = s.I > 0 ? RawSample.FullScale : -RawSample.FullScale });
        }

        Assert.Equal(MetrologyFaults.CurrentImplausible, core.Faults);
    }

    [Fact]
    public void LoadSide_ThatDisagreesForThreeFrames_IsReported()
    {
        MetrologyCore core = NewCore();
        for (long n = 0; n < 5 * RawSample.RateHz; n++)
        {
            RawSample s = Noisy(new Signal().At(n));
            Take(core, s with { Lsv = s.V / 100 * 92 });
        }

        Assert.Equal(MetrologyFaults.ReferenceChannel, core.Faults);
    }

    // A frame that is handed over with one sample too few, as a lost interrupt would do.
    [Fact]
    public void FramesAndSamples_ThatDoNotAgree_AreReported()
    {
        var checks = new SelfChecks();
        checks.OnHanded(8000, 120, 8120);
        Assert.Equal(MetrologyFaults.None, checks.Faults);
        checks.OnHanded(7999, 120, 16_120);
        Assert.Equal(MetrologyFaults.FrameCounter, checks.Faults);
    }

    // A power that is shown over a hundredth less time than its energy was summed over.
    [Fact]
    public void EnergyThatNoPowerMade_IsReported()
    {
        EnergyBook book = default;
        MetrologyCore source = NewCore();
        FrameSums second = default;
        for (long n = 0; second.Cycles == 0; n++)
        {
            source.OnSample(new Signal { Amps = 10 }.At(n));
            source.TryTakeFrame(out second);
        }

        PhaseFrame right = PhaseFrame.From(second, Calibration.Nominal), hasty = PhaseFrame.From(second with { SpanQ16 = second.SpanQ16 * 99 / 100 }, Calibration.Nominal);
        for (int s = 0; s < 3600; s++) book.Apply(right, second.Samples, Calibration.Nominal);
        Assert.True(book.AgreesWithPower);
        PhaseFrame wrong = PhaseFrame.Sum(right, hasty, default, 0);
        book.Apply(wrong, second.Samples, Calibration.Nominal);
        Assert.False(book.AgreesWithPower);
    }

    [Fact]
    public void TestTone_ThroughSoundCode_Passes() => Assert.True(TestTone.Passes());

    [Fact]
    public void Image_IsReadAgainEveryDay_AndAChangedOctetIsFound()
    {
        byte[] image = new byte[10_000];
        new Random(1).NextBytes(image);
        var watch = new ImageWatch(image);
        const long Day = 24L * 3600 * RawSample.RateHz;
        long now = 0;
        bool sound = true;
        for (; watch.Rounds < 2; now += RawSample.RateHz * 3600L) sound &= watch.Look(now);
        Assert.True(sound);
        Assert.InRange(now, 2 * Day, 3 * Day);
        image[7_777] ^= 4;
        for (; watch.Rounds < 3; now += RawSample.RateHz * 3600L) sound &= watch.Look(now);
        Assert.False(sound);
    }

    [Fact]
    public void ThreePhases_CheckThemselvesToo()
    {
        var core = new PolyphaseMetrologyCore(Calibration.Nominal, Calibration.Nominal, Calibration.Nominal, keepsWaveforms: true);
        for (long n = 0; n < 4 * RawSample.RateHz; n++)
        {
            RawSample a = Noisy(new Signal().At(n)), b = Noisy(new Signal { PhiRadians = 1 }.At(n + 53));
            core.OnSample(a, b, n > 20_000 ? b with { I = 1234 } : b);
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        Assert.Equal(MetrologyFaults.ConverterStuck, core.Faults);
        Assert.True(core.Registers.L1.VoltageDistortionPpm < 1000);
    }

    private static MetrologyCore NewCore() => new(Calibration.Nominal, new WaveformTape());

    // A converter without noise does not exist; two counts are enough.
    private static int _dither;

    private static RawSample Noisy(in RawSample s)
    {
        _dither = (_dither * 5 + 3) & 0xFFFF;
        int d = (_dither >> 8) & 3;
        return s with { V = s.V + d, I = s.I + (d ^ 1), IN = s.IN + d, Lsv = s.Lsv + d };
    }

    private static void Take(MetrologyCore core, in RawSample s)
    {
        core.OnSample(s);
        if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
    }
}
