namespace Latchkey.Metrology.Tests;

public sealed class MetrologyCoreTests
{
    private static MetrologyCore NewCore() => new(Calibration.Nominal);

    [Theory]
    [InlineData(0.005, 1, 50)] // 0.1 % of Ib
    [InlineData(0.02, 1, 45)]
    [InlineData(5, 1, 65)]
    [InlineData(60, 1, 49.97)]
    public void Power_AtUnityFactor_IsWithinFiveHundredthsPercent(double amps, double factor, double hertz)
    {
        var signal = new Signal { Amps = amps, Hertz = hertz, PhiRadians = Math.Acos(factor) };
        MetrologyRegisters r = signal.Run(NewCore(), 3);
        Assert.InRange(r.ActiveMilliwatts / (signal.Watts * 1000), 0.9995, 1.0005);
    }

    [Theory]
    [InlineData(0.05, 60, 50)]
    [InlineData(5, 60, 45)]
    [InlineData(5, -60, 61.3)]
    [InlineData(60, 60, 65)]
    public void Power_AtHalfFactor_IsWithinATenthPercent(double amps, double degrees, double hertz)
    {
        var signal = new Signal { Amps = amps, Hertz = hertz, PhiRadians = degrees * Math.PI / 180 };
        MetrologyRegisters r = signal.Run(NewCore(), 3);
        Assert.InRange(r.ActiveMilliwatts / (signal.Watts * 1000), 0.999, 1.001);
        Assert.InRange(r.ReactiveMillivars / (signal.Vars * 1000), 0.998, 1.002);
    }

    [Fact]
    public void Quantities_OfASine_AreThoseOfTheSine()
    {
        var signal = new Signal { Amps = 10, Hertz = 50.013, PhiRadians = 0.5, VoltageOffsetCounts = 900, CurrentOffsetCounts = -700 };
        MetrologyRegisters r = signal.Run(new(Calibration.Nominal with { CurrentOffset = -700 }), 4);
        Assert.InRange(r.VoltageMillivolts, 229_990, 230_010);
        Assert.InRange(r.CurrentMicroamps, 9_999_000, 10_001_000);
        Assert.InRange(r.FrequencyMicrohertz, 50_012_900, 50_013_100);
        Assert.InRange(r.PowerFactorTenThousandths, 8774, 8778);
        Assert.InRange(r.ActiveMilliwatts / (signal.Watts * 1000), 0.9998, 1.0002);
    }

    [Fact]
    public void Energy_OfManyFrames_IsTheExactSumOfTheirQuanta()
    {
        var signal = new Signal { Amps = 7.3, PhiRadians = 0.9 };
        MetrologyCore core = NewCore();
        Int128 units = 0;
        for (long n = 0; n < 20 * RawSample.RateHz; n++)
        {
            core.OnSample(signal.At(n));
            if (!core.TryTakeFrame(out FrameSums f)) continue;
            core.ApplyFrame(f);
            long products = f.Cycles == 0 ? f.P : f.P - (long)((Int128)f.SumV * f.SumI / f.Samples);
            units += (Int128)products * 60_000_000 * 34_000_000;
        }

        EnergyCounter energy = core.Save().ActiveImport;
        Assert.Equal(units, (energy.Quanta * EnergyCounter.UnitsPerQuantum) + energy.Remainder);
        Assert.True(energy.Quanta > 0);
    }

    [Fact]
    public void Energy_OfAnHour_MatchesPowerTimesTime()
    {
        var signal = new Signal { Amps = 5 };
        MetrologyCore core = NewCore();
        signal.Run(core, 3);
        FrameSums second = OneSecond(signal);
        long before = core.Registers.ActiveImport;
        for (int s = 0; s < 3600; s++) core.ApplyFrame(second);
        double wattHours = (core.Registers.ActiveImport - before) / 1e6;
        Assert.InRange(wattHours / signal.Watts, 0.9999, 1.0001);
    }

    [Fact]
    public void Energy_BelowTheCreepThreshold_IsNotRegistered()
    {
        MetrologyRegisters r = new Signal { Amps = 0.007 }.Run(NewCore(), 4);
        Assert.True(r.IsCreepBlocked);
        Assert.Equal(0, r.ActiveImport);
    }

    [Fact]
    public void Energy_AtTheStartingCurrent_IsRegistered()
    {
        MetrologyRegisters r = new Signal { Amps = 0.02 }.Run(NewCore(), 4);
        Assert.False(r.IsCreepBlocked);
        Assert.True(r.ActiveImport > 0);
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(120, 2)]
    [InlineData(-120, 3)]
    [InlineData(-60, 4)]
    public void Energy_InEachQuadrant_FillsItsOwnRegister(double degrees, int quadrant)
    {
        MetrologyRegisters r = new Signal { PhiRadians = degrees * Math.PI / 180 }.Run(NewCore(), 4);
        long[] reactive = [r.Reactive1, r.Reactive2, r.Reactive3, r.Reactive4];
        Assert.True(reactive[quadrant - 1] > 0);
        Assert.Equal(quadrant is 1 or 4, r.ActiveImport > r.ActiveExport);
        // The first piece, before the 90° delay knows the frequency, may stray; it is milliseconds long.
        Assert.True(reactive.Where((_, q) => q != quadrant - 1).Sum() * 20 < reactive[quadrant - 1]);
    }

