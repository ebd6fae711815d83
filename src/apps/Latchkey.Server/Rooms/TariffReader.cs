using Latchkey.Quantities;
using Latchkey.Server.Portal.Tariffs;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Tariffs over the book and the orders.</summary>
internal sealed class TariffReader(TariffBook book, IVendingStore orders, VendingOptions options, TimeProvider time) : ITariffView
{
    private const int MostOrders = 20_000, Days = 30, MostBills = 60;

    public IReadOnlyList<Tariff> Versions => [.. book.All.OrderBy(t => t.Id, StringComparer.Ordinal).ThenBy(t => t.Valid.From ?? DateOnly.MinValue)];

    public DateOnly Today => options.Day(time.GetUtcNow());

    public PricedPurchase? Price(string tariffId, DateOnly day, string amount)
    {
        if (book.InForce(tariffId, day) is not { } tariff || !Currency.TryParse(tariff.CurrencyCode, out Currency currency) || !AmountText.TryRead(amount, currency, out Money money)) return null;
        return Quoting.For(tariff, money, PurchaseState.Fresh, Carriable) switch
        {
            QuoteOutcome.Quoted { Quote: var quote } => new PricedPurchase(
                money, quote.Granted, quote.UnitsAsked.ToString(4), new Money(quote.RoundingMinorUnits, currency), [.. quote.Lines.Select(line => TopUpReader.LineOf(Stored(line), currency))], null,
                tariff.Rounding == EnergyRounding.Carry ? new Money(quote.ResidueKeptMinorUnits, currency) : null),
            QuoteOutcome.Refused refused => new PricedPurchase(money, null, string.Empty, Money.Zero(currency), [], refused.Reason),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public IReadOnlyList<SimulatedBill> Simulate(string beforeId, string afterId)
    {
        if (book.InForce(beforeId, Today) is not { } before || book.InForce(afterId, Today) is not { } after || before.CurrencyCode != after.CurrencyCode) return [];
        if (!Currency.TryParse(before.CurrencyCode, out Currency currency)) return [];
        DateOnly from = Today.AddDays(-Days);
        VendOrder[] sold = [.. orders.Newest(MostOrders).Where(o => o.HasToken && o.Terms!.TariffId == beforeId && options.Day(o.Times.Held!.Value) >= from)];
        Dictionary<string, string> places = sold.GroupBy(o => o.Command.Pan.ToString(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Terms!.Place, StringComparer.Ordinal);
        IEnumerable<PastPurchase> purchases = sold.Select(o => new PastPurchase(o.Command.Pan.ToString(), options.Day(o.Times.Held!.Value), new Rational(o.Terms!.TenthsGranted, 10)));

        // The old tariff is priced anew as well, not taken from what was paid: both bills then rest on the same rules.
        return
        [
            .. TariffSimulation.Run(book, beforeId, book, afterId, purchases).Select(m => new SimulatedBill(
                places[m.Meter], Energy.FromTenthsOfKilowattHour((long)(m.Units * Rational.FromInteger(10)).Round()), Of(m.Before, currency), Of(m.After, currency), m.Refused))
                .OrderByDescending(b => Math.Abs(b.Change.MinorUnits)).Take(MostBills),
        ];
    }

    private static SaleLine Stored(PriceLine line) => new(line.Kind, line.Name, line.Units?.ToString(), line.Rate?.ToString(), line.MinorUnits);

    private static Money Of(Rational major, Currency currency) => new((long)(major * Rational.FromInteger(currency.MinorPerMajor)).Round(), currency);

    private static long? Carriable(long tenths) => TransferAmount.TryFromSteps(tenths, out TransferAmount amount) ? amount.Steps : null;
}
