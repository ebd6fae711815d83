namespace Latchkey.Tariffs;

/// <summary>Units to money and money to units: a piecewise linear, increasing function and its exact inverse.</summary>
public static class Pricing
{
    /// <summary>What <paramref name="units"/> kWh cost.</summary>
    public static PriceOutcome CostOf(Tariff tariff, Rational units, PurchaseState state)
    {
        if (units.Sign < 0) return new PriceOutcome.Refused(PriceRefusal.NotPositive);
        IReadOnlyList<BlockCharge>? blocks = EnergyWalk.ByUnits(tariff, state, units);
        return blocks is null
            ? new PriceOutcome.Refused(PriceRefusal.BeyondLastBlock)
            : new PriceOutcome.Priced(Compose(tariff, state, blocks, Gross(tariff, state, blocks)));
    }

    /// <summary>What <paramref name="amount"/>, tendered in major units with everything included, buys.</summary>
    public static PriceOutcome UnitsFor(Tariff tariff, Rational amount, PurchaseState state)
    {
        if (amount.Sign <= 0) return new PriceOutcome.Refused(PriceRefusal.NotPositive);
        var price = new MarginalPrice(tariff);
        Rational forEnergy = (amount * price.LeftOfGross) - (FixedTaken(tariff, state, price, amount) * price.PerFixed);
        if (forEnergy.Sign < 0) return new PriceOutcome.Refused(PriceRefusal.AmountTooLow);

        IReadOnlyList<BlockCharge>? blocks = EnergyWalk.ByMoney(tariff, state, price, forEnergy);
        return blocks is null
            ? new PriceOutcome.Refused(PriceRefusal.BeyondLastBlock)
            : new PriceOutcome.Priced(Compose(tariff, state, blocks, amount));
    }

    /// <summary>The net price of energy between two points of the period; past the last block its rate goes on.</summary>
    public static Rational EnergyBetween(Tariff tariff, PurchaseState state, Rational fromUnits, Rational units)
    {
        Tariff open = tariff with { Blocks = [.. tariff.Blocks.Take(tariff.Blocks.Count - 1), tariff.Blocks[^1] with { To = null }] };
        IReadOnlyList<BlockCharge> blocks = EnergyWalk.ByUnits(open, state with { UnitsBefore = state.UnitsBefore + fromUnits }, units)!;
        return blocks.Aggregate(Rational.Zero, (sum, b) => sum + b.Amount);
    }

    private static Rational Gross(Tariff tariff, PurchaseState state, IReadOnlyList<BlockCharge> blocks)
    {
        var price = new MarginalPrice(tariff);
        Rational variable = (Sum(blocks, b => b.Amount) * price.PerEnergy) + (Sum(blocks, b => b.Units) * price.PerKilowattHour);
        Rational whole = (variable + (Outstanding(tariff, state) * price.PerFixed)) / price.LeftOfGross;
        if (price.FixedShare is not { } share || FixedTaken(tariff, state, price, whole) == Outstanding(tariff, state)) return whole;

        // The share caps what fixed charges take: gross = variable + share of gross.
        return variable / (price.LeftOfGross - share);
    }

    /// <summary>How much of the period's fixed charges, net of tax, a purchase of this size pays.</summary>
    private static Rational FixedTaken(Tariff tariff, PurchaseState state, MarginalPrice price, Rational gross)
    {
        Rational outstanding = Outstanding(tariff, state);
        return price.FixedShare is { } share ? Rational.Min(outstanding, gross * share / price.PerFixed) : outstanding;
    }

    private static Rational Outstanding(Tariff tariff, PurchaseState state) =>
        Rational.Max(Rational.Zero, Sum(tariff.Fixed, f => f.Amount) - state.FixedCollected);

    private static PriceBreakdown Compose(Tariff tariff, PurchaseState state, IReadOnlyList<BlockCharge> blocks, Rational gross)
    {
        Rational units = Sum(blocks, b => b.Units), energy = Sum(blocks, b => b.Amount);
        NamedCharge[] levies = [.. tariff.Levies.Select(l => new NamedCharge(l.Name, LevyAmount(l, units, energy, gross)))];
        NamedCharge[] fixedCharges = [.. SpreadFixed(tariff, state, FixedTaken(tariff, state, new MarginalPrice(tariff), gross))];
        Rational taxed = Taxed(tariff, ValueAddedTax.Energy, energy)
            + Taxed(tariff, ValueAddedTax.Fixed, Sum(fixedCharges, f => f.Amount))
            + Sum(levies, l => Taxed(tariff, l.Name, l.Amount));
        return new PriceBreakdown(units, gross, blocks, levies, fixedCharges, taxed * tariff.Vat.Rate);
    }

    private static Rational LevyAmount(Levy levy, Rational units, Rational energy, Rational gross) => levy.Basis switch
    {
        LevyBasis.PerKilowattHour => levy.Rate * units,
        LevyBasis.ShareOfEnergy => levy.Rate * energy,
        _ => levy.Rate * gross,
    };

    /// <summary>Fixed charges are served in the order of the tariff, those already collected first.</summary>
    private static IEnumerable<NamedCharge> SpreadFixed(Tariff tariff, PurchaseState state, Rational taken)
    {
        Rational collected = state.FixedCollected;
        foreach (FixedCharge charge in tariff.Fixed)
        {
            Rational open = Rational.Max(Rational.Zero, charge.Amount - collected);
            collected = Rational.Max(Rational.Zero, collected - charge.Amount);
            Rational part = Rational.Min(open, taken);
            taken -= part;
            if (part.Sign > 0) yield return new NamedCharge(charge.Name, part);
        }
    }

    private static Rational Taxed(Tariff tariff, string name, Rational amount) =>
        tariff.Vat.Base.Contains(name, StringComparer.Ordinal) ? amount : Rational.Zero;

    private static Rational Sum<T>(IEnumerable<T> items, Func<T, Rational> part) =>
        items.Aggregate(Rational.Zero, (sum, item) => sum + part(item));
}
