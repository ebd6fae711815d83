using Latchkey.Metrology;
using Latchkey.Simulator.Physics;
using Latchkey.Testing;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class MetrologyBenchTests
{
    // Its index.json counts the sample at each jump whole: 0.3 % more than the integral of the record's own formula.
    private static readonly string[] KnownShort = ["08_dimmer135_pulse-I"];

    [Fact]
    public void AccuracyMatrix_HoldsItsLimits()
    {
        bool full = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";
        Assert.Empty(MetrologyBench.Run(full, null).Figures.Where(f => !f.Holds));
    }

    [Fact]
    public void SyntheticWaveforms_AreReadAsTheyAre()
    {
        Assert.SkipUnless(RepositoryRoot.SharedData is not null, "the public data sets are not present: waveforms_synth");
        string folder = Path.Combine(RepositoryRoot.SharedData!, "waveforms_synth");
        string[] broken = [.. WaveformBench.Run(folder).Where(f => !f.Holds).Select(f => f.Name)];
        Assert.Equal(KnownShort.Order(StringComparer.Ordinal), broken.Order(StringComparer.Ordinal));
    }

    // The record is i(u) = 60 A · exp(−(u − 0.75)/0.03) for u ≥ 0.75 of each half cycle; its rms is a closed formula.
    [Fact]
    public void PulsedDimmer_AgainstTheIntegralOfItsFormula_IsWithinTheLimit()
    {
        Assert.SkipUnless(RepositoryRoot.SharedData is not null, "the public data sets are not present: waveforms_synth");
        double integral = 60 * Math.Sqrt(0.015 * (1 - Math.Exp(-0.5 / 0.03)));
        const double Index = 7.370256554108446;
        Assert.InRange(100 * ((Index / integral) - 1), 0.29, 0.30);
        BenchFigure against = WaveformBench.Run(Path.Combine(RepositoryRoot.SharedData!, "waveforms_synth")).Single(f => f.Name == "08_dimmer135_pulse-I-measured");
        Assert.InRange(100 * Math.Abs((against.Value / integral) - 1), 0, 0.05);
    }

    [Fact]
    public void MissingWaveforms_AreANamedSkip() =>
        Assert.Equal(["waveforms_synth: folder not present"], MetrologyBench.Run(false, "/nowhere").Skipped);

    [Fact]
    public void Calibration_RemovesTheFrontEndsFaults()
    {
        FrontEndFaults faults = FrontEndFaults.Draw(new Chance(5));
        var signal = new TestSignal(230, 5, 50, Math.PI / 3);
        double Error(Calibration c) => Math.Abs((signal.Measure(c, faults, 3).ActiveMilliwatts / (signal.Watts * 1000)) - 1);
        Assert.True(Error(Calibration.Nominal) > 0.003);
        Assert.InRange(Error(CalibrationBench.Calibrate(faults, 5)), 0, 0.0003);
    }
}
