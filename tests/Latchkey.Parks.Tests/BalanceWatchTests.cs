using CsCheck;
using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging.Notices;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Messages;
using Latchkey.Quantities;

namespace Latchkey.Parks.Tests;

public sealed class BalanceWatchTests : IDisposable
{
    private readonly ParkWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Balance_FallingBelowTenYuan_RemindsOnceInTheExactWords()
    {
        await ReportAsync(30_000, 12_000, 9_990, 8_000, 7_000);
        Notice reminder = Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
        Assert.Equal(("余额不足10元，请及时充值", "Your balance is less than 10 yuan; please top up promptly"), (reminder.Text.Chinese, reminder.Text.English));
        Assert.Equal(("9.99元", "101"), (reminder.Values[NoticeValues.Balance], reminder.Values[NoticeValues.Room]));
    }

    [Fact]
    public async Task Balance_OfExactlyTenYuan_IsNotLow()
    {
        await ReportAsync(10_000);
        Assert.Empty(_world.Phone.Shown);
    }

    [Fact]
    public async Task Balance_TremblingAroundTheThreshold_RemindsOnce()
    {
        await ReportAsync(10_100, 9_900, 10_100, 9_900, 14_900, 9_900);
        Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
    }

    [Fact]
    public async Task Balance_RearmedAboveFifteen_RemindsAgain()
    {
        await ReportAsync(9_000, 15_000, 9_000);
        Assert.Equal(2, _world.Phone.OfKind(NoticeKind.LowBalance).Count());
    }

    [Fact]
    public async Task Reminder_AfterARestart_IsNotRepeated()
    {
        await ReportAsync(9_000);
        _world.Restart();
        await ReportAsync(8_900, 8_800);
        Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
    }