    [Fact]
    public void ReverseEnergy_WhereItCountsForward_IsImport()
    {
        MetrologyCore core = new(Calibration.Nominal with { Direction = EnergyDirection.ReverseCountsForward });
        MetrologyRegisters r = new Signal { PhiRadians = Math.PI }.Run(core, 3);
        Assert.True(r.ActiveImport > 0);
        Assert.Equal(0, r.ActiveExport);
    }

    [Fact]
    public void PhaseCalibration_OfADelayedChannel_RestoresHalfFactorPower()
    {
        var signal = new Signal { PhiRadians = Math.PI / 3, CurrentDelayUs = 27.8 };
        int lag = (int)Math.Round(27.8e-6 * RawSample.RateHz * 65536);
        MetrologyRegisters r = signal.Run(new(Calibration.Nominal with { CurrentLagQ16 = lag }), 3);
        Assert.InRange(r.ActiveMilliwatts / (signal.Watts * 1000), 0.9999, 1.0001);
    }

    [Fact]
    public void Pulses_OfAnHour_AreTheRegisteredEnergy()
    {
        MetrologyCore core = NewCore();
        MetrologyRegisters r = new Signal { Amps = 60 }.Run(core, 20); // 13.8 kW: 6.1 impulses a second
        Assert.InRange(core.PulseCount, r.Impulses - 1, r.Impulses + 8); // the frame that still runs has blinked already
        Assert.InRange(r.Impulses, 110, 123);
    }

    [Fact]
    public void VoltageLost_FramesStillCome_AndNothingIsLost()
    {
        MetrologyCore core = NewCore();
        new Signal().Run(core, 3);
        MetrologyRegisters r = new Signal { Volts = 0, Amps = 0 }.Run(core, 4, from: 3 * RawSample.RateHz);
        Assert.Equal(0, r.FrequencyMicrohertz);
        Assert.Equal(0, r.VoltageMillivolts);
        FrameSums rest = core.Flush();
        core.ApplyFrame(rest);
        Assert.Equal(7 * RawSample.RateHz, core.Registers.SampleCount);
    }

    [Fact]
    public void Foreground_ThatIsLate_LosesNoEnergy()
    {
        var signal = new Signal();
        MetrologyCore prompt = NewCore(), late = NewCore();
        for (long n = 0; n < 12 * RawSample.RateHz; n++)
        {
            prompt.OnSample(signal.At(n));
            late.OnSample(signal.At(n));
            if (prompt.TryTakeFrame(out FrameSums f)) prompt.ApplyFrame(f);
            if (n % 37_000 == 0 && late.TryTakeFrame(out f)) late.ApplyFrame(f);
        }

        if (late.TryTakeFrame(out FrameSums last)) late.ApplyFrame(last);
        late.ApplyFrame(late.Flush());
        prompt.ApplyFrame(prompt.Flush());
        Assert.Equal(prompt.Registers.SampleCount, late.Registers.SampleCount);
        Assert.InRange(prompt.Registers.ActiveImport - late.Registers.ActiveImport, -2, 2);
    }

    [Fact]
    public void State_SavedAndRestored_Continues()
    {
        MetrologyCore core = NewCore(), next = NewCore();
        new Signal { PhiRadians = 1 }.Run(core, 3);
        next.Restore(core.Save());
        Assert.Equal(core.Save(), next.Save());
        Assert.Equal(core.Registers.ActiveImport, next.Registers.ActiveImport);
    }

    [Fact]
    public void NeutralCurrent_WhenClearlyLarger_IsBilled()
    {
        MetrologyCore core = new(Calibration.Nominal with { BillsLargerCurrent = true });
        var signal = new Signal { Amps = 7 };
        for (long n = 0; n < 3 * RawSample.RateHz; n++)
        {
            RawSample s = signal.At(n);
            core.OnSample(s with { IN = s.I / 7 * 10 });
            if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
        }

        Assert.True(core.Registers.BillsNeutral);
        Assert.InRange(core.Registers.ActiveMilliwatts, 2_299_000, 2_301_000);
    }

    [Fact]
    public void Calibration_OutsideTheProvedRange_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MetrologyCore(Calibration.Nominal with { VoltagePicovolts = 0 }));

    private static FrameSums OneSecond(Signal signal)
    {
        MetrologyCore core = NewCore();
        for (long n = 0; ; n++)
        {
            core.OnSample(signal.At(n));
            if (core.TryTakeFrame(out FrameSums sums) && sums.Cycles == 50) return sums;
        }
    }
}
