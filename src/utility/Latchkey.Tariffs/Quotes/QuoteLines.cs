using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>Writes a price as lines in whole minor units that add up to the money, and the tax as parts of the lines that bear it.</summary>
internal static class QuoteLines
{
    public static List<PriceLine> Of(Tariff tariff, PriceBreakdown price, Money amount)
    {
        List<(PriceLine Line, Rational Tax)> parts =
        [
            .. price.Blocks.Select(b => Part(PriceLineKind.Energy, ValueAddedTax.Energy, b.Units, b.Block.Rate, b.Amount)),
            .. price.Levies.Select((l, i) => LevyPart(tariff.Levies[i], l)),
            .. price.Subsidies.Where(s => s.Amount.Sign != 0).Select(s => Part(PriceLineKind.Subsidy, s.Name, null, null, -s.Amount)),
            .. price.Fixed.Select(f => Part(KindOf(tariff, f), f.Name, null, null, f.Amount)),
        ];
        (PriceLine Line, Rational Tax) Part(PriceLineKind kind, string name, Rational? units, Rational? rate, Rational exact) => (
            new PriceLine(kind, name, units, rate, exact, 0),
            tariff.Vat.On(kind is PriceLineKind.Fixed or PriceLineKind.Fee ? ValueAddedTax.Fixed : name, exact));
        (PriceLine Line, Rational Tax) LevyPart(Levy levy, NamedCharge charge) =>
            Part(PriceLineKind.Levy, levy.Name, levy.Basis == LevyBasis.PerKilowattHour ? price.Units : null, levy.Rate, charge.Amount);

        List<PriceLine> lines = [.. parts.Select(p => p.Line)];
        if (tariff.Vat.Rate.Sign > 0) lines.Add(new PriceLine(PriceLineKind.Vat, "vat", null, tariff.Vat.Rate, price.Vat, 0));

        Rational perMajor = Rational.FromInteger(amount.Currency.MinorPerMajor);
        long[] minor = Apportionment.Round([.. lines.Select(l => l.Exact * perMajor)], amount.MinorUnits);
        long[] tax = Apportionment.Spread([.. parts.Select(p => p.Tax * perMajor)], tariff.Vat.Rate.Sign > 0 ? minor[^1] : 0);
        return [.. lines.Select((line, i) => line with { MinorUnits = minor[i], TaxMinorUnits = i < tax.Length ? tax[i] : 0 })];
    }

    public static PriceLine Of(DebtPayment payment, Currency currency) => new(
        PriceLineKind.Debt, payment.Debt.Name, null, payment.Debt.Rule.Share, new Rational(payment.MinorUnits, currency.MinorPerMajor),
        payment.MinorUnits, payment.TaxMinorUnits);

    private static PriceLineKind KindOf(Tariff tariff, NamedCharge charge) =>
        tariff.Fixed.First(f => f.Name == charge.Name).Per == ChargePeriod.Purchase ? PriceLineKind.Fee : PriceLineKind.Fixed;
}
