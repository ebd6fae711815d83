using Latchkey.Meter.Payment;

namespace Latchkey.Meter.Tests.Payment;

public sealed class LoadLimiterTests
{
    private static readonly LimiterSettings Settings = new();

    [Theory]
    [InlineData(1_050, 30)]
    [InlineData(1_200, 10)]
    [InlineData(1_600, 1)]
    public void AnExcess_IsToleratedByItsSize(int watts, int seconds)
    {
        LoadLimiter before = Run(LoadLimiter.Idle, 0, seconds, watts);
        Assert.False(before.IsTripped);
        Assert.True(before.After(seconds * 1_000L, watts, 1_000, Settings).IsTripped);
    }

    [Fact]
    public void ALoadAtTheLimit_NeverTrips() => Assert.False(Run(LoadLimiter.Idle, 0, 3_600, 1_000).IsTripped);

    [Fact]
    public void AMotorStart_ShorterThanItsTolerance_DoesNotTrip()
    {
        LoadLimiter started = Run(LoadLimiter.Idle, 0, 8, 1_400);
        Assert.False(Run(started, 8, 600, 900).IsTripped);
    }

    [Fact]
    public void Waits_DoubleAndTheFifthTripStays()
    {
        LoadLimiter limiter = LoadLimiter.Idle;
        long second = 0;
        var waits = new List<long>();
        for (int trip = 1; trip <= 4; trip++)
        {
            while (!limiter.IsTripped) limiter = limiter.After(++second * 1_000, 2_000, 1_000, Settings);
            long from = second;
            while (limiter.IsTripped) limiter = limiter.After(++second * 1_000, 0, 1_000, Settings);
            waits.Add(second - from);
        }

        Assert.Equal([30, 60, 120, 240], waits);
        while (!limiter.IsTripped) limiter = limiter.After(++second * 1_000, 2_000, 1_000, Settings);
        Assert.True(Run(limiter, second, 100_000, 0).IsLockedOut(Settings));
    }

    [Fact]
    public void HalfAnHourOfPeace_ForgetsTheTrips()
    {
        var once = new LoadLimiter(-1, false, TrippedAtMs: 0, Trips: 3);
        Assert.Equal(0, Run(once, 0, 1_801, 500).Trips);
    }

    private static LoadLimiter Run(LoadLimiter limiter, long fromSecond, int seconds, int watts)
    {
        for (int i = 0; i < seconds; i++) limiter = limiter.After((fromSecond + i) * 1_000, watts, 1_000, Settings);
        return limiter;
    }
}
