using CsCheck;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

public sealed class PricingLawTests
{
    private static readonly Gen<Rational> Units = Gen.Int[0, 200_000].Select(n => new Rational(n, 100));
    private static readonly Gen<Rational> Amounts = Gen.Int[1, 500_000].Select(n => new Rational(n, 100));

    /// <summary>As many for each of four laws in the long run; a failure prints the seed that repeats it.</summary>
    private static readonly long Cases = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 1_000_000 : 10_000;

    // One pass over random tariffs for all laws of the pair: inverse both ways, monotone, parts that make the whole, a split that changes nothing.
    [Fact]
    public void AnyTariffAndAmount_KeepsTheLawsOfPricing() =>
        Gen.Select(AnyTariff, States, Amounts, Gen.Int[1, 99]).Sample(
            (tariff, state, amount, percent) =>
            {
                if (Pricing.UnitsFor(tariff, amount, state) is not PriceOutcome.Priced { Price: var price }) return true;
                bool inverse = Pricing.CostOf(tariff, price.Units, state).Price().Gross == amount;
                bool parts = price.NetEnergy + price.Vat + Sum(price.Levies) + Sum(price.Fixed) - Sum(price.Subsidies) == price.Gross;
                Rational first = amount * new Rational(percent, 100);
                if (Pricing.UnitsFor(tariff, first, state) is not PriceOutcome.Priced { Price: var one }) return inverse && parts;
                var between = new PurchaseState(state.UnitsBefore + one.Units, state.FixedCollected + Sum(one.Fixed));
                bool split = tariff.Fixed.Any(f => f.MaxShare is not null)
                    || Pricing.UnitsFor(tariff, amount - first, between) is not PriceOutcome.Priced { Price: var two}
                    || one.Units + two.Units == price.Units;
                return inverse && parts && split && one.Units < price.Units;
            },
            iter: Cases);

    [Fact]
    public void UnitsFor_TheCostOfUnits_IsExactlyThoseUnits() =>
        Gen.Select(AnyTariff, States, Units).Sample((tariff, state, units) =>
            Pricing.CostOf(tariff, units, state) is PriceOutcome.Priced { Price.Gross: var gross }
            && (gross.Sign == 0 || Pricing.UnitsFor(tariff, gross, state).Price().Units == units));

    [Fact]
    public void CostOf_TheUnitsForAnAmount_IsExactlyThatAmount() =>
        Gen.Select(AnyTariff, States, Amounts).Sample((tariff, state, amount) =>
            Pricing.UnitsFor(tariff, amount, state) is not PriceOutcome.Priced { Price: var price }
            || Pricing.CostOf(tariff, price.Units, state).Price().Gross == amount);

    [Fact]
    public void UnitsFor_MoreMoney_IsMoreUnits() =>
        Gen.Select(AnyTariff, States, Amounts, Amounts).Sample((tariff, state, amount, more) =>
            Pricing.UnitsFor(tariff, amount, state) is not PriceOutcome.Priced { Price: var less }
            || Pricing.UnitsFor(tariff, amount + more, state).Price().Units > less.Units);

    [Fact]
    public void Breakdown_PartsOfAnyPrice_MakeTheWhole() =>
        Gen.Select(AnyTariff, States, Amounts).Sample((tariff, state, amount) =>
            Pricing.UnitsFor(tariff, amount, state) is not PriceOutcome.Priced { Price: var p }
            || p.NetEnergy + p.Vat + Sum(p.Levies) + Sum(p.Fixed) - Sum(p.Subsidies) == p.Gross);

    [Fact]
    public void UnitsFor_APurchaseSplitInTwo_IsTheSameEnergy() =>
        Gen.Select(AnyTariff, States, Amounts, Gen.Int[1, 99]).Sample((tariff, state, amount, percent) =>
        {
            Rational first = amount * new Rational(percent, 100);
            if (Pricing.UnitsFor(tariff, first, state) is not PriceOutcome.Priced { Price: var one }) return true;
            var between = new PurchaseState(state.UnitsBefore + one.Units, state.FixedCollected + Sum(one.Fixed));
            if (Pricing.UnitsFor(tariff, amount - first, between) is not PriceOutcome.Priced { Price: var two }) return true;
            Rational whole = Pricing.UnitsFor(tariff, amount, state).Price().Units;

            // A capped fixed charge is the one thing that a split may shift, and never to the customer's loss of energy in total money.
            return tariff.Fixed.Any(f => f.MaxShare is not null) || one.Units + two.Units == whole;
        });

    [Fact]
    public void Lines_OfAnyQuote_AddUpToTheMoneyAndStayWithinOneMinorUnit() =>
        Gen.Select(AnyTariff, States, Gen.Int[1, 500_000]).Sample((tariff, state, minor) =>
        {
            var amount = new Quantities.Money(minor, Quantities.Currency.Cny);
            if (Quoting.For(tariff, amount, state, tenths => tenths) is not QuoteOutcome.Quoted { Quote: var quote }) return true;
            return quote.Lines.Sum(l => l.MinorUnits) == minor
                && quote.Lines.All(l => Rational.Abs((l.Exact * R("100")) - Rational.FromInteger(l.MinorUnits)) < Rational.One);
        });

    [Fact]
    public void Quote_OfAnyPurchase_GrantsAtLeastWhatWasPaidAndLessThanATenthMore() =>
        Gen.Select(AnyTariff, States, Gen.Int[1, 500_000]).Sample((tariff, state, minor) =>
        {
            var amount = new Quantities.Money(minor, Quantities.Currency.Cny);
            if (Quoting.For(tariff, amount, state, tenths => tenths) is not QuoteOutcome.Quoted { Quote: var quote }) return true;
            Rational granted = new(quote.TenthsGranted, 10);
            return granted >= quote.UnitsAsked && granted - quote.UnitsAsked < new Rational(1, 10) && quote.RoundingMinorUnits >= 0;
        });

    private static Rational Sum(IEnumerable<NamedCharge> charges) => charges.Aggregate(Rational.Zero, (sum, c) => sum + c.Amount);
}
