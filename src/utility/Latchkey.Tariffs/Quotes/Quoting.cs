using System.Numerics;
using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>Turns an amount tendered into a quote. A trial and a sale call this with the same arguments, so they cannot differ.</summary>
public static class Quoting
{
    private const int TenthsPerKilowattHour = 10;

    /// <param name="roundUp">The smallest number of tenths of a kWh that a token can carry and that is not below the given one; null above its reach.</param>
    public static QuoteOutcome For(Tariff tariff, Money amount, PurchaseState state, Func<long, long?> roundUp)
    {
        PriceOutcome outcome = Pricing.UnitsFor(tariff, ToMajor(amount), state);
        if (outcome is PriceOutcome.Refused refused) return new QuoteOutcome.Refused(refused.Reason);
        PriceBreakdown price = ((PriceOutcome.Priced)outcome).Price;

        // Below a tenth of a kWh the rounding would be worth more than the purchase, and could be had again and again.
        Rational tenthsAsked = price.Units * Rational.FromInteger(TenthsPerKilowattHour);
        if (tenthsAsked < Rational.One) return new QuoteOutcome.Refused(PriceRefusal.AmountTooLow);
        BigInteger tenths = tenthsAsked.Ceiling();
        if (tenths > long.MaxValue || roundUp((long)tenths) is not { } granted) return new QuoteOutcome.Refused(PriceRefusal.BeyondToken);

        return new QuoteOutcome.Quoted(new Quote(
            tariff, amount, price.Units, granted, Lines(tariff, price, amount), Rounding(tariff, state, price.Units, granted, amount.Currency)));
    }

    /// <summary>What a number of tenths costs, in whole minor units, rounded up: the amount to ask for when the customer names energy.</summary>
    public static Money? AmountFor(Tariff tariff, Currency currency, long tenths, PurchaseState state)
    {
        Rational units = new(tenths, TenthsPerKilowattHour);
        return Pricing.CostOf(tariff, units, state) is PriceOutcome.Priced { Price: var price }
            ? new Money((long)(price.Gross * Rational.FromInteger(currency.MinorPerMajor)).Ceiling(), currency)
            : null;
    }

    private static List<PriceLine> Lines(Tariff tariff, PriceBreakdown price, Money amount)
    {
        List<PriceLine> lines =
        [
            .. price.Blocks.Select(b => new PriceLine(PriceLineKind.Energy, ValueAddedTax.Energy, b.Units, b.Block.Rate, b.Amount, 0)),
            .. price.Levies.Select((l, i) => LevyLine(tariff.Levies[i], l, price)),
            .. price.Fixed.Select(f => new PriceLine(PriceLineKind.Fixed, f.Name, null, null, f.Amount, 0)),
        ];
        if (tariff.Vat.Rate.Sign > 0) lines.Add(new PriceLine(PriceLineKind.Vat, "vat", null, tariff.Vat.Rate, price.Vat, 0));

        Rational perMajor = Rational.FromInteger(amount.Currency.MinorPerMajor);
        long[] minor = Apportionment.Round([.. lines.Select(l => l.Exact * perMajor)], amount.MinorUnits);
        return [.. lines.Select((line, i) => line with { MinorUnits = minor[i] })];
    }

    private static PriceLine LevyLine(Levy levy, NamedCharge charge, PriceBreakdown price) => new(
        PriceLineKind.Levy, levy.Name, levy.Basis == LevyBasis.PerKilowattHour ? price.Units : null, levy.Rate, charge.Amount, 0);

    private static long Rounding(Tariff tariff, PurchaseState state, Rational asked, long grantedTenths, Currency currency)
    {
        Rational extra = new Rational(grantedTenths, TenthsPerKilowattHour) - asked;
        Rational worth = Pricing.EnergyBetween(tariff, state, asked, extra);
        return (long)(worth * Rational.FromInteger(currency.MinorPerMajor)).Round();
    }

    private static Rational ToMajor(Money amount) => new(amount.MinorUnits, amount.Currency.MinorPerMajor);
}
