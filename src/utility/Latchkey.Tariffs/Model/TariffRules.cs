namespace Latchkey.Tariffs;

/// <summary>What makes a tariff sound: price grows with energy and never with nothing, so that money and units invert each other.</summary>
internal static class TariffRules
{
    private const int MaxParts = 64;
    private const int MaxHolidays = 1000;
    private const int MaxMinorDigits = 4;

    public static string? Fault(Tariff t)
    {
        if (t.TimeOfUse is null && t.Blocks.Count == 0) return "blocks: at least one, or a 'time_of_use'";
        if (t.TimeOfUse is not null && t.Blocks.Count > 0) return "blocks: none beside a 'time_of_use'";
        if (new[] { t.Blocks.Count, t.Levies.Count, t.Fixed.Count, t.Subsidies.Count }.Any(n => n > MaxParts)) return "at most 64 blocks, levies, fixed charges and subsidies each";
        if (t.MinorDigits is < 0 or > MaxMinorDigits) return "minor_digits: between 0 and 4";
        if (t.Minimum is { Sign: < 0 }) return "minimum: not below zero";
        return BlockFault(t.Blocks) ?? NameFault(t) ?? ChargeFault(t) ?? RateFault(t) ?? (t.TimeOfUse is { } use ? ClockFault(use) : null);
    }

    private static string? BlockFault(IReadOnlyList<EnergyBlock> blocks)
    {
        Rational start = Rational.Zero;
        for (int i = 0; i < blocks.Count; i++)
        {
            EnergyBlock block = blocks[i];
            if (block.From != start) return $"blocks[{i}].from: {block.From} where {start} is expected";
            if (block.To is null && i != blocks.Count - 1) return $"blocks[{i}].to: no end, but it is not the last block";
            if (block.To is { } end && end <= block.From) return $"blocks[{i}].to: the block is empty";
            if (block.Rate.Sign < 0) return $"blocks[{i}].rate: below zero";
            start = block.To ?? start;
        }

        return null;
    }

    private static string? NameFault(Tariff t)
    {
        string[] names = [.. t.Levies.Select(l => l.Name), .. t.Subsidies.Select(s => s.Name), ValueAddedTax.Energy, ValueAddedTax.Fixed];
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length) return "levies, subsidies: two have one name, or the name of a charge";
        if (t.Fixed.Select(f => f.Name).Distinct(StringComparer.Ordinal).Count() != t.Fixed.Count) return "fixed: two charges have one name";
        string? stranger = t.Vat.Base.FirstOrDefault(b => !names.Contains(b, StringComparer.Ordinal));
        return stranger is null ? null : $"vat.base: tax is charged on '{stranger}', which the tariff does not have";
    }

    private static string? ChargeFault(Tariff t)
    {
        if (t.Vat.Rate.Sign < 0 || (t.Vat.IsInclusive && t.Vat.Rate >= Rational.One)) return "vat.rate: below zero, or an inclusive rate of 1 and more";
        for (int i = 0; i < t.Fixed.Count; i++)
        {
            if (t.Fixed[i].Amount.Sign < 0) return $"fixed[{i}].amount: below zero";
            if (t.Fixed[i].MaxShare is { } s && (s.Sign <= 0 || s >= Rational.One)) return $"fixed[{i}].max_share: between 0 and 1";
        }

        for (int i = 0; i < t.Subsidies.Count; i++)
        {
            if (t.Subsidies[i].Rate.Sign < 0 || t.Subsidies[i].UpTo is { Sign: <= 0 }) return $"subsidies[{i}]: a rate below zero, or an end at zero";
            if (t.Subsidies[i].Basis == LevyBasis.ShareOfGross) return $"subsidies[{i}].basis: per_kwh or pct_of_energy";
        }

        return t.Levies.Any(l => Overlap(l.Dated ?? [])) ? "levies: two rates of one levy claim the same day" : null;
    }

    private static bool Overlap(IReadOnlyList<DatedRate> rates) =>
        rates.Where((rate, i) => rates.Skip(i + 1).Any(other => other.Valid.Overlaps(rate.Valid))).Any();

    private static string? RateFault(Tariff t)
    {
        // Each day's rates must be sound, not only today's.
        DateOnly[] days = [.. t.Levies.SelectMany(l => l.Dated ?? []).Select(d => d.Valid.From ?? d.Valid.To ?? DateOnly.MinValue).Distinct()];
        return SharesFault(t) ?? days.Select(day => SharesFault(t.On(day))).FirstOrDefault(fault => fault is not null);
    }

    private static string? SharesFault(Tariff t)
    {
        MarginalPrice price = MarginalPrice.Of(t);
        if (price.PerEnergy.Sign <= 0 || price.PerKilowattHour.Sign < 0) return "levies: rebates that eat the whole price";
        if (t.Blocks.Any(b => price.PerUnit(b, t.Subsidies) is { Sign: < 0 })) return "subsidies: more than the price of a block";
        return price.LeftOfGross - (price.FixedShare ?? Rational.Zero) is { Sign: > 0 } ? null : "levies: shares of the money tendered that leave nothing";
    }

    private static string? ClockFault(TimeOfUse use)
    {
        if (use.Periods.Count is 0 or > MaxParts || use.Seasons.Count > MaxParts || use.Holidays.Count > MaxHolidays) return "time_of_use: between 1 and 64 periods, at most 64 seasons and 1000 holidays";
        for (int i = 0; i < use.Periods.Count; i++)
        {
            RatePeriod period = use.Periods[i];
            if (period.FromMinute < 0 || period.ToMinute > TimeOfUse.MinutesPerDay || period.FromMinute >= period.ToMinute) return $"time_of_use.periods[{i}]: an empty stretch; one over midnight is written as two";
            if (period.Rate.Sign < 0) return $"time_of_use.periods[{i}].rate: below zero";
            if (period.Season is { } name && use.Seasons.All(s => s.Name != name)) return $"time_of_use.periods[{i}].season: there is no season '{name}'";
        }

        return Hole(use) is { } hole ? $"time_of_use: no price at {hole}" : null;
    }

    /// <summary>A leap year and one of its holidays, minute by minute where prices change: every instant must have a price.</summary>
    private static string? Hole(TimeOfUse use)
    {
        foreach (DateOnly day in Enumerable.Range(0, 366).Select(n => new DateOnly(2024, 1, 1).AddDays(n)).Concat(use.Holidays))
        {
            for (int minute = 0; minute < TimeOfUse.MinutesPerDay; minute = use.NextChange(minute))
            {
                if (use.At(day, minute) is null) return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {minute / 60:D2}:{minute % 60:D2}");
            }
        }

        return null;
    }
}
