namespace Latchkey.Metrology.Tests;

public sealed class PolyphaseMetrologyCoreTests
{
    private static PolyphaseMetrologyCore NewCore() => new(Calibration.Nominal, Calibration.Nominal, Calibration.Nominal);

    [Fact]
    public void BalancedLoad_IsThreeTimesOnePhase()
    {
        PolyphaseRegisters r = Run(NewCore(), new Signal { Amps = 10, PhiRadians = 0.4 }, clockwise: true, seconds: 4);
        double watts = new Signal { Amps = 10, PhiRadians = 0.4 }.Watts * 3;
        Assert.InRange(r.Total.ActiveMilliwatts / (watts * 1000), 0.9998, 1.0002);
        Assert.InRange(r.L3.VoltageMillivolts, 229_950, 230_050);
        Assert.True(r.IsClockwise);
        Assert.Equal(0, r.MissingPhases);
    }

    [Fact]
    public void ReversedOrder_IsSeen_AndMetersTheSame()
    {
        PolyphaseRegisters right = Run(NewCore(), new Signal(), clockwise: true, seconds: 4), wrong = Run(NewCore(), new Signal(), clockwise: false, seconds: 4);
        Assert.False(wrong.IsClockwise);
        Assert.InRange(wrong.Total.ActiveImport - right.Total.ActiveImport, -2000, 2000);
    }

    [Fact]
    public void OnePhaseGone_IsReportedAfterTenSeconds_AndTheOthersGoOn()
    {
        var core = NewCore();
        var signal = new Signal();
        for (long n = 0; n < 20 * RawSample.RateHz; n++)
        {
            core.OnSample(default, Shifted(signal, n, 1), Shifted(signal, n, 2));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        Assert.Equal(1, core.Registers.MissingPhases);
        Assert.InRange(core.Registers.Total.ActiveMilliwatts / (signal.Watts * 2000), 0.9998, 1.0002);
        Assert.InRange(core.Registers.Total.FrequencyMicrohertz, 49_999_000, 50_001_000);
    }

    [Fact]
    public void Samples_AreAllBooked()
    {
        var core = NewCore();
        Run(core, new Signal(), clockwise: true, seconds: 5);
        core.ApplyFrame(core.Flush());
        Assert.Equal(5 * RawSample.RateHz, core.Registers.Total.SampleCount);
    }

    // One phase feeds back: the sum is signed, the phases keep import and export apart, and nothing is lost between them.
    [Fact]
    public void Energies_OfThePhases_AddUpToTheSum_ExactlyToTheQuantum()
    {
        var core = NewCore();
        for (long n = 0; n < 6 * RawSample.RateHz; n++)
        {
            core.OnSample(Shifted(new Signal { Amps = 10 }, n, 0), Shifted(new Signal { Amps = 7.3, PhiRadians = 1 }, n, 1), Shifted(new Signal { Amps = 3, PhiRadians = 3 }, n, 2));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        PolyphaseState s = core.SavePhases();
        Assert.True(core.Registers.L1.ActiveImport > 0 && core.Registers.L2.ActiveImport > 0 && core.Registers.L3.ActiveExport > 0);
        Assert.Equal(0, core.Registers.L3.ActiveImport);
        Assert.Equal(Net(s.Total), Net(s.L1) + Net(s.L2) + Net(s.L3));
        Assert.True(Net(s.Total) > 0);
    }

    [Fact]
    public void PhaseEnergies_SavedAndRestored_Continue()
    {
        PolyphaseMetrologyCore core = NewCore(), next = NewCore();
        Run(core, new Signal { Amps = 10 }, clockwise: true, seconds: 3);
        next.Restore(core.SavePhases());
        Assert.Equal(core.SavePhases(), next.SavePhases());
        Assert.Equal(core.Registers.L2.ActiveImport, next.Registers.L2.ActiveImport);
    }

    [Fact]
    public void ResidualVoltage_AboveFifteenPercentForTenSeconds_IsALostNeutral()
    {
        var core = NewCore();
        Feed(core, 9, 265, 230, 210);
        Assert.False(core.Registers.IsNeutralLost);
        Feed(core, 3, 265, 230, 210);
        Assert.InRange(core.Registers.ResidualMillivolts, 45_000, 50_000);
        Assert.True(core.Registers.IsNeutralLost);
    }

    [Fact]
    public void UnbalancedLoad_ShowsInTheSumOfCurrents()
    {
        var core = NewCore();
        for (long n = 0; n < 3 * RawSample.RateHz; n++)
        {
            core.OnSample(Shifted(new Signal { Amps = 10 }, n, 0), Shifted(new Signal { Amps = 0 }, n, 1), Shifted(new Signal { Amps = 0 }, n, 2));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        Assert.InRange(core.Registers.SumOfCurrentsMicroamps, 9_990_000, 10_010_000);
    }

    private static Int128 Net(in MetrologyState s) => Units(s.ActiveImport) - Units(s.ActiveExport);

    private static Int128 Units(in EnergyCounter counter) => (counter.Quanta * EnergyCounter.UnitsPerQuantum) + counter.Remainder;

    private static void Feed(PolyphaseMetrologyCore core, int seconds, double v1, double v2, double v3)
    {
        for (long n = 0; n < seconds * RawSample.RateHz; n++)
        {
            core.OnSample(Shifted(new Signal { Volts = v1 }, n, 0), Shifted(new Signal { Volts = v2 }, n, 1), Shifted(new Signal { Volts = v3 }, n, 2));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }
    }

    [Fact]
    public void LostNeutral_PullsThePhasesApart()
    {
        var core = NewCore();
        for (long n = 0; n < 3 * RawSample.RateHz; n++)
        {
            core.OnSample(Shifted(new Signal { Volts = 300 }, n, 0), Shifted(new Signal { Volts = 150 }, n, 1), Shifted(new Signal { Volts = 240 }, n, 2));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        Assert.True(core.Registers.IsNeutralLost);
    }

    private static PolyphaseRegisters Run(PolyphaseMetrologyCore core, Signal signal, bool clockwise, int seconds)
    {
        for (long n = 0; n < seconds * RawSample.RateHz; n++)
        {
            core.OnSample(Shifted(signal, n, 0), Shifted(signal, n, clockwise ? 1 : 2), Shifted(signal, n, clockwise ? 2 : 1));
            if (core.TryTakeFrame(out PolyphaseFrame f)) core.ApplyFrame(f);
        }

        return core.Registers;
    }

    // A third of a 50 Hz period is 53.33 samples: the signal's own time is shifted instead.
    private static RawSample Shifted(Signal signal, long n, int thirds) => signal.AtSeconds((n / (double)RawSample.RateHz) - (thirds / (3 * signal.Hertz)));
}
