namespace Latchkey.Meter.Tests;

public sealed class ClockGuardTests
{
    private const long Clock = 1_800_000_000;

    [Fact]
    public void AClockThatWentOnThroughAnOutage_IsBelievedAtOnce()
    {
        var guard = new ClockGuard();
        guard.Start(new MeterTime(0, Clock + 500), Clock);
        Assert.Equal(Clock + 500, guard.Trusted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Clock - 86_400)]
    [InlineData(Clock + (20L * 31_557_600))]
    public void AClockThatIsNotSetOrWentBackOrLeapt_IsNot(long clock)
    {
        var guard = new ClockGuard();
        guard.Start(new MeterTime(0, clock), Clock);
        Assert.Equal(0, guard.Trusted);
    }

    [Fact]
    public void AJumpOfTenYears_IsNotBelievedForAnHour()
    {
        var guard = new ClockGuard();
        guard.Start(new MeterTime(0, Clock), Clock);
        const long Leap = 10L * 31_557_600;
        guard.Follow(new MeterTime(1_000, Clock + Leap));
        Assert.Equal((true, 0L), (guard.Jumped, guard.Trusted));
        guard.Follow(new MeterTime(3_600_000, Clock + Leap + 3_599));
        Assert.Equal((false, 0L), (guard.Jumped, guard.Trusted));
        guard.Follow(new MeterTime(3_601_000, Clock + Leap + 3_600));
        Assert.Equal(Clock + Leap + 3_600, guard.Trusted);
    }

    [Fact]
    public void ASecondOfCorrection_ChangesNothing()
    {
        var guard = new ClockGuard();
        guard.Start(new MeterTime(0, Clock), Clock);
        guard.Follow(new MeterTime(10_000, Clock + 11));
        Assert.Equal(Clock + 11, guard.Trusted);
    }
}
