namespace Latchkey.Tariffs;

/// <summary>What is known of a customer's fixed charges.</summary>
/// <param name="Since">From when on the customer owes them; null for the beginning of the present month.</param>
/// <param name="DemandKilowatts">The demand subscribed, for charges per kW; null where none is.</param>
/// <param name="Collected">What was collected of a charge, by name, net of tax, by purchases of the month that begins on a day.</param>
public sealed record FixedStanding(DateOnly? Since, Rational? DemandKilowatts, Func<string, DateOnly, Rational> Collected);

/// <summary>How much of each fixed charge is due on a day. It looks at the month, whichever version of the tariff sold it, so nothing is taken twice.</summary>
public static class FixedAccrual
{
    /// <summary>Months without a purchase are owed for so long at most.</summary>
    public const int LongestMonths = 12;

    /// <summary>In the order of the charges of the tariff in force, net of tax; null where a charge is per kW and no demand is known.</summary>
    public static IReadOnlyList<Rational>? Due(TariffBook book, Tariff inForce, DateOnly day, FixedStanding standing)
    {
        if (inForce.Fixed.Any(f => f.Per == ChargePeriod.KilowattMonth) && standing.DemandKilowatts is null) return null;
        return [.. inForce.Fixed.Select(charge => Due(book, inForce, charge, day, standing))];
    }

    private static Rational Due(TariffBook book, Tariff inForce, FixedCharge charge, DateOnly day, FixedStanding standing)
    {
        if (charge.Per == ChargePeriod.Purchase) return charge.Amount;
        Rational due = Rational.Zero;
        foreach (DateOnly month in Months(charge, day, standing))
        {
            due += Accrued(book, inForce, charge, month, day, standing) - standing.Collected(charge.Name, month);
        }

        return Rational.Max(Rational.Zero, due);
    }

    private static IEnumerable<DateOnly> Months(FixedCharge charge, DateOnly day, FixedStanding standing)
    {
        DateOnly present = AccumulationPeriod.StartOf(Accumulation.CalendarMonth, day);
        DateOnly begins = charge.Per == ChargePeriod.Year ? FirstOfYear(day, standing)
            : charge.Accumulates && standing.Since is { } since ? since
            : present;
        DateOnly month = AccumulationPeriod.StartOf(Accumulation.CalendarMonth, begins);
        if (month < present.AddMonths(1 - LongestMonths)) month = present.AddMonths(1 - LongestMonths);
        for (; month <= present; month = month.AddMonths(1)) yield return month;
    }

    private static DateOnly FirstOfYear(DateOnly day, FixedStanding standing) =>
        standing.Since is { } since && since.Year == day.Year ? since : new DateOnly(day.Year, 1, 1);

    /// <summary>What a charge comes to in a month, up to <paramref name="day"/>.</summary>
    private static Rational Accrued(TariffBook book, Tariff inForce, FixedCharge charge, DateOnly month, DateOnly day, FixedStanding standing)
    {
        if (charge.Per == ChargePeriod.Year && month != AccumulationPeriod.StartOf(Accumulation.CalendarMonth, FirstOfYear(day, standing))) return Rational.Zero;
        DateOnly last = month.AddMonths(1).AddDays(-1), first = standing.Since is { } since && since > month && since <= last ? since : month;
        if (charge.Per == ChargePeriod.Day)
        {
            DateOnly until = day < last ? day : last;
            return Versions(book, inForce, charge).Aggregate(
                Rational.Zero, (sum, v) => sum + (v.Amount * Rational.FromInteger(v.Valid.DaysWithin(first, until))));
        }

        Rational kilowatts = charge.Per == ChargePeriod.KilowattMonth ? standing.DemandKilowatts!.Value : Rational.One;
        return kilowatts * (inForce.ProRata == ProRataRule.Days ? ByDays(book, inForce, charge, first, last) : OnFirstDay(book, inForce, charge, first, last));
    }

    private static Rational ByDays(TariffBook book, Tariff inForce, FixedCharge charge, DateOnly first, DateOnly last)
    {
        int daysOfMonth = DateTime.DaysInMonth(last.Year, last.Month);
        return Versions(book, inForce, charge).Aggregate(
            Rational.Zero, (sum, v) => sum + (v.Amount * new Rational(v.Valid.DaysWithin(first, last), daysOfMonth)));
    }

    /// <summary>The price of the version in force as the month began; where there was none yet, of the first one within it.</summary>
    private static Rational OnFirstDay(TariffBook book, Tariff inForce, FixedCharge charge, DateOnly first, DateOnly last)
    {
        (Validity Valid, Rational Amount)[] versions = [.. Versions(book, inForce, charge).Where(v => v.Valid.DaysWithin(first, last) > 0)];
        return versions.Length == 0 ? Rational.Zero : versions.OrderBy(v => v.Valid.From ?? DateOnly.MinValue).First().Amount;
    }

    /// <summary>The charge's price in each version; a version that does not have it charges nothing.</summary>
    private static IEnumerable<(Validity Valid, Rational Amount)> Versions(TariffBook book, Tariff inForce, FixedCharge charge) => book.All
        .Where(t => t.Id == inForce.Id)
        .Select(t => (t.Valid, t.Fixed.FirstOrDefault(f => f.Name == charge.Name && f.Per == charge.Per)?.Amount ?? Rational.Zero));
}
