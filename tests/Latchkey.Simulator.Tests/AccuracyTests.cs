using Latchkey.Metrology;
using Latchkey.Simulator.Accuracy;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests;

public sealed class AccuracyTests
{
    [Fact]
    public void EveryInfluence_IsTested_AndKeepsItsLimit()
    {
        IReadOnlyList<BenchFigure> figures = [.. InfluenceBench.Run(1), .. SlopeSweep.Figures(SlopeSweep.Run(full: false))];
        Assert.Empty(figures.Where(f => !f.Holds));
        Assert.Equal(
            AccuracyTables.Default.Influences.Keys.Order(StringComparer.Ordinal),
            figures.Where(f => f.Limit is not null).Select(f => f.Name.Replace("influence-", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    // The bench must be able to see a bad meter: one whose zero and phase were never set.
    [Fact]
    public void AnUncalibratedMeter_PassesNoClass()
    {
        CalibrationReport report = CalibrationReport.Of(1);
        Assert.Contains(report.Rows, r => Math.Abs(r.BeforePercent) > r.LimitPercent);
        Assert.All(report.Rows, r => Assert.InRange(Math.Abs(r.AfterPercent), 0, r.LimitPercent / 2));
        Assert.Equal(ParameterBlockResult.Ok, ParameterBlock.TryRead(Convert.FromHexString(report.Block), out ParameterBlock block));
        Assert.Equal((report.Calibration, 1u), (block.Calibration, block.Changes));
    }

    // Why the tape is there: the same edges, with and without it, at a supply that stands still against the samples.
    [Fact]
    public void SteepEdges_WithoutAFilter_AreWorseWithoutTheTape()
    {
        TestLoad load = TestLoad.Periodic(230, 50.01, 1, x => x % 0.5 >= 0.3752 ? 30 * Math.Sign(0.5 - x) : 0);
        double with = load.ErrorPercent(Calibration.Nominal, new FrontEndFaults(), points: 1), without = load.ErrorPercent(Calibration.Nominal, new FrontEndFaults(), points: 1, tape: false);
        Assert.InRange(Math.Abs(with), 0, 0.3);
        Assert.True(Math.Abs(without) > 2 * Math.Abs(with), $"{with} {without}");
    }

    [Theory]
    [InlineData("1", 0.05, true, 1.5)]
    [InlineData("1", 12, true, 1.0)]
    [InlineData("1", 0.1, false, 1.5)]
    [InlineData("0.5S", 0.02, false, 1.0)]
    public void ClassTable_GivesTheRowOfTheCurrent(string meterClass, double share, bool unity, double percent) =>
        Assert.Equal(percent, AccuracyTables.Default.Limit(meterClass, share, unity));

    [Fact]
    public void ClassTable_BelowItsFirstRow_PromisesNothing() => Assert.Null(AccuracyTables.Default.Limit("1", 0.04, true));
}
