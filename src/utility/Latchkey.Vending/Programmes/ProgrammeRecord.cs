namespace Latchkey.Vending.Programmes;

/// <summary>A programme as it is kept.</summary>
/// <param name="Events">What people did with it, in order.</param>
/// <param name="Counting">How far the counting of meters has come.</param>
/// <param name="Forecast">How many meters were expected to have their set by the end of each day, when it was drawn up; empty until then.</param>
public sealed record ProgrammeRecord(
    KeyProgramme Programme, ProgrammeState State, DateTimeOffset At, IReadOnlyList<ProgrammeEvent> Events, CountingPlace Counting, IReadOnlyList<ForecastDay> Forecast)
{
    public Guid Id => Programme.Id;
}

/// <summary>How far the meters are counted.</summary>
/// <param name="After">The number of the last meter that was looked at.</param>
/// <param name="IsThrough">Every meter was looked at; from time to time they are looked at again, for new ones.</param>
public readonly record struct CountingPlace(ulong After, bool IsThrough, DateTimeOffset At);

/// <summary>How many meters are expected to have their set by the end of a day.</summary>
public readonly record struct ForecastDay(DateOnly Day, int Changed);

/// <summary>What a person did. Numbers are stored.</summary>
public enum ProgrammeAct
{
    Started = 1,
    Paused = 2,
    Resumed = 3,
    Aborted = 4,
}

/// <summary>An act, and who answers for it.</summary>
/// <param name="Second">The second person, where two are needed.</param>
public sealed record ProgrammeEvent(DateTimeOffset At, ProgrammeAct Act, string First, string? Second, string? Reason);

/// <summary>How far a cohort has come.</summary>
/// <param name="Dark">Of those that are waiting, planned or failed: whose moment has come.</param>
public sealed record CohortProgress(int Cohort, int Waiting, int Planned, int Issued, int Proven, int Exempt, int Failed, int Dark)
{
    public int All => Waiting + Planned + Issued + Proven + Exempt + Failed;

    /// <summary>Meters that have their set, whether or not it is proven.</summary>
    public int Changed => Issued + Proven;
}

/// <summary>What happened on one day, in one cohort.</summary>
public readonly record struct DayProgress(DateOnly Day, int Cohort, int Planned, int Issued, int Proven);
