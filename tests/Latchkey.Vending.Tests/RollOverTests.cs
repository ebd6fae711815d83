using Latchkey.Sts;

namespace Latchkey.Vending.Tests;

/// <summary>Rehearsals of the end of a base date, and the forecast of who goes dark when.</summary>
public sealed class RollOverTests
{
    private static readonly DateOnly End = new(2024, 11, 24);

    [Fact]
    public void Rehearsal_WhenNobodyDoesAnything_EndsDarkAsForecast()
    {
        RollOverReport report = Run(Options(programme: null));
        Assert.Equal(new DateTime(2024, 11, 24, 20, 15, 0), report.End);
        Assert.Equal(0, report.ConvertedAtLast);
        Assert.All(report.Days.Where(d => d.Day < End), d => Assert.Equal(0, d.Dark));
        Assert.True(report.RefusedSales > 0);
        Assert.Equal(report.ForecastDarkAfterTheEnd, report.Days[^1].Dark);
        Assert.True(report.Days[^1].Dark > report.Meters * 8 / 10);
        Assert.Equal(0, report.CreditedTwice);
    }

    [Theory]
    [InlineData(1993)]
    [InlineData(2014)]
    public void Rehearsal_WithAProgramme_BringsNearlyAllOverAndCreditsNothingTwice(int year)
    {
        Assert.True(BaseDate.TryFromYear(year, out BaseDate old));
        RollOverOptions options = Options(programme: null) with { OldBase = old };
        DateOnly end = DateOnly.FromDateTime(options.End);
        options = options with { Programme = RollOverProgramme.InParts(options.Feeders, 2, options.FirstDay, 14, end.AddDays(-21), 2) };
        RollOverReport report = Run(options);
        Assert.True(report.ConvertedBeforeTheEnd > report.Meters * 9 / 10, $"{report.ConvertedBeforeTheEnd} of {report.Meters}");
        Assert.Equal(report.Meters, report.Cohorts.Sum(c => c.Meters));
        Assert.Equal(report.ConvertedBeforeTheEnd, report.Cohorts.Sum(c => c.ConvertedBeforeTheEnd));
        Assert.Equal(0, report.RefusedSales);
        Assert.Equal(0, report.CreditedTwice);
        Assert.True(report.Days[^1].Dark < report.Meters / 50);
        Assert.True(report.RefusedByMeters["CrcError"] > 0); // some typed in the wrong order
        Assert.True(report.RefusedByMeters["UsedError"] > 0); // some typed twice
    }

    [Fact]
    public void Rehearsal_OfTheSameSeed_GivesTheSameDays()
    {
        RollOverOptions options = Options(RollOverProgramme.InParts(20, 4, new DateOnly(2024, 10, 6), 7, null, 0));
        Assert.Equal(Run(options).Days, Run(options).Days);
        Assert.NotEqual(Run(options).Days, Run(options with { Seed = 8 }).Days);
    }

    [Theory]
    [InlineData(100, 50, "2024-11-25")] // ends before the last identifier: buys until then, dark the day after
    [InlineData(100_000, 50, "2030-04-13")]
    [InlineData(100, 0, "9999-12-31")]
    [InlineData(long.MaxValue, 1, "9999-12-31")]
    public void Forecast_DarkOn_IsTheFirstDayWithoutCreditThatNoPurchaseEnds(long credit, int use, string expected) =>
        Assert.Equal(DateOnly.Parse(expected), RollOverForecast.DarkOn(new WaitingMeter(1, credit, use), new DateOnly(2024, 10, 20), End));

    [Fact]
    public void Forecast_OfFeeders_CountsWhoIsDarkByEachDay()
    {
        FeederForecast forecast = Assert.Single(RollOverForecast.Of(
            [new WaitingMeter(7, 100, 50), new WaitingMeter(7, 5_000, 50), new WaitingMeter(7, 100_000, 50)], End, End, [End.AddDays(3), End.AddDays(101)]));
        Assert.Equal((7, 3), (forecast.Feeder, forecast.Waiting));
        Assert.Equal([1, 2], forecast.DarkBy);
    }

    [Fact]
    public void Programme_InParts_CoversEveryFeederOnce()
    {
        RollOverProgramme programme = RollOverProgramme.InParts(7, 3, End, 10, null, 0);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], programme.Cohorts.SelectMany(c => Enumerable.Range(c.FirstFeeder, c.LastFeeder - c.FirstFeeder + 1)));
        Assert.True(programme.IsDue(0, End));
        Assert.False(programme.IsDue(6, End.AddDays(19)));
        Assert.True(programme.IsDue(6, End.AddDays(20)));
    }

    private static RollOverOptions Options(RollOverProgramme? programme) => new(BaseDate.Year1993, Meters: 300, DaysBefore: 49, DaysAfter: 40, Seed: 7, programme);

    private static RollOverReport Run(RollOverOptions options)
    {
        using var rehearsal = new RollOverRehearsal(options);
        return rehearsal.Run(progress: null, CancellationToken.None);
    }
}
