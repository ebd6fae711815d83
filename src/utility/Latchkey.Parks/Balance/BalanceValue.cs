using System.Numerics;
using Latchkey.Quantities;
using Latchkey.Tariffs;

namespace Latchkey.Parks.Balance;

/// <summary>What energy left in a meter is worth to the tenant: its price in the first block, taxes and levies in, fixed charges out.</summary>
/// <remarks>Rounded down to the minor unit, so "less than 10 yuan" is never said of ten.</remarks>
public static class BalanceValue
{
    /// <exception cref="InvalidOperationException">The tariff cannot price energy, which its own check would have told.</exception>
    public static Money Of(Tariff tariff, Currency currency, Energy credit)
    {
        Rational units = new(BigInteger.Abs(credit.MilliwattHours), 1_000_000);
        if (tariff.Blocks[^1].To is { } end) units = Rational.Min(units, end); // a tariff that ends prices no more than that
        if (Pricing.CostOf(tariff with { Fixed = [] }, units, PurchaseState.Fresh) is not PriceOutcome.Priced { Price: var price })
            throw new InvalidOperationException($"Tariff {tariff.Id} does not price {credit}.");
        Rational minor = price.Gross * Rational.FromInteger(currency.MinorPerMajor);
        return new Money((long)(credit < Energy.Zero ? -minor : minor).Floor(), currency);
    }
}
