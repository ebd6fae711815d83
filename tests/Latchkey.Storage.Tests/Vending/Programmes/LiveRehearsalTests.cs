using Latchkey.Storage.Vending.Rehearsal;
using Latchkey.Sts;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>The live programme lived through in virtual time, with what may go otherwise than planned.</summary>
public sealed class LiveRehearsalTests
{
    private static readonly Lazy<Task<LiveRehearsalReport>> Planned = new(() => RunAsync(RehearsalVariant.AsPlanned, 1993));

    [Theory]
    [InlineData(RehearsalVariant.AsPlanned, 1993)]
    [InlineData(RehearsalVariant.AsPlanned, 2014)]
    [InlineData(RehearsalVariant.SetsLost, 1993)]
    [InlineData(RehearsalVariant.EarlyExpiry, 1993)]
    public async Task Rehearsal_WithAProgrammeInTime_BringsWhoBuysOverAndKeepsTheBooks(RehearsalVariant variant, int year)
    {
        LiveRehearsalReport report = await RunAsync(variant, year);
        AssertSound(report);
        Assert.True(report.ChangedByTheEnd > report.Meters * 85 / 100, $"{report.ChangedByTheEnd} of {report.Meters}");
        
        // Keys that end before their customers' turn is forecast are counted late: early expiry lowers the forecast, not what happens.
        Assert.InRange(report.ForecastChanged, report.Meters * 40 / 100, report.Meters);

        // A key that ends before its cohort has begun is what the rehearsal is there to show; nothing else may be refused.
        Assert.Equal(variant == RehearsalVariant.EarlyExpiry ? ["key-expired"] : [], report.Refusals.Keys);
    }

    [Fact]
    public async Task Rehearsal_AtAThirdOfThePace_IsBehindAllAlongAndRefusesNobody()
    {
        LiveRehearsalReport planned = await Planned.Value;
        LiveRehearsalReport report = await RunAsync(RehearsalVariant.ThirdOfThePace, 1993);
        AssertSound(report);
        Assert.True(report.Days.Sum(d => d.Changed) < planned.Days.Sum(d => d.Changed));
        Assert.True(report.ForecastChanged <= planned.ForecastChanged);

        // Past the end every purchase carries its set whatever the pace.
        Assert.Equal(0, report.Refusals.Values.Sum());
    }

    [Fact]
    public async Task Rehearsal_ThatBeginsTenDaysBeforeTheEnd_LeavesSomeForAfterwardsAndRefusesNobody()
    {
        LiveRehearsalReport planned = await Planned.Value, report = await RunAsync(RehearsalVariant.StartedLate, 1993);
        AssertSound(report);
        Assert.All(report.Days.Where(d => d.Day < DateOnly.FromDateTime(report.End).AddDays(-10)), day => Assert.Equal((0, 0), (day.Changed, day.Proven)));
        Assert.InRange(report.ChangedByTheEnd, 1, planned.ChangedByTheEnd - 1);
        Assert.True(report.ForecastChanged <= planned.ForecastChanged, $"{report.ForecastChanged} forecast, {planned.ForecastChanged} in time");

        // Who was not reached in ten days is brought over afterwards: with the next purchase, or by the crews, who have more to visit.
        Assert.Equal(report.Meters, report.ChangedAtLast);
        Assert.True(Visits(report) > Visits(planned), $"{Visits(report)} visits, {Visits(planned)} in time");
        Assert.Equal(0, report.Refusals.Values.Sum());
    }

    [Fact]
    public async Task Rehearsal_WhereManyNeverBuy_IsFinishedByTheCrews()
    {
        LiveRehearsalReport planned = await Planned.Value, report = await RunAsync(RehearsalVariant.NeverBuys, 1993);
        AssertSound(report);
        Assert.True(report.Sales < planned.Sales);
        Assert.True(report.ForecastChanged < planned.ForecastChanged, "habits say that they will not come");
        Assert.True(report.DarkAtLast > planned.DarkAtLast);
        int offTheCrews = Visits(report);
        Assert.True(offTheCrews > Visits(planned), $"{offTheCrews} visits");

        // Nobody's set went with a purchase that never was: before the crews set out, those who never buy are what is missing.
        LiveRehearsalDay eve = report.Days.Last(d => d.Day <= DateOnly.FromDateTime(report.End).AddDays(-21));
        Assert.Equal(0, report.Days.Where(d => d.Day <= eve.Day).Sum(d => d.Visited));
        Assert.InRange(eve.Changed, 1, report.Meters - offTheCrews);
        Assert.Equal(0, report.Refusals.Values.Sum());
    }

    [Fact]
    public async Task Rehearsal_WithSetsTypedFromTheLastToTheFirst_CostsVisitsToTheTillButNoCredit()
    {
        LiveRehearsalReport planned = await Planned.Value, report = await RunAsync(RehearsalVariant.WrongOrder, 1993);
        AssertSound(report);

        // The credit before its key is refused and comes to nobody twice; the parts of a key are taken in either order.
        Assert.True(report.Answers["CrcError"] > planned.Answers["CrcError"]);
        Assert.True(report.Answers.GetValueOrDefault("SecondKeyChangeToken") > planned.Answers.GetValueOrDefault("SecondKeyChangeToken"));
        Assert.True(report.Sales > planned.Sales, "who typed it wrongly came again");
        Assert.Equal((planned.ChangedByTheEnd, planned.DarkAtLast), (report.ChangedByTheEnd, report.DarkAtLast));
        Assert.Equal(0, report.Refusals.Values.Sum());
    }

    private static int Visits(LiveRehearsalReport report) => report.Days.Sum(d => d.Visited);

    private static void AssertSound(LiveRehearsalReport report)
    {
        Assert.Equal((0, 0), (report.CreditedTwice, report.BooksDiffer));
        Assert.True(report.Answers["UsedError"] > 0);
        Assert.True(report.Answers["CrcError"] > 0);
    }

    private static async Task<LiveRehearsalReport> RunAsync(RehearsalVariant variant, int year)
    {
        Assert.True(BaseDate.TryFromYear(year, out BaseDate old));
        using var directory = new TemporaryDirectory();
        using var rehearsal = new LiveRehearsal(new LiveRehearsalOptions(old, 48, 7, variant, directory.Path));
        return await rehearsal.RunAsync(null, CancellationToken.None);
    }
}
