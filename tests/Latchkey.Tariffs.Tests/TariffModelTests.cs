using System.Text.Json;
using CsCheck;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

public sealed class TariffModelTests
{
    private static readonly DateOnly NewYear = new(2026, 1, 1);

    [Fact]
    public void InForce_OnTheDayOfAChange_IsTheNewVersion()
    {
        Tariff old = Flat("1") with { Valid = new Validity(null, NewYear.AddDays(-1)) };
        var book = new TariffBook([Flat("2") with { Valid = new Validity(NewYear, null) }, old]);
        Assert.Equal("1", book.InForce("FLAT", NewYear.AddDays(-1))!.Blocks[0].Rate.ToString());
        Assert.Equal("2", book.InForce("FLAT", NewYear)!.Blocks[0].Rate.ToString());
        Assert.Null(book.InForce("OTHER", NewYear));
    }

    [Fact]
    public void Book_WithTwoVersionsForOneDay_IsRefused()
    {
        Tariff old = Flat("1") with { Valid = new Validity(null, NewYear) };
        Assert.Throws<ArgumentException>(() => new TariffBook([old, Flat("2") with { Valid = new Validity(NewYear, null) }]));
    }

    public static TheoryData<string, string> Unsound => new()
    {
        { "blocks", """[{"from":1,"to":null,"rate":1}]""" },
        { "blocks", """[{"from":0,"to":null,"rate":1},{"from":5,"to":null,"rate":1}]""" },
        { "blocks", """[{"from":0,"to":0,"rate":1}]""" },
        { "blocks", """[{"from":0,"to":null,"rate":-1}]""" },
        { "blocks", """[]""" },
        { "blocks", """[{"from":0,"to":null,"rate":"1"}]""" },
        { "vat", """{"rate":0.1,"base":["dust"]}""" },
        { "vat", """{"rate":-0.1,"base":["energy"]}""" },
        { "levies", """[{"name":"a","basis":"pct_of_gross","rate":1}]""" },
        { "levies", """[{"name":"a","basis":"pct_of_energy","rate":-1}]""" },
        { "levies", """[{"name":"energy","basis":"per_kwh","rate":1}]""" },
        { "levies", """[{"name":"a","basis":"per_moon","rate":1}]""" },
        { "fixed", """[{"name":"a","amount":-1}]""" },
        { "valid", "\"yesterday\"" },
        { "minor_digits", "9" },
        { "rounding", "\"down\"" },
        { "rounding", "1" },
    };

    [Theory, MemberData(nameof(Unsound))]
    public void TryRead_AnUnsoundTariff_SaysWhy(string field, string value)
    {
        const string Sound = """{"id":"A","currency":"CNY","minor_digits":2,"blocks":[{"from":0,"to":null,"rate":1}]}""";
        using JsonDocument sound = JsonDocument.Parse(Sound), change = JsonDocument.Parse($$"""{"{{field}}":{{value}}}""");
        Assert.True(TariffJson.TryRead(sound.RootElement, out _, out _));
        Assert.False(TariffJson.TryRead(TariffJson.Override(sound.RootElement, change.RootElement), out Tariff? tariff, out string? fault));
        Assert.Null(tariff);
        Assert.NotNull(fault);
    }

    [Theory]
    [InlineData(Accumulation.CalendarMonth, "2026-02-01")]
    [InlineData(Accumulation.CalendarYear, "2026-01-01")]
    [InlineData(Accumulation.Anniversary, "2025-05-17")]
    public void StartOf_APeriod_IsItsFirstDay(Accumulation kind, string expected) => Assert.Equal(
        DateOnly.Parse(expected), AccumulationPeriod.StartOf(kind, new DateOnly(2026, 2, 28), anniversary: new DateOnly(2020, 5, 17)));

    [Fact]
    public void StartOf_AnAnniversaryOn29February_IsThe28thInOtherYears() => Assert.Equal(
        new DateOnly(2026, 2, 28),
        AccumulationPeriod.StartOf(Accumulation.Anniversary, new DateOnly(2026, 3, 1), anniversary: new DateOnly(2024, 2, 29)));

    [Fact]
    public void StartOf_AnyDay_IsNotAfterIt() =>
        Gen.Select(Gen.Int[700_000, 760_000], Gen.Int[700_000, 760_000]).Sample((day, own) =>
        {
            DateOnly today = DateOnly.FromDayNumber(day);
            DateOnly start = AccumulationPeriod.StartOf(Accumulation.Anniversary, today, DateOnly.FromDayNumber(own));
            return start <= today && start > today.AddDays(-367);
        });
}
