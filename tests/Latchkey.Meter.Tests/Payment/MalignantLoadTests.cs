using Latchkey.Meter.Payment;

namespace Latchkey.Meter.Tests.Payment;

public sealed class MalignantLoadTests
{
    private static readonly MalignantSettings Settings = new(800, 950);

    [Fact]
    public void AKettleOnTopOfALaptop_Trips() => Assert.True(Run((100, 50), (1_600, 50), (1_600, 50), (1_600, 50), (1_600, 50)).IsTripped);

    [Theory]
    [InlineData(700, 0)]
    [InlineData(1_500, 900)]
    public void AStepThatIsSmallOrNotResistive_DoesNot(long watts, long vars) =>
        Assert.False(Run((0, 0), (watts, vars), (watts, vars), (watts, vars), (watts, vars)).IsTripped);

    [Fact]
    public void ASteadyLoadThatGrowsSlowly_DoesNot()
    {
        MalignantLoad now = MalignantLoad.Idle;
        for (int i = 0; i < 40; i++) now = now.After(i * 1_000L, i * 100, 0, Settings);
        Assert.False(now.IsTripped);
    }

    [Fact]
    public void AStartCurrent_OfOneSecond_DoesNot() => Assert.False(Run((0, 0), (2_000, 0), (300, 0), (300, 0), (300, 0)).IsTripped);

    [Fact]
    public void StillPluggedIn_TripsFiveTimesThenWaitsForSomebody()
    {
        MalignantLoad now = MalignantLoad.Idle;
        for (int second = 0; second < 3_600; second++) now = now.After(second * 1_000L, now.IsTripped ? 0 : 1_500, 0, Settings);
        Assert.Equal((true, MalignantLoad.MaxTrips), (now.IsLockedOut, now.Trips));
    }

    private static MalignantLoad Run(params (long Watts, long Vars)[] seconds)
    {
        MalignantLoad now = MalignantLoad.Idle;
        for (int i = 0; i < seconds.Length; i++) now = now.After(i * 1_000L, seconds[i].Watts, seconds[i].Vars, Settings);
        return now;
    }
}
