namespace Latchkey.Tariffs;

/// <summary>Shares a purchase between debts and energy. Debts come before the tariff, and never below what the customer must be left with.</summary>
public static class DebtPlan
{
    /// <param name="tendered">Minor units.</param>
    /// <param name="minorPerMajor">Minor units in one major unit of the currency.</param>
    public static IReadOnlyList<DebtPayment> For(
        Tariff tariff, PurchaseState state, long tendered, long minorPerMajor, IReadOnlyList<Debt> debts, DebtPolicy policy)
    {
        long left = Room(tariff, state, tendered, minorPerMajor, policy);
        List<DebtPayment> payments = [];
        foreach (Debt debt in debts.Where(d => !d.IsPaused && d.OwedMinorUnits > 0).OrderBy(d => d.Order).ThenBy(d => d.Id, StringComparer.Ordinal))
        {
            long taken = Math.Min(Math.Min(debt.Rule.Of(tendered), debt.OwedMinorUnits), left);
            if (taken <= 0) continue;
            payments.Add(new DebtPayment(debt, taken, debt.OwedMinorUnits - taken));
            left -= taken;
        }

        return payments;
    }

    /// <summary>The most that all debts together may take.</summary>
    private static long Room(Tariff tariff, PurchaseState state, long tendered, long minorPerMajor, DebtPolicy policy)
    {
        long room = policy.MaxShare is { } share ? (long)(share * Rational.FromInteger(tendered)).Floor() : tendered;
        if (policy.FloorUnits.Sign == 0) return room;

        // A tariff without a price for the floor leaves nothing to take: the customer comes first.
        if (Pricing.CostOf(tariff, policy.FloorUnits, state) is not PriceOutcome.Priced { Price: var floor }) return 0;
        var kept = (long)(floor.Gross * Rational.FromInteger(minorPerMajor)).Ceiling();
        return Math.Max(0, Math.Min(room, tendered - kept));
    }
}
