namespace Latchkey.Tariffs;

/// <summary>A purchase of the past: when, and how much energy it was.</summary>
public readonly record struct PastPurchase(string Meter, DateOnly Day, Rational Units);

/// <summary>What a meter's purchases come to on two tariffs, in major units.</summary>
/// <param name="Refused">Purchases for which one of them has no price.</param>
public sealed record SimulatedMeter(string Meter, Rational Units, Rational Before, Rational After, int Refused)
{
    public Rational Change => After - Before;
}

/// <summary>Last month on the new tariff: the same energy, bought as it was bought, priced by both.</summary>
public static class TariffSimulation
{
    /// <summary>One line per meter, in the order of their names. Fixed charges fall due as they would have.</summary>
    public static IReadOnlyList<SimulatedMeter> Run(TariffBook before, string beforeId, TariffBook after, string afterId, IEnumerable<PastPurchase> purchases) =>
    [
        .. purchases.GroupBy(p => p.Meter, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(meter =>
        {
            PastPurchase[] inOrder = [.. meter.OrderBy(p => p.Day)];
            (Rational old, int oldRefused) = Price(before, beforeId, inOrder);
            (Rational fresh, int freshRefused) = Price(after, afterId, inOrder);
            return new SimulatedMeter(meter.Key, inOrder.Aggregate(Rational.Zero, (sum, p) => sum + p.Units), old, fresh, Math.Max(oldRefused, freshRefused));
        }),
    ];

    private static (Rational Total, int Refused) Price(TariffBook book, string id, PastPurchase[] purchases)
    {
        var units = new Dictionary<DateOnly, Rational>();
        var collected = new Dictionary<(string Name, DateOnly Month), Rational>();
        Rational total = Rational.Zero;
        int refused = 0;
        foreach (PastPurchase purchase in purchases)
        {
            if (book.InForce(id, purchase.Day) is not { } tariff || PriceOf(book, tariff, purchase, units, collected) is not { } price)
            {
                refused++;
                continue;
            }

            total += price.Gross;
        }

        return (total, refused);
    }

    private static PriceBreakdown? PriceOf(
        TariffBook book, Tariff tariff, PastPurchase purchase, Dictionary<DateOnly, Rational> units, Dictionary<(string Name, DateOnly Month), Rational> collected)
    {
        var standing = new FixedStanding(null, null, (name, month) => collected.GetValueOrDefault((name, month)));
        if (FixedAccrual.Due(book, tariff, purchase.Day, standing) is not { } due) return null;
        DateOnly period = AccumulationPeriod.StartOf(tariff.Accumulation, purchase.Day, new DateOnly(purchase.Day.Year, 1, 1));
        Rational before = tariff.Accumulation == Accumulation.Purchase ? Rational.Zero : units.GetValueOrDefault(period);
        var state = new PurchaseState(before, Rational.Zero) { FixedDue = due };
        if (Pricing.CostOf(tariff, purchase.Units, state) is not PriceOutcome.Priced { Price: var price }) return null;

        units[period] = units.GetValueOrDefault(period) + purchase.Units;
        DateOnly of = AccumulationPeriod.StartOf(Accumulation.CalendarMonth, purchase.Day);
        foreach (NamedCharge charge in price.Fixed) collected[(charge.Name, of)] = collected.GetValueOrDefault((charge.Name, of)) + charge.Amount;
        return price;
    }
}
