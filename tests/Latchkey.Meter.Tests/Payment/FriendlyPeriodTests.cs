using Latchkey.Meter.Payment;

namespace Latchkey.Meter.Tests.Payment;

public sealed class FriendlyPeriodTests
{
    // 2026-06-01 is a Monday.
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(17, false)]
    [InlineData(18, true)]
    [InlineData(23, true)]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void HoursOverMidnight_AreCovered(int hour, bool expected) =>
        Assert.Equal(expected, new FriendlyPeriod(0, 18, 8).Covers(Monday.AddHours(hour).ToUnixTimeSeconds(), 0));

    [Fact]
    public void WholeDays_AreCoveredInLocalTime()
    {
        var weekend = new FriendlyPeriod(0x60, 0, 0);
        Assert.False(weekend.Covers(Monday.AddDays(4).ToUnixTimeSeconds(), 0));
        Assert.True(weekend.Covers(Monday.AddDays(5).ToUnixTimeSeconds(), 0));
        // Friday 20:00 UTC is Saturday in Shanghai.
        Assert.True(weekend.Covers(Monday.AddDays(4).AddHours(20).ToUnixTimeSeconds(), 480));
    }

    [Fact]
    public void WithoutAClock_NothingIsFriendly() => Assert.False(new FriendlyPeriod(0x7F, 0, 24).Covers(0, 0));

    [Fact]
    public void AnInteger_RoundTrips() => Assert.Equal(new FriendlyPeriod(0x55, 23, 6), FriendlyPeriod.FromInt32(new FriendlyPeriod(0x55, 23, 6).ToInt32()));
}
