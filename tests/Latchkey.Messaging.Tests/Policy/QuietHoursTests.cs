using Latchkey.Messaging.Policy;

namespace Latchkey.Messaging.Tests.Policy;

public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("2026-11-22T21:59:59+08:00", null)]
    [InlineData("2026-11-22T22:00:00+08:00", "2026-11-23T08:00:00+08:00")]
    [InlineData("2026-11-23T00:00:00+08:00", "2026-11-23T08:00:00+08:00")]
    [InlineData("2026-11-23T07:59:59+08:00", "2026-11-23T08:00:00+08:00")]
    [InlineData("2026-11-23T08:00:00+08:00", null)]
    [InlineData("2026-11-22T14:00:00+00:00", "2026-11-23T08:00:00+08:00")]
    public void EndOf_ATime_IsTheMorningOfItsNight(string time, string? end) =>
        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end), QuietHours.China.EndOf(DateTimeOffset.Parse(time)));

    [Fact]
    public void EndOf_WithoutQuietHours_IsNever() => Assert.Null(QuietHours.None.EndOf(DateTimeOffset.UnixEpoch));

    [Fact]
    public void NextMidnight_IsThePlacesOwn() => Assert.Equal(
        DateTimeOffset.Parse("2026-11-23T00:00:00+08:00"),
        QuietHours.NextMidnight(DateTimeOffset.Parse("2026-11-22T15:59:59Z"), TimeSpan.FromHours(8)));
}
