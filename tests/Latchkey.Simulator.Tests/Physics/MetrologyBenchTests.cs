using Latchkey.Metrology;
using Latchkey.Simulator.Physics;
using Latchkey.Testing;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class MetrologyBenchTests
{
    // Sampled at 8 kHz at the very discontinuities, or with noise that is real content: the records differ from their own truth.
    private static readonly string[] KnownShort =
    [
        "06_phasefired_90-I", "06_phasefired_90-PF", "06_phasefired_90-THD-I",
        "08_dimmer135_pulse-I", "08_dimmer135_pulse-PF", "08_dimmer135_pulse-THD-I", "10_start_0A02-THD-I",
    ];

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
