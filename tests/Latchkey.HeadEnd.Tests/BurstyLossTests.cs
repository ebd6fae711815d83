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
        Report(coverage.ToString(), fleet);
        Assert.Equal(0, fleet.DoubleCredits);
        Assert.Equal(200, fleet.Credits);
        Assert.Equal(1.0, fleet.ProvenWithin(TimeSpan.FromDays(1)));
        Assert.InRange(fleet.ProvenWithin(TimeSpan.FromHours(1)), 0.985, 1.0);
        Assert.InRange(fleet.DatagramsPerDelivery, 1.0, 4.5);
    }

    /// <summary>The published figure, at its size; minutes long, so it runs when asked for.</summary>
    [Theory(Explicit = true)]
    [InlineData(2_000, 5)] // every exchange in full: docs/adr on delivery compares
    [InlineData(2_000, 1)]
    [InlineData(10_000, 2)]
    public void ManyMeters_WithBurstsOfLoss_ReachThePublishedFigures(int meters, int probes)
    {
        using var fleet = new LossyFleet(
            meters, lossPercent: 30, CoverageClass.Normal, TimeSpan.FromMinutes(15), seed: 11, new HeadEndOptions { ProbeTransmissions = probes });
        fleet.Run(TimeSpan.FromHours(24));
        Report($"{meters} meters, {probes} a probe", fleet);
        Assert.Equal((0, meters), (fleet.DoubleCredits, fleet.Credits));
        Assert.Equal(1.0, fleet.ProvenWithin(TimeSpan.FromDays(1)));
        if (probes != new HeadEndOptions().ProbeTransmissions) return;
        Assert.InRange(fleet.ProvenWithin(TimeSpan.FromHours(1)), 0.995, 1.0);
        Assert.InRange(fleet.DatagramsPerDelivery, 1.0, 4.5);
    }

    private void Report(string what, LossyFleet fleet) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: 1 min {fleet.ProvenWithin(TimeSpan.FromMinutes(1)):P1}, 1 h {fleet.ProvenWithin(TimeSpan.FromHours(1)):P2}, 24 h {fleet.ProvenWithin(TimeSpan.FromDays(1)):P2}, {fleet.DatagramsPerDelivery:F2} datagrams"));

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
