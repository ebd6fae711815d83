namespace Latchkey.Vending;

/// <summary>Some of the feeders, and the day from which their meters' purchases carry the key-change tokens.</summary>
public sealed record RollOverCohort(string Name, int FirstFeeder, int LastFeeder, DateOnly From);

/// <summary>How a utility brings its meters over the end of their token identifiers.</summary>
/// <param name="Cohorts">By feeder; a feeder of none is not brought over by purchases.</param>
/// <param name="VisitsFrom">The day of the first visits to those who do not buy; null where nobody goes.</param>
/// <param name="VisitsPerDay">How many meters the crews change a day.</param>
public sealed record RollOverProgramme(IReadOnlyList<RollOverCohort> Cohorts, DateOnly? VisitsFrom, int VisitsPerDay)
{
    public const int MaxCohorts = 100;

    /// <summary>Equal parts of the feeders, one after the other.</summary>
    public static RollOverProgramme InParts(int feeders, int parts, DateOnly from, int daysBetween, DateOnly? visitsFrom, int visitsPerDay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(feeders, parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, MaxCohorts);
        RollOverCohort[] cohorts = new RollOverCohort[parts];
        for (int i = 0; i < parts; i++)
        {
            cohorts[i] = new RollOverCohort(
                "cohort " + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                feeders * i / parts, (feeders * (i + 1) / parts) - 1, from.AddDays(i * daysBetween));
        }

        return new RollOverProgramme(cohorts, visitsFrom, visitsPerDay);
    }

    /// <summary>True where a purchase of this feeder's meters on this day carries the tokens.</summary>
    public bool IsDue(int feeder, DateOnly day)
    {
        foreach (RollOverCohort cohort in Cohorts)
        {
            if (feeder >= cohort.FirstFeeder && feeder <= cohort.LastFeeder) return day >= cohort.From;
        }

        return false;
    }
}
