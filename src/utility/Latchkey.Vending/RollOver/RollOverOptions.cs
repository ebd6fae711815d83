using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a rehearsal is of. Counts per thousand describe the customers.</summary>
/// <param name="OldBase">The base date whose identifiers end: 1993 on 24 November 2024, 2014 in November 2045.</param>
/// <param name="Programme">Null rehearses what happens when nobody does anything.</param>
public sealed record RollOverOptions(BaseDate OldBase, int Meters, int DaysBefore, int DaysAfter, int Seed, RollOverProgramme? Programme)
{
    public const int MaxMeters = 2_000_000;

    public int Feeders { get; init; } = 20;

    /// <summary>Of a thousand customers, those who have a connection and never buy.</summary>
    public int NeverBuyPerThousand { get; init; } = 60;

    /// <summary>Of a thousand sets of key-change tokens, those typed in the wrong order at first.</summary>
    public int WrongOrderPerThousand { get; init; } = 50;

    /// <summary>Of a thousand sets, those given up in the middle; the rest is typed at the next purchase.</summary>
    public int GivenUpPerThousand { get; init; } = 10;

    /// <summary>The minute of the last identifier.</summary>
    public DateTime End => OldBase.LastMinute;

    public DateOnly FirstDay => DateOnly.FromDateTime(End).AddDays(-DaysBefore);

    /// <summary>1993 meters are of the DES kind with two tokens, later ones of EA11 with four.</summary>
    public EncryptionAlgorithm Algorithm => OldBase == BaseDate.Year1993 ? EncryptionAlgorithm.Ea07 : EncryptionAlgorithm.Ea11;
}

/// <summary>One day of a rehearsal.</summary>
/// <param name="Converted">Meters with the new key, in all.</param>
/// <param name="Dark">Meters without credit this evening.</param>
/// <param name="DarkWaiting">Of them, those that still have the old key.</param>
public sealed record RollOverDay(DateOnly Day, int Converted, int Dark, int DarkWaiting, int Visited);

/// <summary>What became of one cohort.</summary>
public sealed record CohortResult(string Name, DateOnly From, int Meters, int ConvertedBeforeTheEnd, int ConvertedAtLast);

/// <summary>What a rehearsal says.</summary>
/// <param name="ForecastDarkAfterTheEnd">What the forecast said on the last day, for the last day of the rehearsal.</param>
/// <param name="TokensMade">Credit and key-change tokens.</param>
/// <param name="CreditedTwice">Tokens that a meter took a second time: must be none.</param>
/// <param name="RefusedSales">Purchases that could not be served because the meter has no identifiers left.</param>
public sealed record RollOverReport(
    DateTime End, int Meters, int ConvertedBeforeTheEnd, int ConvertedAtLast, int WorstDark, DateOnly WorstDay, int ForecastDarkAfterTheEnd, long TokensMade,
    long TokensTaken, IReadOnlyDictionary<string, long> RefusedByMeters, long CreditedTwice, long RefusedSales, IReadOnlyList<CohortResult> Cohorts,
    IReadOnlyList<RollOverDay> Days);
