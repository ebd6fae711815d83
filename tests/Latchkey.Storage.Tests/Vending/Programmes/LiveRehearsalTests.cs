using Latchkey.Storage.Vending.Rehearsal;
using Latchkey.Sts;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>The live programme lived through in virtual time, with what may go otherwise than planned.</summary>
public sealed class LiveRehearsalTests
{
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
        LiveRehearsalReport planned = await RunAsync(RehearsalVariant.AsPlanned, 1993);
        LiveRehearsalReport report = await RunAsync(RehearsalVariant.ThirdOfThePace, 1993);
        AssertSound(report);
        Assert.True(report.Days.Sum(d => d.Changed) < planned.Days.Sum(d => d.Changed));
        Assert.True(report.ForecastChanged <= planned.ForecastChanged);

        // Past the end every purchase carries its set whatever the pace.
        Assert.Equal(0, report.Refusals.Values.Sum());
    }

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
