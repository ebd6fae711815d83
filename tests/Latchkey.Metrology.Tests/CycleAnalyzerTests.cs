namespace Latchkey.Metrology.Tests;

public sealed class CycleAnalyzerTests
{
    [Theory]
    [InlineData(50, 0.0)]
    [InlineData(47.3, 0.05)]
    [InlineData(61.7, 0.4)]
    public void Distortion_OfAKnownSpectrum_IsWithinATenthPoint(double hertz, double share)
    {
        int[] samples = [.. Enumerable.Range(0, 2400).Select(n => Value(n, hertz, share))];
        int cycles = (int)(2000 / (RawSample.RateHz / hertz));
        long span = (long)(cycles / hertz * RawSample.RateHz * 65536);
        CycleContent content = CycleAnalyzer.Analyze(samples, 17 * 65536 + 12345, span, cycles);
        Assert.InRange(content.DistortionPpm, (share * 1e6) - 1000, (share * 1e6) + 1000);
    }

    [Fact]
    public void SingleHarmonic_IsFoundByItsNumber()
    {
        int[] samples = [.. Enumerable.Range(0, 2400).Select(n => Value(n, 50, 0.2))];
        UInt128 first = CycleAnalyzer.Analyze(samples, 0, 1600 << 16, 10).FundamentalSquaredQ16;
        UInt128 fifth = CycleAnalyzer.Analyze(samples, 0, 1600 << 16, 10, harmonic: 5).FundamentalSquaredQ16;
        Assert.InRange((double)fifth / (double)first, 0.0399, 0.0401);
    }

    [Fact]
    public void Stretch_OutsideTheSamples_GivesNothing() =>
        Assert.Equal(default, CycleAnalyzer.Analyze(new int[100], 0, 200 << 16, 1));

    private static int Value(int n, double hertz, double share)
    {
        double phase = 2 * Math.PI * hertz * n / RawSample.RateHz;
        return (int)Math.Round(400_000 * (Math.Sin(phase + 0.2) + (share * Math.Sin((5 * phase) + 1))));
    }
}
