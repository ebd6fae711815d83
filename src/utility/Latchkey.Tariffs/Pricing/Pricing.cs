namespace Latchkey.Tariffs;

/// <summary>Units to money and money to units: a piecewise linear, increasing function and its exact inverse.</summary>
public static class Pricing
{
    /// <summary>What <paramref name="units"/> kWh cost.</summary>
    public static PriceOutcome CostOf(Tariff tariff, Rational units, PurchaseState state)
    {
        if (tariff.TimeOfUse is not null) return new PriceOutcome.Refused(PriceRefusal.TimeOfUse);
        if (units.Sign < 0) return new PriceOutcome.Refused(PriceRefusal.NotPositive);
        WalkedEnergy? energy = EnergyWalk.ByUnits(tariff, state, units);
        return energy is null
            ? new PriceOutcome.Refused(PriceRefusal.BeyondLastBlock)
            : new PriceOutcome.Priced(Compose(tariff, state, energy, Gross(tariff, state, energy)));
    }

    /// <summary>What <paramref name="amount"/>, tendered in major units with everything included, buys.</summary>
    public static PriceOutcome UnitsFor(Tariff tariff, Rational amount, PurchaseState state) => amount.Sign > 0 && amount < tariff.Minimum
        ? new PriceOutcome.Refused(tariff.TimeOfUse is null ? PriceRefusal.AmountTooLow : PriceRefusal.TimeOfUse)
        : UnitsForAny(tariff, amount, state);

    /// <summary>As <see cref="UnitsFor"/> where the least purchase has been seen to: it was judged by another amount.</summary>
    internal static PriceOutcome UnitsForAny(Tariff tariff, Rational amount, PurchaseState state)
    {
        if (tariff.TimeOfUse is not null) return new PriceOutcome.Refused(PriceRefusal.TimeOfUse);
        if (amount.Sign <= 0) return new PriceOutcome.Refused(PriceRefusal.NotPositive);
        MarginalPrice price = MarginalPrice.Of(tariff);
        Rational forEnergy = (amount * price.LeftOfGross) - (FixedTaken(tariff, state, price, amount) * price.PerFixed);
        if (forEnergy.Sign < 0) return new PriceOutcome.Refused(PriceRefusal.AmountTooLow);

        WalkedEnergy? energy = EnergyWalk.ByMoney(tariff, state, price, forEnergy);
        return energy is null
            ? new PriceOutcome.Refused(PriceRefusal.BeyondLastBlock)
            : new PriceOutcome.Priced(Compose(tariff, state, energy, amount));
    }

    /// <summary>The net price of energy between two points of the period; past the last block its rate goes on.</summary>
    public static Rational EnergyBetween(Tariff tariff, PurchaseState state, Rational fromUnits, Rational units)
    {
        Tariff open = tariff.Blocks[^1].To is null ? tariff : tariff with { Blocks = [.. tariff.Blocks.Take(tariff.Blocks.Count - 1), tariff.Blocks[^1] with { To = null }] };
        WalkedEnergy energy = EnergyWalk.ByUnits(open, state with { UnitsBefore = state.UnitsBefore + fromUnits }, units)!;
        return Sum(energy.Blocks, b => b.Amount);
    }

    private static Rational Gross(Tariff tariff, PurchaseState state, WalkedEnergy energy)
    {
        MarginalPrice price = MarginalPrice.Of(tariff);
        Rational variable = (Sum(energy.Blocks, b => b.Amount) * price.PerEnergy) + (Sum(energy.Blocks, b => b.Units) * price.PerKilowattHour);
        for (int i = 0; i < energy.Subsidies.Count; i++) variable -= energy.Subsidies[i] * tariff.Vat.Factor(tariff.Subsidies[i].Name);

        Rational outstanding = Sum(Due(tariff, state), d => d);
        Rational whole = (variable + (outstanding * price.PerFixed)) / price.LeftOfGross;
        if (price.FixedShare is not { } share || FixedTaken(tariff, state, price, whole) == outstanding) return whole;

        // The share caps what fixed charges take: gross = variable + share of gross.
        return variable / (price.LeftOfGross - share);
    }

    /// <summary>How much of the fixed charges due, net of tax, a purchase of this size pays.</summary>
    private static Rational FixedTaken(Tariff tariff, PurchaseState state, MarginalPrice price, Rational gross)
    {
        Rational outstanding = Sum(Due(tariff, state), d => d);
        return price.FixedShare is { } share ? Rational.Min(outstanding, gross * share / price.PerFixed) : outstanding;
    }

    /// <summary>What is due of each charge: what the caller found, or each once less what was collected, the first charges served first.</summary>
    private static Rational[] Due(Tariff tariff, PurchaseState state)
    {
        if (state.FixedDue is { } due) return [.. due];
        Rational collected = state.FixedCollected;
        return [.. tariff.Fixed.Select(charge =>
        {
            if (charge.Per == ChargePeriod.Purchase) return charge.Amount;
            Rational open = Rational.Max(Rational.Zero, charge.Amount - collected);
            collected = Rational.Max(Rational.Zero, collected - charge.Amount);
            return open;
        })];
    }

    private static PriceBreakdown Compose(Tariff tariff, PurchaseState state, WalkedEnergy walked, Rational gross)
    {
        Rational units = Sum(walked.Blocks, b => b.Units), energy = Sum(walked.Blocks, b => b.Amount);
        NamedCharge[] levies = [.. tariff.Levies.Select(l => new NamedCharge(l.Name, LevyAmount(l, units, energy, gross)))];
        NamedCharge[] subsidies = [.. tariff.Subsidies.Select((s, i) => new NamedCharge(s.Name, walked.Subsidies[i]))];
        NamedCharge[] fixedCharges = [.. SpreadFixed(tariff, state, FixedTaken(tariff, state, MarginalPrice.Of(tariff), gross))];
        Rational vat = tariff.Vat.On(ValueAddedTax.Energy, energy)
            + tariff.Vat.On(ValueAddedTax.Fixed, Sum(fixedCharges, f => f.Amount))
            + Sum(levies, l => tariff.Vat.On(l.Name, l.Amount))
            - Sum(subsidies, s => tariff.Vat.On(s.Name, s.Amount));
        return new PriceBreakdown(units, gross, walked.Blocks, levies, fixedCharges, subsidies, vat);
    }

    private static Rational LevyAmount(Levy levy, Rational units, Rational energy, Rational gross) => levy.Basis switch
    {
        LevyBasis.PerKilowattHour => levy.Rate * units,
        LevyBasis.ShareOfEnergy => levy.Rate * energy,
        _ => levy.Rate * gross,
    };

    /// <summary>Fixed charges are served in the order of the tariff.</summary>
    private static IEnumerable<NamedCharge> SpreadFixed(Tariff tariff, PurchaseState state, Rational taken)
    {
        Rational[] due = Due(tariff, state);
        for (int i = 0; i < due.Length; i++)
        {
            Rational part = Rational.Min(due[i], taken);
            taken -= part;
            if (part.Sign > 0) yield return new NamedCharge(tariff.Fixed[i].Name, part);
        }
    }

    private static Rational Sum<T>(IEnumerable<T> items, Func<T, Rational> part) =>
        items.Aggregate(Rational.Zero, (sum, item) => sum + part(item));
}
