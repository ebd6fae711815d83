using System.Globalization;

namespace Latchkey.Vending.Programmes;

/// <summary>A cohort with how far it has come, for people and programs.</summary>
/// <param name="Late">Of the open meters: those that by their customers' habits go dark before they have their set.</param>
public sealed record CohortView(
    string Name, string Policy, DateOnly Starts, int PerDay, DateOnly? RefuseFrom, int Meters, int Waiting, int Planned, int Issued, int Proven, int Exempt, int Failed, int Dark, int Late);

/// <summary>What was done on a day, over all cohorts.</summary>
public sealed record DayView(DateOnly Day, int Planned, int Issued, int Proven);

/// <summary>What a person did with it, and who answered for it.</summary>
public sealed record ActView(DateTimeOffset At, string Act, string First, string? Second, string? Reason);

/// <summary>A programme with how far it has come: the same on the command line, over REST and in the portal.</summary>
/// <param name="Deadline">The last minute at which the keys that the programme ends can be sold under, by the seller's clock; null where the programme names none.</param>
/// <param name="Late">Open meters that are expected to go dark before they have their set.</param>
/// <param name="ForecastToday">How many meters were expected to have their set by today when the programme was drawn up; null without a forecast.</param>
public sealed record ProgrammeView(
    Guid Id, string Name, string State, string From, string To, DateTime? Deadline, bool IsCounted, int Meters, int Changed, int Proven, int Late, int? ForecastToday,
    IReadOnlyList<CohortView> Cohorts, IReadOnlyList<DayView> Days, IReadOnlyList<ActView> Events)
{
    public static ProgrammeView Of(IKeyProgrammeStore store, KeyProgrammeDesk desk, ProgrammeRecord record, DateTimeOffset now)
    {
        KeyProgramme programme = record.Programme;
        IReadOnlyList<CohortProgress> progress = store.Progress(record.Id, now);
        ProgrammeOutlook outlook = desk.Outlook(record);
        DateOnly today = desk.Today;
        return new ProgrammeView(
            record.Id, programme.Name, NameOf(record.State), KeyText(programme.From), KeyText(programme.To), DeadlineOf(programme), record.Counting.IsThrough,
            progress.Sum(c => c.All), progress.Sum(c => c.Changed), progress.Sum(c => c.Proven), outlook.Late,
            record.Forecast.Count == 0 ? null : ForecastOn(record, today),
            [.. progress.Select(c => Cohort(programme.Cohorts[c.Cohort], c, outlook.LateByCohort[c.Cohort]))],
            [.. store.Days(record.Id).GroupBy(d => d.Day).Select(d => new DayView(d.Key, d.Sum(x => x.Planned), d.Sum(x => x.Issued), d.Sum(x => x.Proven)))],
            [.. record.Events.Select(e => new ActView(e.At, NameOf(e.Act), e.First, e.Second, e.Reason))]);
    }

    /// <summary>In the words of the interface: <c>drawn</c>, <c>running</c>, <c>withNextPurchase</c>.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The last minute of the keys that a programme ends; null where its scope names neither a base date nor an expiry.</summary>
    public static DateTime? DeadlineOf(KeyProgramme programme)
    {
        if (programme.From.BaseDate is not { } baseDate) return null;
        DateTime expiry = (programme.From.Expiry ?? Sts.KeyExpiryNumber.Never).ExpiresAt(baseDate).AddMinutes(-1);
        return expiry < baseDate.LastMinute ? expiry : baseDate.LastMinute;
    }

    private static int ForecastOn(ProgrammeRecord record, DateOnly today) => record.Forecast.LastOrDefault(f => f.Day <= today).Changed;

    private static CohortView Cohort(KeyCohort cohort, CohortProgress so, int late) => new(
        cohort.Name, NameOf(cohort.Policy), cohort.Starts, cohort.PerDay, cohort.RefuseFrom, so.All, so.Waiting, so.Planned, so.Issued, so.Proven, so.Exempt, so.Failed, so.Dark, late);

    private static string KeyText(KeyScope key) => string.Join(", ", new[]
    {
        key.BaseDate is { } date ? string.Create(CultureInfo.InvariantCulture, $"base date {date.Year}") : null,
        key.Revision is { } revision ? string.Create(CultureInfo.InvariantCulture, $"revision {revision.Value}") : null,
        key.Expiry is { } expiry ? string.Create(CultureInfo.InvariantCulture, $"expiry {expiry.Value}") : null,
    }.Where(part => part is not null));

    private static string KeyText(KeyTarget key) => KeyText(new KeyScope(key.BaseDate, key.Revision, key.Expiry));
}
