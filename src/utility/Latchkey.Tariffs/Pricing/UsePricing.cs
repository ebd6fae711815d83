namespace Latchkey.Tariffs;

/// <summary>Energy used in a stretch of time, by the calendar of the place.</summary>
/// <param name="Start">Where it begins; wall clock.</param>
/// <param name="Minutes">How long it is: a reading's interval.</param>
public readonly record struct UsedEnergy(DateTime Start, int Minutes, Rational Units);

/// <summary>Prices energy that was used, by the clock: for balances in money, in the meter or at the server.</summary>
public static class UsePricing
{
    /// <summary>What the energy costs with levies, subsidies and tax, without fixed charges: those are taken from the money as it comes in.</summary>
    /// <remarks>An interval across a change of price is shared by time, as meters without a profile of their own are billed.</remarks>
    public static PriceOutcome CostOf(Tariff tariff, IEnumerable<UsedEnergy> used)
    {
        if (tariff.TimeOfUse is not { } clock) return new PriceOutcome.Refused(PriceRefusal.TimeOfUse);
        var units = new Dictionary<RatePeriod, Rational>();
        foreach (UsedEnergy reading in used)
        {
            if (reading.Units.Sign < 0 || reading.Minutes <= 0) return new PriceOutcome.Refused(PriceRefusal.NotPositive);
            foreach ((RatePeriod period, Rational share) in Shares(clock, reading)) units[period] = units.GetValueOrDefault(period) + share;
        }

        Tariff byPeriod = tariff with { TimeOfUse = null, Fixed = [], Minimum = null, Blocks = Stretches(clock, units) };
        Rational total = units.Values.Aggregate(Rational.Zero, (sum, u) => sum + u);
        return Pricing.CostOf(byPeriod, total, PurchaseState.Fresh);
    }

    /// <summary>The periods one after the other as if they were blocks: the price of what was used is their sum.</summary>
    private static List<EnergyBlock> Stretches(TimeOfUse clock, Dictionary<RatePeriod, Rational> units)
    {
        List<EnergyBlock> blocks = [];
        Rational start = Rational.Zero;
        foreach (RatePeriod period in clock.Periods.Where(p => units.GetValueOrDefault(p).Sign > 0))
        {
            blocks.Add(new EnergyBlock(start, start + units[period], period.Rate));
            start += units[period];
        }

        if (blocks.Count == 0) blocks.Add(new EnergyBlock(Rational.Zero, null, clock.Periods[0].Rate));
        return blocks;
    }

    private static IEnumerable<(RatePeriod Period, Rational Units)> Shares(TimeOfUse clock, UsedEnergy reading)
    {
        DateTime at = reading.Start;
        DateTime end = at.AddMinutes(reading.Minutes);
        while (at < end)
        {
            var day = DateOnly.FromDateTime(at);
            int minute = (at.Hour * 60) + at.Minute;
            DateTime next = at.Date.AddMinutes(clock.NextChange(minute));
            if (next > end) next = end;

            // Sound tariffs have a price for every instant; TariffRules holds them to it.
            RatePeriod period = clock.At(day, minute) ?? throw new InvalidOperationException($"No price at {at:s}.");
            yield return (period, reading.Units * new Rational((next - at).Ticks, TimeSpan.TicksPerMinute * reading.Minutes));
            at = next;
        }
    }
}
