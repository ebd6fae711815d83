using CsCheck;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Charts;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Rooms;

namespace Latchkey.Server.Tests;

public sealed class ChartTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 0, 10, 0, TimeSpan.Zero);

    [Fact]
    public void EveryPoint_LiesInsideThePlot() => Check.Sample(
        Gen.Select(Gen.Long[-5_000_000, 60_000_000], Gen.Long[-9_000_000, 900_000_000], (power, balance) => (power, balance)).Array[2, 60],
        values =>
        {
            MeterPoint[] points = [.. values.Select((v, i) => new MeterPoint(Start.AddMinutes(i), Power.FromMilliwatts(v.power), Energy.FromMilliwattHours(v.balance)))];
            var plot = new PowerBalancePlot(points, 760, 260);
            return points.All(p => plot.X(p.At) >= plot.PlotLeft && plot.X(p.At) <= plot.PlotRight && Inside(plot.PowerY(p.Power)) && Inside(plot.BalanceY(p.Balance)));

            bool Inside(double y) => y >= PowerBalancePlot.PlotTop - 0.01 && y <= plot.Baseline + 0.01;
        });

    [Fact]
    public void TheScale_EndsAtARoundFigureAbove() => Check.Sample(Gen.Long[1, 1_000_000_000_000], value =>
    {
        long top = PowerBalancePlot.NiceTop(value, 1);
        return top >= value && top <= value * 3 + 10;
    });

    [Fact]
    public void TimeLabels_StandAtRoundHoursOfTheReadersZone()
    {
        MeterPoint[] points = [.. Enumerable.Range(0, 24).Select(i => new MeterPoint(Start.AddHours(i), Power.Zero, Energy.Zero))];
        TimeSpan offset = TimeSpan.FromMinutes(345);
        Assert.All(new PowerBalancePlot(points, 760, 260).Columns(8, offset), column => Assert.Equal(0, column.At.ToOffset(offset).Minute));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(99)]
    public void Thinning_KeepsTheLastPointAndTheOrder(int limit)
    {
        MeterPoint[] points = [.. Enumerable.Range(0, 100).Select(i => new MeterPoint(Start.AddMinutes(i), Power.Zero, Energy.Zero))];
        IReadOnlyList<MeterPoint> thinned = MeterReader.Thinned(points, limit);
        Assert.Equal((limit, points[^1]), (thinned.Count, thinned[^1]));
        Assert.Equal(thinned.OrderBy(p => p.At), thinned);
    }
}
