namespace Latchkey.Vending.Programmes;

/// <summary>How a programme should end, from where it stands.</summary>
/// <param name="Days">How many open meters have their set by the end of each day, from today to the last moment of any of them.</param>
/// <param name="Late">Of the open meters: those that go dark before they have one.</param>
/// <param name="LateByCohort">The same by cohort.</param>
public sealed record ProgrammeOutlook(IReadOnlyList<ForecastDay> Days, int Open, int Late, IReadOnlyList<int> LateByCohort);

/// <summary>From the customers' habits and the cohorts' pace: on which day each meter gets its set.</summary>
/// <remarks>Counts only on what happens by itself: a meter that is changed on request is counted late until somebody has asked.</remarks>
public static class ProgrammeForecast
{
    private const int LongestDays = 3_660;

    /// <param name="done">Meters that have their set today.</param>
    public static IReadOnlyList<ForecastDay> Of(KeyProgramme programme, IReadOnlyList<(ProgrammeMeter Meter, PurchaseHistory Purchases)> open, DateOnly today, int done)
    {
        ProgrammeOutlook outlook = Outlook(programme, open, today, at => DateOnly.FromDateTime(at.UtcDateTime));
        return [.. outlook.Days.Select(d => d with { Changed = d.Changed + done })];
    }

    /// <param name="dayOf">The seller's day of a moment.</param>
    public static ProgrammeOutlook Outlook(
        KeyProgramme programme, IReadOnlyList<(ProgrammeMeter Meter, PurchaseHistory Purchases)> open, DateOnly today, Func<DateTimeOffset, DateOnly> dayOf)
    {
        int[] late = new int[programme.Cohorts.Count];
        var changes = new SortedDictionary<DateOnly, int>();
        foreach (IGrouping<int, (ProgrammeMeter Meter, PurchaseHistory Purchases)> cohort in open.GroupBy(m => m.Meter.Cohort))
        {
            foreach ((ProgrammeMeter meter, DateOnly? day) in DaysOf(programme.Cohorts[cohort.Key], cohort, today))
            {
                if (day is { } on && on <= dayOf(meter.DarkAt)) changes[on] = changes.GetValueOrDefault(on) + 1;
                else late[cohort.Key]++;
            }
        }

        return new ProgrammeOutlook(Curve(changes, today), open.Count, late.Sum(), late);
    }

    /// <summary>The day on which each meter of a cohort gets its set; null for one that nothing brings it to.</summary>
    private static IEnumerable<(ProgrammeMeter Meter, DateOnly? Day)> DaysOf(
        KeyCohort cohort, IEnumerable<(ProgrammeMeter Meter, PurchaseHistory Purchases)> meters, DateOnly today)
    {
        DateOnly from = cohort.Starts > today ? cohort.Starts : today;

        // Planning goes by the moment of darkness at the cohort's pace; from its turn on a meter waits for what brings its set.
        int turn = 0;
        foreach ((ProgrammeMeter meter, PurchaseHistory purchases) in meters.OrderBy(m => m.Meter.State == ProgrammeMeterState.Planned ? 0 : 1).ThenBy(m => m.Meter.DarkAt).ThenBy(m => m.Meter.Pan.Value))
        {
            if (meter.State == ProgrammeMeterState.Failed)
            {
                yield return (meter, null);
                continue;
            }

            bool isPlanned = meter.State == ProgrammeMeterState.Planned;
            int wait = isPlanned ? 0 : turn++ / cohort.PerDay;
            DateOnly begun = wait < LongestDays ? from.AddDays(wait) : DateOnly.MaxValue;
            yield return (meter, cohort.Policy switch
            {
                CohortPolicy.WithNextPurchase => PurchaseFrom(purchases, begun, today),
                CohortPolicy.OverTheAir or CohortPolicy.FieldVisit => begun,
                _ => null,
            });
        }
    }

    /// <summary>The first purchase of the customer's habit on or after a day.</summary>
    private static DateOnly? PurchaseFrom(PurchaseHistory purchases, DateOnly day, DateOnly today)
    {
        if (purchases.Next(today) is not { } next || day == DateOnly.MaxValue) return null;
        if (next >= day) return next;
        int between = purchases.DaysBetween!.Value, missing = day.DayNumber - next.DayNumber;
        return next.AddDays((missing + between - 1) / between * between);
    }

    private static List<ForecastDay> Curve(SortedDictionary<DateOnly, int> changes, DateOnly today)
    {
        List<ForecastDay> days = [];
        if (changes.Count == 0) return days;
        DateOnly last = changes.Keys.Last();
        int so = 0;
        for (DateOnly day = today; day <= last && days.Count < LongestDays; day = day.AddDays(1)) days.Add(new ForecastDay(day, so += changes.GetValueOrDefault(day)));
        return days;
    }
}
