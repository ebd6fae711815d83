using System.Numerics;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Money for a meter that prices its energy itself: what the token can carry of it, and what the rounding gives beyond.</summary>
/// <remarks>Source: IEC 62055-41:2018, TransferAmount of sub-classes 4 to 7: rounded up, in steps of a hundred-thousandth of the currency's unit.</remarks>
internal static class MoneySale
{
    public const string LineName = "prepaid";

    /// <summary>The token's amount for so many minor units; false where no token carries it.</summary>
    public static bool TryCarry(long minorUnits, Currency currency, out CurrencyAmount amount)
    {
        amount = default;
        return minorUnits > 0 && CurrencyAmount.TryFromSteps(new BigInteger(minorUnits) * StepsPerMinor(currency), out amount);
    }

    /// <summary>The lines of a sale: debts first, the rest for the meter with what earlier purchases left. Null where debts leave nothing.</summary>
    public static IReadOnlyList<SaleLine>? Lines(Tariff tariff, Money amount, IReadOnlyList<Debt> debts, DebtPolicy policy, long residue, out long prepaid)
    {
        IReadOnlyList<DebtPayment> payments = DebtPlan.For(tariff, PurchaseState.Fresh, amount.MinorUnits, amount.Currency.MinorPerMajor, debts, policy);
        prepaid = amount.MinorUnits - payments.Sum(p => p.MinorUnits) + residue;
        if (prepaid <= 0) return null;
        return
        [
            new SaleLine(PriceLineKind.Prepaid, LineName, null, null, prepaid),
            .. payments.Select(p => new SaleLine(PriceLineKind.Debt, p.Debt.Name, null, p.Debt.Rule.Share?.ToString(), p.MinorUnits, p.TaxMinorUnits, p.Debt.Id, p.LeftMinorUnits)),
            .. residue == 0 ? [] : new SaleLine[] { new(PriceLineKind.ResidueUsed, "kept from before", null, null, -residue) },
        ];
    }

    /// <summary>What the token carries beyond what was paid, in whole minor units: an expense of the seller.</summary>
    public static long Rounding(long minorUnits, CurrencyAmount amount, Currency currency)
    {
        BigInteger more = amount.Steps - (new BigInteger(minorUnits) * StepsPerMinor(currency));
        return (long)((more + (StepsPerMinor(currency) / 2)) / StepsPerMinor(currency));
    }

    private static BigInteger StepsPerMinor(Currency currency) => CurrencyAmount.StepsPerUnit / currency.MinorPerMajor;
}
