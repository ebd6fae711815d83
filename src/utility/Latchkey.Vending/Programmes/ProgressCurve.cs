namespace Latchkey.Vending.Programmes;

/// <summary>A day of a programme: what was expected by its evening, and what was reached.</summary>
/// <param name="Forecast">Null where the forecast does not reach.</param>
/// <param name="Changed">Meters with their set; null on days that have not come.</param>
public readonly record struct CurvePoint(DateOnly Day, int? Forecast, int? Changed, int? Proven);

/// <summary>Progress over time against the forecast and the deadline.</summary>
/// <param name="Meters">All meters of the programme that are not left out.</param>
/// <param name="Deadline">The day of the last identifier; null where the programme names none.</param>
public sealed record ProgressCurve(int Meters, DateOnly? Deadline, IReadOnlyList<CurvePoint> Points)
{
    private const int LongestDays = 3_660;

    public static ProgressCurve Of(IKeyProgrammeStore store, ProgrammeRecord record, DateTimeOffset now, DateOnly today)
    {
        int meters = store.Progress(record.Id, now).Sum(c => c.All - c.Exempt);
        DateOnly? deadline = ProgrammeView.DeadlineOf(record.Programme) is { } end ? DateOnly.FromDateTime(end) : null;
        return Of(store.Days(record.Id), record.Forecast, meters, deadline, today);
    }

    internal static ProgressCurve Of(IReadOnlyList<DayProgress> days, IReadOnlyList<ForecastDay> forecast, int meters, DateOnly? deadline, DateOnly today)
    {
        DateOnly[] edges = [today, .. days.Select(d => d.Day), .. forecast.Take(1).Select(f => f.Day), .. forecast.TakeLast(1).Select(f => f.Day), .. Day(deadline, today)];
        (DateOnly first, DateOnly last) = (edges.Min(), edges.Max());
        Dictionary<DateOnly, int> expected = forecast.ToDictionary(f => f.Day, f => f.Changed);
        ILookup<DateOnly, DayProgress> done = days.ToLookup(d => d.Day);
        List<CurvePoint> points = [];
        int? plan = null;
        int changed = 0, proven = 0;
        for (DateOnly day = first; day <= last && points.Count < LongestDays; day = day.AddDays(1))
        {
            plan = expected.TryGetValue(day, out int value) ? value : plan;
            changed += done[day].Sum(d => d.Issued);
            proven += done[day].Sum(d => d.Proven);
            bool hasCome = day <= today;
            points.Add(new CurvePoint(day, plan, hasCome ? changed : null, hasCome ? proven : null));
        }

        return new ProgressCurve(meters, deadline, points);
    }

    /// <summary>A deadline that is decades away would press all that matters to the edge.</summary>
    private static DateOnly[] Day(DateOnly? deadline, DateOnly today) =>
        deadline is { } day && day.DayNumber - today.DayNumber is > -LongestDays and < 800 ? [day] : [];
}
