using CsCheck;
using Latchkey.Meter.Payment.Calendars;

namespace Latchkey.Meter.Tests.Payment;

public sealed class CalendarTests
{
    private static readonly Calendar School = new()
    {
        Schedules =
        [
            [new(0, 3, PeriodRules.SupplyOff), new(7 * 60, 1), new(11 * 60, 0), new(13 * 60, 1), new(22 * 60, 3, PeriodRules.SupplyOff)],
            [new(0, 3, PeriodRules.Friendly), new(8 * 60, 2)],
        ],
        Seasons = [new(3, 1, [0, 0, 0, 0, 0, 1, 1]), new(9, 1, [0, 0, 0, 0, 0, 0, 1])],
        SpecialDays = [new(0, 12, 25, 1), new(2_026, 6, 3, 1)],
    };

    [Theory]
    [InlineData("2026-06-01T06:59", 3, PeriodRules.SupplyOff)]
    [InlineData("2026-06-01T07:00", 1, PeriodRules.None)]
    [InlineData("2026-06-01T11:30", 0, PeriodRules.None)]
    [InlineData("2026-06-01T23:59", 3, PeriodRules.SupplyOff)]
    [InlineData("2026-06-06T01:00", 3, PeriodRules.Friendly)]
    [InlineData("2026-09-05T01:00", 3, PeriodRules.SupplyOff)]
    [InlineData("2026-06-03T12:00", 2, PeriodRules.None)]
    [InlineData("2027-06-03T12:00", 0, PeriodRules.None)]
    [InlineData("2031-12-25T00:30", 3, PeriodRules.Friendly)]
    [InlineData("2027-01-02T00:30", 3, PeriodRules.SupplyOff)]
    public void At_GivesRateAndRules(string local, byte rate, PeriodRules rules) =>
        Assert.Equal(new CalendarMoment(rate, rules), School.At(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Check_FourRatesEightPeriodsTwoSchedules_IsTaken()
    {
        var full = new Calendar
        {
            Schedules = [[.. Enumerable.Range(0, 8).Select(i => new DayPeriod((ushort)(i * 180), (byte)(i % 4)))], [.. Enumerable.Range(0, 8).Select(i => new DayPeriod((ushort)(i * 60), (byte)(3 - (i % 4))))]],
            SpecialDays = [.. Enumerable.Range(0, Calendar.MaxSpecialDays).Select(i => new SpecialDay(0, (byte)(1 + (i % 12)), (byte)(1 + (i % 28)), 1))],
        };
        Assert.Equal(CalendarFault.None, full.Check());
        Assert.Equal(CalendarFault.None, CalendarCodec.TryRead(CalendarCodec.Write(full), out Calendar read));
        Assert.Equal(CalendarCodec.Write(full), CalendarCodec.Write(read));
    }

    public static TheoryData<Calendar, CalendarFault> Wrong => new()
    {
        { School with { Schedules = [] }, CalendarFault.Schedule },
        { School with { Schedules = [[new(60, 0)]] }, CalendarFault.Schedule },
        { School with { Schedules = [[new(0, 4)]] }, CalendarFault.Schedule },
        { School with { Schedules = [[new(0, 0), new(100, 1), new(100, 2)]] }, CalendarFault.Schedule },
        { School with { Seasons = [new(1, 1, [0, 0, 0, 0, 0, 0, 2])] }, CalendarFault.Season },
        { School with { Seasons = [new(2, 30, [0, 0, 0, 0, 0, 0, 0])] }, CalendarFault.Season },
        { School with { Seasons = [new(5, 1, [0, 0, 0, 0, 0, 0, 0]), new(4, 1, [0, 0, 0, 0, 0, 0, 0])] }, CalendarFault.Season },
        { School with { SpecialDays = [new(0, 13, 1, 0)] }, CalendarFault.SpecialDay },
        { School with { SpecialDays = [new(0, 1, 1, 9)] }, CalendarFault.SpecialDay },
        { School with { ActivationClockSeconds = -1 }, CalendarFault.Activation },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Check_SomethingWrong_IsRefusedWithItsReason(Calendar calendar, CalendarFault expected) => Assert.Equal(expected, calendar.Check());

    [Fact]
    public void Codec_AnyBytes_NeverThrow() => Gen.Byte.Array[0, 300].Sample(bytes =>
        CalendarCodec.TryRead(bytes, out Calendar read) != CalendarFault.None || read.At(new DateTime(2026, 2, 28, 23, 59, 0)).Rate < Calendar.Rates);

    [Fact]
    public void At_AnyMinuteOfFourYears_FindsARate()
    {
        for (DateTime at = new(2_026, 1, 1); at.Year < 2_030; at = at.AddMinutes(47)) Assert.InRange(School.At(at).Rate, 0, 3);
    }
}
