using Latchkey.Sts;

namespace Latchkey.Storage.Vending.Rehearsal;

/// <summary>What goes otherwise than planned.</summary>
public enum RehearsalVariant
{
    AsPlanned = 0,

    /// <summary>The cohorts begin ten days before the end.</summary>
    StartedLate = 1,

    /// <summary>A third of the pace.</summary>
    ThirdOfThePace = 2,

    /// <summary>Three in ten customers never buy.</summary>
    NeverBuys = 3,

    /// <summary>Half of the sets are typed from the last token to the first.</summary>
    WrongOrder = 4,

    /// <summary>Three in ten sets are lost between the till and the meter; the credit is typed alone.</summary>
    SetsLost = 5,

    /// <summary>Every third meter's key expires before the base date ends.</summary>
    EarlyExpiry = 6,
}

/// <summary>A rehearsal of the live programme: the seller's own rooms over a directory of their own, a clock that is turned by hand, real tokens at virtual meters.</summary>
/// <param name="OldBase">The base date whose identifiers end.</param>
/// <param name="Directory">Empty; left as it is at the end, so that the commands of a programme can look into it.</param>
public sealed record LiveRehearsalOptions(BaseDate OldBase, int Meters, int Seed, RehearsalVariant Variant, string Directory)
{
    public const int MaxMeters = 1_000_000;

    /// <summary>Days of selling before the programme starts, so that there are habits to forecast from.</summary>
    public int WarmUpDays { get; init; } = 21;

    public int ProgrammeDays { get; init; } = 49;

    public int DaysAfter { get; init; } = 14;

    public int NeverBuyPerThousand => Variant == RehearsalVariant.NeverBuys ? 300 : 60;

    public int WrongOrderPerThousand => Variant == RehearsalVariant.WrongOrder ? 500 : 50;

    public int LostPerThousand => Variant == RehearsalVariant.SetsLost ? 300 : 10;

    /// <summary>Meters that a cohort begins on a day.</summary>
    public int PerDay => Math.Max(1, Meters / (Variant == RehearsalVariant.ThirdOfThePace ? 48 : 16));

    /// <summary>Visits a day to those who do not buy, in the last three weeks and after the end.</summary>
    public int VisitsPerDay => Math.Max(1, Meters / 400);

    public DateOnly End => DateOnly.FromDateTime(OldBase.LastMinute);

    public DateOnly FirstDay => End.AddDays(-WarmUpDays - ProgrammeDays);

    public DateOnly Starts => End.AddDays(Variant == RehearsalVariant.StartedLate ? -10 : -ProgrammeDays);

    public EncryptionAlgorithm Algorithm => OldBase == BaseDate.Year1993 ? EncryptionAlgorithm.Ea07 : EncryptionAlgorithm.Ea11;
}

/// <summary>One evening.</summary>
/// <param name="Dark">Homes whose credit did not last through the day.</param>
public sealed record LiveRehearsalDay(DateOnly Day, int Changed, int Proven, int Dark, int Sold, int Refused, int Visited);

/// <summary>What a rehearsal of the live programme says.</summary>
/// <param name="ForecastChanged">How many meters were expected to have their set by the end when the programme was drawn up.</param>
/// <param name="ChangedByTheEnd">How many had it.</param>
/// <param name="Answers">What meters said to what was typed, and how often.</param>
/// <param name="Refusals">Sales that were refused, by code.</param>
/// <param name="CreditedTwice">Must be none.</param>
/// <param name="BooksDiffer">Differences that the audit of ledger, orders and signer found: must be none.</param>
public sealed record LiveRehearsalReport(
    string Variant, DateTime End, int Meters, int ForecastChanged, int ChangedByTheEnd, int ProvenByTheEnd, int ChangedAtLast, int WorstDark, DateOnly WorstDay, int DarkAtLast, long Sales,
    long TokensTyped, IReadOnlyDictionary<string, long> Answers, IReadOnlyDictionary<string, long> Refusals, long CreditedTwice, int BooksDiffer, IReadOnlyList<LiveRehearsalDay> Days);
