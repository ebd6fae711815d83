using Latchkey.Quantities;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

public sealed class PricingTests
{
    [Fact]
    public void UnitsFor_LessThanTheFixedCharge_IsTooLow() =>
        Assert.Equal(PriceRefusal.AmountTooLow, Refusal(Pricing.UnitsFor(Rich(), R("40"), PurchaseState.Fresh)));

    [Fact]
    public void UnitsFor_LessThanACappedFixedCharge_StillBuysEnergy()
    {
        PriceBreakdown price = Pricing.UnitsFor(Rich(maxShare: R("0.5")), R("40"), PurchaseState.Fresh).Price();
        Assert.Equal(R("20"), price.Fixed.Single().Amount * R("1.15"));
        Assert.True(price.Units.Sign > 0);
    }

    [Fact]
    public void UnitsFor_BeyondTheLastBlock_IsRefused()
    {
        Tariff ending = Flat("1") with { Blocks = [new EnergyBlock(Rational.Zero, R("50"), R("1"))] };
        Assert.Equal(R("50"), Pricing.UnitsFor(ending, R("50"), PurchaseState.Fresh).Price().Units);
        Assert.Equal(PriceRefusal.BeyondLastBlock, Refusal(Pricing.UnitsFor(ending, R("50.01"), PurchaseState.Fresh)));
        Assert.Equal(PriceRefusal.BeyondLastBlock, Refusal(Pricing.CostOf(ending, R("50.01"), PurchaseState.Fresh)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void UnitsFor_NoMoney_IsRefused(string amount) =>
        Assert.Equal(PriceRefusal.NotPositive, Refusal(Pricing.UnitsFor(Flat("1"), R(amount), PurchaseState.Fresh)));

    [Fact]
    public void CostOf_AnAverageBand_TakesOneRateForAll()
    {
        Tariff band = Rich() with { Accumulation = Accumulation.AverageBand, Fixed = [], Levies = [], Vat = ValueAddedTax.None };
        Assert.Equal(R("330"), Pricing.CostOf(band, R("300"), PurchaseState.Fresh with { AverageUnits = R("80") }).Price().Gross);
        Assert.Equal(R("690"), Pricing.CostOf(band, R("300"), PurchaseState.Fresh with { AverageUnits = R("120") }).Price().Gross);
    }

    [Fact]
    public void Quote_RoundsUpToTheTokenAndBooksTheDifference()
    {
        Quote quote = Quoting.For(Flat("0.7"), Money.FromMajor(50m, Currency.Cny), PurchaseState.Fresh, tenths => tenths).Quote();
        Assert.Equal(("71.4285714286", 715L), (quote.UnitsAsked.ToString(), quote.TenthsGranted));

        // 0.0714… kWh at 0.70 are 5 fen.
        Assert.Equal(5, quote.RoundingMinorUnits);
    }

    [Fact]
    public void Quote_AboveWhatATokenCarries_IsRefused() => Assert.Equal(
        new QuoteOutcome.Refused(PriceRefusal.BeyondToken),
        Quoting.For(Flat("0.7"), Money.FromMajor(50m, Currency.Cny), PurchaseState.Fresh, tenths => tenths > 700 ? null : tenths));

    [Fact]
    public void Quote_OfLessThanATenth_IsTooLow() => Assert.Equal(
        new QuoteOutcome.Refused(PriceRefusal.AmountTooLow),
        Quoting.For(Flat("0.7"), Money.FromMajor(0.06m, Currency.Cny), PurchaseState.Fresh, tenths => tenths));

    [Fact]
    public void AmountFor_NamedEnergy_BuysThatEnergyAndLessThanATenthMore()
    {
        Money amount = Quoting.AmountFor(Rich(), Currency.Cny, 1_234, PurchaseState.Fresh)!.Value;
        Assert.InRange(Quoting.For(Rich(), amount, PurchaseState.Fresh, tenths => tenths).Quote().TenthsGranted, 1_234, 1_235);
    }

    // By hand: 300 less 2 % and less 40 with tax leaves 248; the first 100 kWh take 1.6765 each, the rest 3.1165.
    [Fact]
    public void Lines_OfARichTariff_ExplainThePrice()
    {
        Quote quote = Quoting.For(Rich(), Money.FromMajor(300m, Currency.Cny), PurchaseState.Fresh, tenths => tenths).Quote();
        Assert.Equal<string[]>(
            [
                "Energy energy 100 x 1.1 = 11000", "Energy energy 25.7821273865 x 2.3 = 5930", "Levy fuel 125.7821273865 x 0.31 = 3899",
                "Levy fund  x 0.05 = 847", "Levy lighting  x 0.02 = 600", "Fixed service  x  = 4000", "Vat vat  x 0.15 = 3724",
            ],
            [.. quote.Lines.Select(l => $"{l.Kind} {l.Name} {l.Units} x {l.Rate} = {l.MinorUnits}")]);
    }

    [Fact]
    public void PersistedEnums_Numbers_ArePinned()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Enum.GetValues<PriceLineKind>().Select(v => (int)v));
        Assert.Equal([1, 2], Enum.GetValues<EnergyRounding>().Select(v => (int)v));
        Assert.Equal([1, 2, 3], Enum.GetValues<LevyBasis>().Select(v => (int)v));
        Assert.Equal([0, 1, 2, 3, 4, 5], Enum.GetValues<Accumulation>().Select(v => (int)v));
        Assert.Equal([1, 2, 3, 4, 5, 6], Enum.GetValues<PriceRefusal>().Select(v => (int)v));
    }

    private static PriceRefusal Refusal(PriceOutcome outcome) => Assert.IsType<PriceOutcome.Refused>(outcome).Reason;
}
