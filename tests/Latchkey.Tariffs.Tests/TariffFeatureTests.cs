using System.Text;
using System.Text.Json;
using CsCheck;
using Latchkey.Quantities;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

/// <summary>Taxes inside the price, subsidies, levies by date, prices by the clock, files out and in again, explanations, the simulator.</summary>
public sealed class TariffFeatureTests
{
    private static readonly DateOnly February = new(2024, 2, 1);

    [Fact]
    public void Vat_InsideThePrice_IsThatShareOfIt()
    {
        PriceBreakdown price = Pricing.UnitsFor(Flat("0.86") with { Vat = new ValueAddedTax(R("0.14"), ["energy"], IsInclusive: true) }, R("100"), PurchaseState.Fresh).Price();
        Assert.Equal((R("100"), R("86"), R("14")), (price.Units, price.NetEnergy, price.Vat));
    }

    [Fact]
    public void Subsidy_UpToAPoint_EndsThere()
    {
        Tariff helped = Flat("2") with { Subsidies = [new Subsidy("lifeline", LevyBasis.PerKilowattHour, R("1.5"), R("50"))] };
        PriceBreakdown price = Pricing.UnitsFor(helped, R("65"), PurchaseState.Fresh).Price();
        Assert.Equal((R("70"), R("75")), (price.Units, price.Subsidies.Single().Amount));
        Assert.Equal(R("65"), Pricing.CostOf(helped, R("70"), PurchaseState.Fresh).Price().Gross);
        Assert.Single(price.Blocks);
    }

    [Fact]
    public void Levy_ByDate_IsTheDaysRate()
    {
        var book = new TariffBook([Flat("1") with { Levies = [new Levy("fuel", LevyBasis.PerKilowattHour, R("0"), [new DatedRate(new Validity(February, null), R("1"))])] }]);
        Assert.Equal(R("10"), Pricing.CostOf(book.InForce("FLAT", February.AddDays(-1))!, R("10"), PurchaseState.Fresh).Price().Gross);
        Assert.Equal(R("20"), Pricing.CostOf(book.InForce("FLAT", February)!, R("10"), PurchaseState.Fresh).Price().Gross);
    }

    [Fact]
    public void Minimum_JudgesWhatIsTendered()
    {
        Tariff least = Flat("1") with { Minimum = R("5") };
        Assert.IsType<PriceOutcome.Refused>(Pricing.UnitsFor(least, R("4.99"), PurchaseState.Fresh));
        Assert.Equal(R("5"), Pricing.UnitsFor(least, R("5"), PurchaseState.Fresh).Price().Units);
    }

    private const string ByTheClock = """
        {"id":"TOU","currency":"UGX","minor_digits":0,"vat":{"rate":0.18,"base":["energy"]},
         "time_of_use":{"seasons":[{"name":"dry","from":"12-01","to":"02-28"}],"holidays":["2024-12-25"],
          "periods":[{"name":"holiday","days":["holidays"],"from":"00:00","to":"24:00","rate":300},
                     {"name":"dry peak","season":"dry","days":["weekdays"],"from":"18:00","to":"24:00","rate":800},
                     {"name":"peak","from":"18:00","to":"24:00","rate":700},
                     {"name":"shoulder","from":"00:00","to":"18:00","rate":500}]}}
        """;

    private static Tariff Clock => Read(ByTheClock);

    [Fact]
    public void TimeOfUse_SoldBeforehand_IsRefused()
    {
        Assert.Equal(new PriceOutcome.Refused(PriceRefusal.TimeOfUse), Pricing.UnitsFor(Clock, R("1000"), PurchaseState.Fresh));
        Assert.Equal(new PriceOutcome.Refused(PriceRefusal.TimeOfUse), Pricing.CostOf(Clock, R("1"), PurchaseState.Fresh));
    }

    // Half an hour on each side of 18:00 on a Friday in July, in December, and on Christmas.
    [Theory]
    [InlineData("2024-07-05T17:30:00", 2, "1200")]
    [InlineData("2024-12-06T17:30:00", 2, "1300")]
    [InlineData("2024-12-25T17:30:00", 2, "600")]
    [InlineData("2024-12-07T17:30:00", 2, "1200")]
    public void CostOf_EnergyUsed_IsByItsClock(string start, int units, string net)
    {
        PriceBreakdown price = UsePricing.CostOf(Clock, [new UsedEnergy(DateTime.Parse(start), 60, Rational.FromInteger(units))]).Price();
        Assert.Equal((R(net), R(net) * R("1.18")), (price.NetEnergy, price.Gross));
    }

    [Theory]
    [InlineData("\"to\":\"17:00\",\"rate\":500", "time_of_use: no price at 2024-01-01 17:00")]
    [InlineData("\"to\":\"18:00\",\"rate\":-5", "time_of_use.periods[3].rate: below zero")]
    [InlineData("\"to\":\"18h\",\"rate\":500", "time_of_use.periods[3]: to is a time such as 17:30, not '18h'")]
    public void TimeOfUse_ThatIsUnsound_SaysWhere(string change, string fault)
    {
        using JsonDocument json = JsonDocument.Parse(ByTheClock.Replace("\"to\":\"18:00\",\"rate\":500", change));
        Assert.False(TariffJson.TryRead(json.RootElement, out _, out string? said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void Write_AnyTariff_IsReadBackAsItWas()
    {
        Gen.Select(AnyTariff, Gen.Bool, Gen.Bool).Sample((tariff, days, customer) =>
        {
            Tariff full = tariff with { ProRata = days ? ProRataRule.Days : ProRataRule.FirstDay, AccumulationKey = customer ? AccumulationKey.Customer : AccumulationKey.Meter };
            return Written(Read(Written(full))) == Written(full);
        });
        Assert.Equal(Written(Clock), Written(Read(Written(Clock))));
    }

    [Fact]
    public void Explanation_OfAQuote_TellsEachLine()
    {
        Quote quote = Quoting.For(Rich(), Money.FromMajor(300m, Currency.Cny), PurchaseState.Fresh, tenths => tenths).Quote();
        IReadOnlyList<string> lines = PriceExplanation.Of(quote);
        Assert.Contains("energy 100 kWh at 1.1 = ", lines[1]);
        Assert.Contains(lines, l => l.Contains("tax 15 % = "));
        Assert.Contains(lines, l => l.Contains("the token carries 125.8 kWh"));
    }

    [Fact]
    public void Simulation_OfLastMonth_TellsEachMeterItsChange()
    {
        var before = new TariffBook([Flat("1") with { Fixed = [new FixedCharge("service", R("10"))] }]);
        var after = new TariffBook([Flat("1.2")]);
        PastPurchase[] month = [new("B", February, R("100")), new("A", February, R("10")), new("A", February.AddDays(9), R("20"))];
        Assert.Equal(
            [("A", R("30"), R("40"), R("36")), ("B", R("100"), R("110"), R("120"))],
            TariffSimulation.Run(before, "FLAT", after, "FLAT", month).Select(m => (m.Meter, m.Units, m.Before, m.After)));
    }

    private static Tariff Read(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        Assert.True(TariffJson.TryRead(json.RootElement, out Tariff? tariff, out string? fault), fault);
        return tariff!;
    }

    private static string Written(Tariff tariff)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) TariffWriter.Write(json, tariff);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
