using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;

namespace Latchkey.HeadEnd.Tests;

public sealed class SpacingTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Exchange_WithoutAnAnswer_DoublesItsWaits()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromSeconds(4 * 31 * 1.5));
        Assert.Equal(5, _bench.Channel.Sent.Count(a => a.Exchange == 1));
    }

    [Fact]
    public void OneMeter_HasOneExchangeInFlight()
    {
        _bench.SubmitCredit(1, 1);
        _bench.SubmitCredit(2, 2);
        Assert.Single(_bench.Channel.Sent);
        _bench.Answer();
        Assert.Equal(2, _bench.Channel.Sent.Count);
    }

    [Fact]
    public void SilentDay_IsSpentSparingly()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromDays(1));
        Assert.InRange(_bench.Channel.Sent.Count, 20, 50);
    }

    [Fact]
    public void SilentMonth_AfterTheFirstDay_IsTriedOnceADay()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromDays(2));
        int before = _bench.Delivery().Exchanges;
        _bench.Run(TimeSpan.FromDays(20));
        Assert.InRange(_bench.Delivery().Exchanges - before, 13, 40);
    }

    [Fact]
    public void Contact_AfterSilence_FlushesAtOnce()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromHours(5));
        int before = _bench.Channel.Sent.Count;
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now)));
        Assert.Equal(before + 1, _bench.Channel.Sent.Count);
    }

    [Fact]
    public void ForgedContact_FlushesNothing()
    {
        _bench.SubmitCredit();
        _bench.Run(TimeSpan.FromHours(5));
        int before = _bench.Channel.Sent.Count;
        Assert.Equal(ReceiveOutcome.NotAuthentic, _bench.Receive(new FakeMeter(2).Say(FakeMeter.ReadingAt(_bench.Now))));
        Assert.Equal(before, _bench.Channel.Sent.Count);
    }

    [Fact]
    public void Spacing_WithOneSeed_Repeats()
    {
        using var other = new Bench();
        foreach (Bench bench in new[] { _bench, other })
        {
            bench.SubmitCredit();
            bench.Run(TimeSpan.FromHours(12));
        }

        Assert.Equal(_bench.Delivery().DueAt, other.Delivery().DueAt);
    }

    [Fact]
    public void InFlight_OverAllMeters_IsLimited()
    {
        using var bench = new Bench(options: new HeadEndOptions { MaxInFlight = 3 });
        for (int i = 10; i < 20; i++)
        {
            bench.Desk.Register(new MeterRegistration(TestMeters.Pan(i), TestMeters.MessageKey(i), "kpm31", CoverageClass.Normal), bench.Now);
            bench.Desk.Submit(new DeliveryRequest(TestMeters.Id(i), TestMeters.Pan(i), Bench.Credit(i)), bench.Now);
        }

        Assert.Equal(3, bench.Channel.Sent.Count);
        bench.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(10, bench.Channel.Sent.Select(a => a.Pan).Distinct().Count());
    }

    [Theory]
    [InlineData(CoverageClass.Normal, 4)]
    [InlineData(CoverageClass.Extended, 10)]
    [InlineData(CoverageClass.Extreme, 30)]
    [InlineData(CoverageClass.Unknown, 10)]
    public void Timing_ForAClass_HasItsTimeout(CoverageClass coverage, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ExchangeTiming.For(coverage, default).AckTimeout);

    [Fact]
    public void RoundTrip_OfSteadyAnswers_LearnsATimeout()
    {
        RoundTripEstimate estimate = default;
        for (int i = 0; i < 50; i++) estimate = estimate.After(TimeSpan.FromSeconds(3));
        Assert.InRange(estimate.Timeout.TotalSeconds, 3, 3.1);
    }
}
