using System.Numerics;
using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>Money that buys less than a step of a token: what a purchase leaves to the next one of the same meter.</summary>
internal static class Residue
{
    private const int TenthsPerKilowattHour = 10;

    /// <summary>The most that a token can carry and that is not above <paramref name="tenths"/>.</summary>
    /// <param name="above">The least that a token can carry and that is not below.</param>
    public static long RoundDown(long tenths, long above, Func<long, long?> roundUp)
    {
        if (above == tenths) return tenths;
        long carried = 0, beyond = tenths;

        // What is rounded up never falls as the wish grows: the last wish whose token is not too large is that token.
        while (beyond - carried > 1)
        {
            long middle = carried + ((beyond - carried) / 2);
            if (roundUp(middle) <= tenths) carried = middle;
            else beyond = middle;
        }

        return carried;
    }

    /// <summary>The price of exactly what the token carries, and what is left of the money: less than the next step costs.</summary>
    /// <remarks>A price is paid in whole minor units, rounded up: nothing is given away, and nobody keeps a part of one.</remarks>
    public static PriceBreakdown PriceOf(Tariff tariff, PurchaseState state, long tenths, Money money, out long kept)
    {
        // A tariff that has a price for more has one for less.
        PriceBreakdown price = ((PriceOutcome.Priced)Pricing.CostOf(tariff, new Rational(tenths, TenthsPerKilowattHour), state)).Price;
        BigInteger cost = (price.Gross * Rational.FromInteger(money.Currency.MinorPerMajor)).Ceiling();
        kept = money.MinorUnits - (long)cost;
        return price;
    }

    /// <summary>What was kept before and is kept now; nothing where it is nothing.</summary>
    public static IEnumerable<PriceLine> Lines(long used, long kept, Currency currency)
    {
        if (used != 0) yield return Line(PriceLineKind.ResidueUsed, "kept from before", -used, currency);
        if (kept != 0) yield return Line(PriceLineKind.ResidueKept, "kept for the next purchase", kept, currency);
    }

    private static PriceLine Line(PriceLineKind kind, string name, long minorUnits, Currency currency) =>
        new(kind, name, null, null, new Rational(minorUnits, currency.MinorPerMajor), minorUnits);
}
