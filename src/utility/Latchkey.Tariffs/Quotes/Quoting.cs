using System.Numerics;
using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>Turns an amount tendered into a quote. A trial and a sale call this with the same arguments, so they cannot differ.</summary>
public static class Quoting
{
    private const int TenthsPerKilowattHour = 10;

    /// <param name="roundUp">The smallest number of tenths of a kWh that a token can carry and that is not below the given one; null above its reach.</param>
    public static QuoteOutcome For(Tariff tariff, Money amount, PurchaseState state, Func<long, long?> roundUp) =>
        For(tariff, amount, state, [], DebtPolicy.None, roundUp);

    /// <param name="debts">What the customer owes; each takes its part before the tariff sees the rest.</param>
    /// <param name="residue">What earlier purchases left of this currency, in minor units; it joins the money that debts leave, which have had their part of it.</param>
    public static QuoteOutcome For(
        Tariff tariff, Money amount, PurchaseState state, IReadOnlyList<Debt> debts, DebtPolicy policy, Func<long, long?> roundUp, long residue = 0)
    {
        if (ToMajor(amount) < tariff.Minimum) return new QuoteOutcome.Refused(PriceRefusal.AmountTooLow);
        IReadOnlyList<DebtPayment> payments = debts.Count == 0
            ? []
            : DebtPlan.For(tariff, state, amount.MinorUnits, amount.Currency.MinorPerMajor, debts, policy);
        var forTariff = new Money(amount.MinorUnits - payments.Sum(p => p.MinorUnits) + residue, amount.Currency);

        // The least purchase was judged by the money tendered; what debts took of it is no reason to refuse.
        PriceOutcome outcome = Pricing.UnitsForAny(tariff, ToMajor(forTariff), state);
        if (outcome is PriceOutcome.Refused refused)
            return new QuoteOutcome.Refused(refused.Reason == PriceRefusal.NotPositive && amount.MinorUnits > 0 ? PriceRefusal.AmountTooLow : refused.Reason);
        PriceBreakdown price = ((PriceOutcome.Priced)outcome).Price;

        // Below a tenth of a kWh the rounding would be worth more than the purchase, and could be had again and again.
        Rational tenthsAsked = price.Units * Rational.FromInteger(TenthsPerKilowattHour);
        if (tenthsAsked < Rational.One) return new QuoteOutcome.Refused(PriceRefusal.AmountTooLow);
        bool carries = tariff.Rounding == EnergyRounding.Carry;
        BigInteger tenths = carries ? tenthsAsked.Floor() : tenthsAsked.Ceiling();
        if (tenths > long.MaxValue || roundUp((long)tenths) is not { } above) return new QuoteOutcome.Refused(PriceRefusal.BeyondToken);

        long granted = carries ? Residue.RoundDown((long)tenths, above, roundUp) : above, kept = 0;
        if (carries) price = Residue.PriceOf(tariff, state, granted, forTariff, out kept);
        List<PriceLine> lines = QuoteLines.Of(tariff, price, new Money(forTariff.MinorUnits - kept, amount.Currency));
        lines.AddRange(payments.Select(p => QuoteLines.Of(p, amount.Currency)));
        if (residue != 0 || kept != 0) lines.AddRange(Residue.Lines(residue, kept, amount.Currency));
        long rounding = carries ? 0 : Rounding(tariff, state, price.Units, granted, amount.Currency);
        return new QuoteOutcome.Quoted(new Quote(tariff, amount, price.Units, granted, lines, rounding)
        {
            Debts = payments, ResidueUsedMinorUnits = residue, ResidueKeptMinorUnits = kept,
        });
    }

    /// <summary>What a number of tenths costs, in whole minor units, rounded up: the amount to ask for when the customer names energy.</summary>
    public static Money? AmountFor(Tariff tariff, Currency currency, long tenths, PurchaseState state)
    {
        Rational units = new(tenths, TenthsPerKilowattHour);
        return Pricing.CostOf(tariff, units, state) is PriceOutcome.Priced { Price: var price }
            ? new Money((long)(price.Gross * Rational.FromInteger(currency.MinorPerMajor)).Ceiling(), currency)
            : null;
    }

    private static long Rounding(Tariff tariff, PurchaseState state, Rational asked, long grantedTenths, Currency currency)
    {
        Rational extra = new Rational(grantedTenths, TenthsPerKilowattHour) - asked;
        Rational worth = Pricing.EnergyBetween(tariff, state, asked, extra);
        return (long)(worth * Rational.FromInteger(currency.MinorPerMajor)).Round();
    }

    private static Rational ToMajor(Money amount) => new(amount.MinorUnits, amount.Currency.MinorPerMajor);
}
