using System.Globalization;
using Latchkey.HeadEnd.Meters;

namespace Latchkey.HeadEnd.Tests;

public sealed class BurstyLossTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(CoverageClass.Normal, 1)]
    [InlineData(CoverageClass.Extended, 2)]
    [InlineData(CoverageClass.Unknown, 3)]
    public void TwoHundredMeters_WithBurstsOfLoss_AreAllServedAndNoneTwice(CoverageClass coverage, int seed)
    {
        using var fleet = new LossyFleet(200, lossPercent: 30, coverage, heartbeat: TimeSpan.FromMinutes(15), (ulong)seed);
        fleet.Run(TimeSpan.FromHours(24));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{coverage}: 1 min {fleet.ProvenWithin(TimeSpan.FromMinutes(1)):P1}, 1 h {fleet.ProvenWithin(TimeSpan.FromHours(1)):P1}, 24 h {fleet.ProvenWithin(TimeSpan.FromDays(1)):P1}, {fleet.DatagramsPerDelivery:F2} datagrams"));
        Assert.Equal(0, fleet.DoubleCredits);
        Assert.Equal(200, fleet.Credits);
        Assert.Equal(1.0, fleet.ProvenWithin(TimeSpan.FromDays(1)));
        Assert.InRange(fleet.ProvenWithin(TimeSpan.FromHours(1)), 0.985, 1.0);
        Assert.InRange(fleet.DatagramsPerDelivery, 1.0, 4.5);
    }

    [Fact]
    public void ARun_FromOneSeed_Repeats()
    {
        using var first = new LossyFleet(20, lossPercent: 30, CoverageClass.Normal, TimeSpan.FromMinutes(15), seed: 9);
        using var second = new LossyFleet(20, lossPercent: 30, CoverageClass.Normal, TimeSpan.FromMinutes(15), seed: 9);
        first.Run(TimeSpan.FromHours(3));
        second.Run(TimeSpan.FromHours(3));
        Assert.Equal(first.Deliveries.Select(d => (d.ClosedAt, d.Datagrams)), second.Deliveries.Select(d => (d.ClosedAt, d.Datagrams)));
        Assert.Equal(first.Uplinks, second.Uplinks);
    }
}
