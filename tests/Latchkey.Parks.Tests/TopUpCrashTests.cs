using CsCheck;

namespace Latchkey.Parks.Tests;

public sealed class TopUpCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TopUp_WithADeathAtEveryMoment_IsOneOfEach()
    {
        int moment = 0;
        bool died = true;
        while (died)
        {
            using var world = new ParkWorld();
            died = await TopUpStory.LiveAsync(world, ++moment);
            TopUpStory.AssertOnceEach(world);
            Assert.Equal(1, world.OrderBook.TokensMade);
        }

        output.WriteLine($"{moment - 1} moments");
        Assert.InRange(moment, 30, 500); // a story without moments would prove nothing
    }

    [Fact]
    public async Task TopUp_WithTwoDeathsAnywhere_IsOneOfEach() => await Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).SampleAsync(
        async (first, second) =>
        {
            using var world = new ParkWorld();
            await TopUpStory.LiveAsync(world, first, second);
            TopUpStory.AssertOnceEach(world);
        },
        iter: 60);

    [Fact]
    public async Task Plan_ThatNeverDies_IsNotCountedAsADeath()
    {
        using var world = new ParkWorld();
        Assert.False(await TopUpStory.LiveAsync(world, 100_000));
    }
}