    [Fact]
    public async Task Reading_StoredJustBeforeADeath_IsLookedAtAfterwards()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(15));
        _world.Report(9_000);
        _world.Restart();
        await _world.LiveAsync(TimeSpan.FromMinutes(3));
        Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
    }

    [Fact]
    public async Task Death_AtEveryMomentOfAReminder_RemindsOnce()
    {
        bool died = true;
        int moment = 0;
        while (died)
        {
            using var world = new ParkWorld();
            died = await RemindAsync(world, ++moment);
            Assert.Single(world.Phone.OfKind(NoticeKind.LowBalance));
        }

        Assert.InRange(moment, 5, 200);
    }

    [Fact]
    public async Task CreditEnded_WithTheSwitchOpen_IsToldOnce()
    {
        await ReportAsync(5_000);
        for (int i = 0; i < 3; i++) await ReportAtAsync(_world.Now.AddMinutes(15), 0, isSupplied: false);
        Assert.Single(_world.Phone.OfKind(NoticeKind.SupplyOff));
        await ReportAtAsync(_world.Now.AddMinutes(15), 20_000, isSupplied: true);
        await ReportAtAsync(_world.Now.AddMinutes(15), -5, isSupplied: false);
        Assert.Equal(2, _world.Phone.OfKind(NoticeKind.SupplyOff).Count());
    }

    [Fact]
    public async Task SwitchOpen_WithCreditLeft_IsNotAboutCredit()
    {
        await ReportAtAsync(_world.Now.AddMinutes(15), 40_000, isSupplied: false);
        Assert.Empty(_world.Phone.Shown);
    }

    [Fact]
    public async Task NewTenant_IsNotToldOfTheFormerOnesCrossing()
    {
        await ReportAsync(9_000);
        await _world.Occupancies.MoveOutAsync(ParkWorld.RoomId, _world.Now, null, CancellationToken.None);
        await ReportAsync(8_000);
        await _world.Occupancies.MoveInAsync(TestMeters.Id(906), ParkWorld.RoomId, ParkWorld.TenantId, _world.Now, null, CancellationToken.None);
        Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
        await ReportAsync(7_000); // as low as it was at move-in: the new tenant saw it, and nothing fell
        Assert.Single(_world.Phone.OfKind(NoticeKind.LowBalance));
        await ReportAsync(12_000, 9_500); // the first fall in this occupancy
        Assert.Equal(2, _world.Phone.OfKind(NoticeKind.LowBalance).Count());
    }

    /// <summary>Readings in any order, some of them twice: no crossing is told twice, and one that the newest reading shows is told.</summary>
    [Fact]
    public async Task Readings_InAnyOrderAndRepeated_TellEachCrossingAtMostOnceAndTheLastingOne()
    {
        Gen<(long[] Credits, int[] Order)> story = Gen.Long[7_000, 17_000].Array[2, 14].SelectMany(
            credits => Gen.Shuffle(Enumerable.Range(0, credits.Length).ToArray()).SelectMany(
                order => Gen.Int[0, credits.Length - 1].Array[0, 4].Select(again => (credits, order.Concat(again).ToArray()))));
        await story.SampleAsync(async sample => await AssertToldRightlyAsync(sample.Credits, sample.Order), iter: 150);
    }

    [Fact]
    public async Task Readings_InOrder_TellEveryCrossing() => await Gen.Long[7_000, 17_000].Array[2, 14].SampleAsync(
        async credits =>
        {
            using var world = new ParkWorld();
            await FeedAsync(world, credits, [.. Enumerable.Range(0, credits.Length)]);
            Assert.Equal(Crossings(world, credits).Count, world.Phone.OfKind(NoticeKind.LowBalance).Count());
        },
        iter: 60);

    [Theory]
    [InlineData(10, "余额不足10元，请及时充值")]
    [InlineData(20, "余额不足20元，请及时充值")]
    public void ReminderFor_AThreshold_FitsAThingField(int yuan, string expected)
    {
        string chinese = TenantMessages.ReminderFor(Money.FromMajor(yuan, Currency.Cny)).Chinese;
        Assert.Equal(expected, chinese);
        Assert.InRange(chinese.Length, 1, 20);
    }

    private static async Task AssertToldRightlyAsync(long[] credits, int[] order)
    {
        using var world = new ParkWorld();
        await FeedAsync(world, credits, order);
        DateTimeOffset[] told = [.. world.Store.FindWatch(world.Meter.Pan)!.Notices.Where(n => n.Kind == WatchNews.LowBalance).Select(n => n.About)];
        IReadOnlyList<Episode> crossings = Crossings(world, credits);
        bool shows = credits[^1] < 10_000;
        Assert.All(crossings, crossing => Assert.InRange(told.Count(crossing.Contains), crossing.End is null && shows ? 1 : 0, 1));
        Assert.All(told, at => Assert.Contains(crossings, crossing => crossing.Contains(at)));
        Assert.Equal(told.Length, world.Phone.OfKind(NoticeKind.LowBalance).Count());
    }

    private static async Task FeedAsync(ParkWorld world, long[] credits, int[] order)
    {
        DateTimeOffset start = world.Now;
        world.Clock.Advance(TimeSpan.FromMinutes(15 * (credits.Length + 1)));
        foreach (int i in order)
        {
            world.Report(credits[i], At(start, i));
            await world.PumpAsync();
        }
    }

    private static IReadOnlyList<Episode> Crossings(ParkWorld world, long[] credits)
    {
        DateTimeOffset start = world.Now - TimeSpan.FromMinutes(15 * (credits.Length + 1));
        return Hysteresis.Low(p => p.CreditMilli / 10, 1_000, 1_500).Episodes(credits.Select((credit, i) => new BalancePoint(At(start, i), credit, true)));
    }

    private static DateTimeOffset At(DateTimeOffset start, int i) => start.AddMinutes(15 * (i + 1));

    private static async Task<bool> RemindAsync(ParkWorld world, int moment)
    {
        world.Clock.Advance(TimeSpan.FromMinutes(15));
        world.Plan.DieAt(moment);
        bool died = false;
        try
        {
            world.Report(9_000);
            await world.LiveAsync(TimeSpan.FromMinutes(3));
        }
        catch (ProcessDied)
        {
            died = true;
        }

        world.Plan.DieAt(0);
        world.Restart();
        world.Report(8_900); // the next reading comes whatever happened to the one before
        await world.LiveAsync(TimeSpan.FromMinutes(3));
        return died;
    }

    private async Task ReportAsync(params long[] credits)
    {
        foreach (long credit in credits) await ReportAtAsync(_world.Now.AddMinutes(15), credit, isSupplied: true);
    }

    private async Task ReportAtAsync(DateTimeOffset at, long credit, bool isSupplied)
    {
        _world.Clock.Set(at);
        _world.Report(credit, isSupplied: isSupplied);
        await _world.PumpAsync();
    }
}
