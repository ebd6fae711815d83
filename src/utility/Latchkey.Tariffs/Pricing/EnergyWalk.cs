namespace Latchkey.Tariffs;

/// <summary>Energy taken block by block, with what the subsidies bear of it.</summary>
internal sealed record WalkedEnergy(IReadOnlyList<BlockCharge> Blocks, IReadOnlyList<Rational> Subsidies);

/// <summary>Walks the blocks from where the period stands, by units or by money, until either is used up.</summary>
internal static class EnergyWalk
{
    /// <summary>Null where the tariff has no price for as many units.</summary>
    public static WalkedEnergy? ByUnits(Tariff tariff, PurchaseState state, Rational units) =>
        Walk(tariff, state, units, (_, _) => Rational.One);

    /// <summary><paramref name="money"/> pays energy, the levies that follow it, and their tax. Null where money is left after the last block.</summary>
    public static WalkedEnergy? ByMoney(Tariff tariff, PurchaseState state, MarginalPrice price, Rational money) =>
        Walk(tariff, state, money, price.PerUnit);

    /// <summary>The blocks that apply: all of them, or the one of the customer's average, stretched over the whole purchase.</summary>
    public static IReadOnlyList<EnergyBlock> BlocksFor(Tariff tariff, PurchaseState state)
    {
        if (tariff.Accumulation != Accumulation.AverageBand) return tariff.Blocks;
        Rational average = state.AverageUnits ?? state.UnitsBefore;
        EnergyBlock band = tariff.Blocks.FirstOrDefault(b => b.To is null || average < b.To) ?? tariff.Blocks[^1];
        return [band with { From = Rational.Zero, To = null }];
    }

    /// <summary>Spends <paramref name="budget"/>, of which each kWh takes <paramref name="perUnit"/>.</summary>
    private static WalkedEnergy? Walk(Tariff tariff, PurchaseState state, Rational budget, Func<EnergyBlock, IEnumerable<Subsidy>, Rational> perUnit)
    {
        List<BlockCharge> charges = [];
        var subsidies = new Rational[tariff.Subsidies.Count];
        Rational position = state.UnitsBefore, left = budget;
        foreach (EnergyBlock stretch in Stretches(tariff, state))
        {
            if (left.Sign == 0) break;
            if (stretch.To <= position) continue;
            Subsidy[] active = [.. tariff.Subsidies.Where(s => s.UpTo is null || position < s.UpTo)];
            Rational each = perUnit(stretch, active);

            // A free block is passed through whole; one without an end would give energy without limit.
            if (each.Sign == 0 && stretch.To is null) return null;
            Rational affordable = each.Sign == 0 ? stretch.To!.Value - position : left / each;
            Rational taken = stretch.To is { } end ? Rational.Min(affordable, end - position) : affordable;
            Add(charges, stretch, taken);
            for (int i = 0; i < subsidies.Length; i++)
            {
                if (active.Contains(tariff.Subsidies[i])) subsidies[i] += taken * tariff.Subsidies[i].PerUnitOf(stretch);
            }

            position += taken;
            left -= taken * each;
        }

        return left.Sign == 0 ? new WalkedEnergy(charges, subsidies) : null;
    }

    /// <summary>The blocks, cut where a subsidy ends within one.</summary>
    private static IEnumerable<EnergyBlock> Stretches(Tariff tariff, PurchaseState state) => tariff.Subsidies.Count == 0
        ? BlocksFor(tariff, state)
        : BlocksFor(tariff, state).SelectMany(block => Cut(block, tariff.Subsidies));

    /// <summary>A block, cut where a subsidy ends within it.</summary>
    private static IEnumerable<EnergyBlock> Cut(EnergyBlock block, IReadOnlyList<Subsidy> subsidies)
    {
        Rational from = block.From;
        foreach (Rational cut in subsidies.Select(s => s.UpTo).OfType<Rational>().Distinct().Order())
        {
            if (cut <= from || cut >= block.To) continue;
            yield return block with { From = from, To = cut };
            from = cut;
        }

        yield return block with { From = from };
    }

    /// <summary>Pieces of one block are one charge: the customer reads blocks, not cuts.</summary>
    private static void Add(List<BlockCharge> charges, EnergyBlock piece, Rational taken)
    {
        if (charges.Count > 0 && charges[^1].Block is { } before && before.To == piece.From && before.Rate == piece.Rate)
        {
            charges[^1] = new BlockCharge(before with { To = piece.To }, charges[^1].Units + taken, charges[^1].Amount + (taken * piece.Rate));
            return;
        }

        charges.Add(new BlockCharge(piece, taken, taken * piece.Rate));
    }
}
