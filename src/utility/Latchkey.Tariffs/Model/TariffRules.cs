namespace Latchkey.Tariffs;

/// <summary>What makes a tariff sound: price grows with energy and never with nothing, so that money and units invert each other.</summary>
internal static class TariffRules
{
    private const int MaxParts = 64;
    private const int MaxMinorDigits = 4;

    public static string? Fault(Tariff t)
    {
        if (t.Blocks.Count is 0 or > MaxParts || t.Levies.Count > MaxParts || t.Fixed.Count > MaxParts) return "between 1 and 64 blocks, and at most 64 levies and fixed charges";
        if (t.MinorDigits is < 0 or > MaxMinorDigits) return "minor digits between 0 and 4";
        return BlockFault(t.Blocks) ?? NameFault(t) ?? RateFault(t);
    }

    private static string? BlockFault(IReadOnlyList<EnergyBlock> blocks)
    {
        Rational start = Rational.Zero;
        for (int i = 0; i < blocks.Count; i++)
        {
            EnergyBlock block = blocks[i];
            if (block.From != start) return $"block {i + 1} begins at {block.From} where {start} is expected";
            if (block.To is null && i != blocks.Count - 1) return $"block {i + 1} has no end but is not the last";
            if (block.To is { } end && end <= block.From) return $"block {i + 1} is empty";
            if (block.Rate.Sign < 0) return $"block {i + 1} has a rate below zero";
            start = block.To ?? start;
        }

        return null;
    }

    private static string? NameFault(Tariff t)
    {
        string[] names = [.. t.Levies.Select(l => l.Name), ValueAddedTax.Energy, ValueAddedTax.Fixed];
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length) return "two levies have one name, or the name of a charge";
        string? stranger = t.Vat.Base.FirstOrDefault(b => !names.Contains(b, StringComparer.Ordinal));
        return stranger is null ? null : $"tax is charged on '{stranger}', which the tariff does not have";
    }

    private static string? RateFault(Tariff t)
    {
        var price = new MarginalPrice(t);
        if (t.Vat.Rate.Sign < 0) return "a tax rate below zero";
        if (t.Fixed.Any(f => f.Amount.Sign < 0)) return "a fixed charge below zero";
        if (t.Fixed.Any(f => f.MaxShare is { } s && (s.Sign <= 0 || s >= Rational.One))) return "a fixed charge's share between 0 and 1";
        if (price.PerEnergy.Sign <= 0 || price.PerKilowattHour.Sign < 0) return "rebates that eat the whole price";
        return price.LeftOfGross - (price.FixedShare ?? Rational.Zero) is { Sign: > 0 } ? null : "shares of the money tendered that leave nothing";
    }
}
