namespace Latchkey.Tariffs;

/// <summary>Walks the blocks from where the period stands, by units or by money, until either is used up.</summary>
internal static class EnergyWalk
{
    /// <summary>Null where the tariff has no price for as many units.</summary>
    public static IReadOnlyList<BlockCharge>? ByUnits(Tariff tariff, PurchaseState state, Rational units)
    {
        List<BlockCharge> charges = [];
        Rational position = state.UnitsBefore, left = units;
        foreach (EnergyBlock block in BlocksFor(tariff, state))
        {
            if (left.Sign == 0) break;
            if (block.To <= position) continue;
            Rational taken = block.To is { } end ? Rational.Min(left, end - position) : left;
            charges.Add(new BlockCharge(block, taken, taken * block.Rate));
            position += taken;
            left -= taken;
        }

        return left.Sign == 0 ? charges : null;
    }

    /// <summary><paramref name="money"/> pays energy, the levies that follow it, and their tax. Null where money is left after the last block.</summary>
    public static IReadOnlyList<BlockCharge>? ByMoney(Tariff tariff, PurchaseState state, MarginalPrice price, Rational money)
    {
        List<BlockCharge> charges = [];
        Rational position = state.UnitsBefore, left = money;
        foreach (EnergyBlock block in BlocksFor(tariff, state))
        {
            if (left.Sign == 0) break;
            if (block.To <= position) continue;
            Rational perUnit = (block.Rate * price.PerEnergy) + price.PerKilowattHour;

            // A free block is passed through whole; one without an end would give energy without limit.
            if (perUnit.Sign == 0 && block.To is null) return null;
            Rational affordable = perUnit.Sign == 0 ? block.To!.Value - position : left / perUnit;
            Rational taken = block.To is { } end ? Rational.Min(affordable, end - position) : affordable;
            charges.Add(new BlockCharge(block, taken, taken * block.Rate));
            position += taken;
            left -= taken * perUnit;
        }

        return left.Sign == 0 ? charges : null;
    }

    /// <summary>The blocks that apply: all of them, or the one of the customer's average, stretched over the whole purchase.</summary>
    public static IReadOnlyList<EnergyBlock> BlocksFor(Tariff tariff, PurchaseState state)
    {
        if (tariff.Accumulation != Accumulation.AverageBand) return tariff.Blocks;
        Rational average = state.AverageUnits ?? state.UnitsBefore;
        EnergyBlock band = tariff.Blocks.FirstOrDefault(b => b.To is null || average < b.To) ?? tariff.Blocks[^1];
        return [band with { From = Rational.Zero, To = null }];
    }
}
