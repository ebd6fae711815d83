using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

/// <summary>Fixed charges by month, day, kW and year, across changes of price. Whatever the version, nothing is taken twice.</summary>
public sealed class FixedAccrualTests
{
    private static readonly DateOnly Change = new(2015, 12, 14);

    private static TariffBook Book(ProRataRule rule, ChargePeriod per = ChargePeriod.Month, bool accumulates = false) => new(
    [
        Flat("1") with { Valid = new Validity(null, Change.AddDays(-1)), Fixed = [new FixedCharge("service", R("31"), per, null, accumulates)], ProRata = rule },
        Flat("2") with { Valid = new Validity(Change, null), Fixed = [new FixedCharge("service", R("62"), per, null, accumulates)], ProRata = rule },
    ]);

    private static Rational Due(TariffBook book, DateOnly day, Rational collected, DateOnly? since = null, Rational? kilowatts = null) => FixedAccrual.Due(
        book, book.InForce("FLAT", day)!, day, new FixedStanding(since, kilowatts, (_, month) => month == new DateOnly(day.Year, day.Month, 1) ? collected : Rational.Zero))!.Single();

    // Accra, December 2015: a change in the middle of the month was charged from its first day, and again to who had paid already.
    [Fact]
    public void Due_AfterAChangeInTheMonth_ForWhoHasPaidTheMonth_IsNothing()
    {
        Assert.Equal(R("0"), Due(Book(ProRataRule.FirstDay), Change.AddDays(3), R("31")));
        Assert.Equal(R("31"), Due(Book(ProRataRule.FirstDay), Change.AddDays(3), R("0")));
        Assert.Equal(R("62"), Due(Book(ProRataRule.FirstDay), new DateOnly(2016, 1, 2), R("0")));
    }

    // Thirteen days at 31 and eighteen at 62 a month of 31 days: 13 + 36.
    [Theory]
    [InlineData("0", "49")]
    [InlineData("31", "18")]
    [InlineData("49", "0")]
    public void Due_ByDays_IsEachVersionsShareLessWhatWasTaken(string collected, string due) =>
        Assert.Equal(R(due), Due(Book(ProRataRule.Days), Change.AddDays(3), R(collected)));

    // Kampala, December 2020: customers moved to a new system paid the service fee twice. The month counts, not the system that asks.
    [Fact]
    public void Due_AfterAMoveToAnotherTariff_ForWhoHasPaidTheMonth_IsNothing()
    {
        Tariff moved = Flat("3") with { Id = "NEW", Fixed = [new FixedCharge("service", R("31"))] };
        var book = new TariffBook([.. Book(ProRataRule.FirstDay).All, moved]);
        IReadOnlyList<Rational> due = FixedAccrual.Due(book, moved, Change, new FixedStanding(null, null, (_, _) => R("31")))!;
        Assert.Equal([R("0")], due);
    }

    [Fact]
    public void Due_PerDay_GrowsWithTheDays() =>
        Assert.Equal((R("31") * R("13")) + (R("62") * R("2")), Due(Book(ProRataRule.FirstDay, ChargePeriod.Day), new DateOnly(2015, 12, 15), R("0")));

    [Fact]
    public void Due_OfMonthsWithoutAPurchase_AccumulatesAndNoLongerThanAYear()
    {
        TariffBook book = Book(ProRataRule.FirstDay, accumulates: true);
        DateOnly day = new(2016, 4, 10);
        Assert.Equal(R("62") * R("4") + R("31"), Due(book, day, R("0"), since: new DateOnly(2015, 12, 1)));
        Assert.Equal(R("62"), Due(Book(ProRataRule.FirstDay), day, R("0"), since: new DateOnly(2015, 12, 1)));
        Assert.Equal(R("62") * R("12"), Due(book, new DateOnly(2020, 4, 10), R("0"), since: new DateOnly(2010, 1, 1)));
    }

    [Fact]
    public void Due_PerKilowatt_IsTheDemandTimesTheCharge_AndUnknownWithoutOne()
    {
        TariffBook book = Book(ProRataRule.FirstDay, ChargePeriod.KilowattMonth);
        Assert.Equal(R("77.5"), Due(book, Change, R("0"), kilowatts: R("2.5")));
        Assert.Null(FixedAccrual.Due(book, book.InForce("FLAT", Change)!, Change, new FixedStanding(null, null, (_, _) => R("0"))));
    }

    [Fact]
    public void Due_PerYear_IsOnceAYear()
    {
        TariffBook book = Book(ProRataRule.FirstDay, ChargePeriod.Year);
        Assert.Equal(R("62"), Due(book, new DateOnly(2016, 7, 1), R("0")));
        IReadOnlyList<Rational> later = FixedAccrual.Due(
            book, book.InForce("FLAT", new DateOnly(2016, 7, 1))!, new DateOnly(2016, 7, 1),
            new FixedStanding(null, null, (_, month) => month == new DateOnly(2016, 2, 1) ? R("62") : R("0")))!;
        Assert.Equal([R("0")], later);
    }
}
