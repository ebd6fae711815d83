using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Where a programme stands. Numbers are stored.</summary>
public enum ProgrammeState
{
    /// <summary>Written down, its meters counted; nothing is planned for them yet.</summary>
    Drawn = 1,

    Running = 2,

    /// <summary>Nothing new is planned; sets that are out go on.</summary>
    Paused = 3,

    /// <summary>Given up for good; sets that are out go on.</summary>
    Aborted = 4,
}

/// <summary>Changes the keys of many meters: which ones, to what, and in which order.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="TakesThirdToken">Whether its meters take the token that tells their supply group.</param>
/// <param name="Cohorts">A meter belongs to the first one that selects it.</param>
public sealed record KeyProgramme(Guid Id, string Name, KeyScope From, KeyTarget To, bool TakesThirdToken, IReadOnlyList<KeyCohort> Cohorts)
{
    public const int MaxCohorts = 100;
    public const int MaxNameLength = 64;
    public const int MaxPerDay = 10_000_000;

    /// <summary>What is wrong with it, for people; null for one that can be kept.</summary>
    public string? Fault()
    {
        if (Id == Guid.Empty) return "a programme needs an id";
        if (Name.Length is 0 or > MaxNameLength) return $"a programme's name has 1 to {MaxNameLength} characters";
        if (Cohorts.Count is 0 or > MaxCohorts) return $"a programme has 1 to {MaxCohorts} cohorts";
        if (Cohorts.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count() != Cohorts.Count) return "two cohorts have one name";
        if (From.IsEverything) return "a programme says which keys it ends: a base date, a revision or an expiry number";
        return Cohorts.Select(c => c.Fault()).FirstOrDefault(f => f is not null);
    }

    /// <summary>Whether the meter's key is one that this programme ends.</summary>
    public bool Concerns(in DecoderKeyAttributes key) => From.Includes(key) && !To.IsReachedBy(key);

    /// <summary>The place of the meter's cohort; null where none selects it.</summary>
    public int? CohortOf(MeterRecord meter, DateOnly? lastPurchase, DateOnly today)
    {
        for (int i = 0; i < Cohorts.Count; i++)
        {
            if (Cohorts[i].Selects.Includes(meter, lastPurchase, today)) return i;
        }

        return null;
    }
}

/// <summary>Which keys a programme ends; null where that does not matter.</summary>
public sealed record KeyScope(BaseDate? BaseDate, KeyRevisionNumber? Revision, KeyExpiryNumber? Expiry)
{
    internal bool IsEverything => BaseDate is null && Revision is null && Expiry is null;

    public bool Includes(in DecoderKeyAttributes key) =>
        (BaseDate is null || BaseDate == key.BaseDate) && (Revision is null || Revision == key.KeyRevision) && (Expiry is null || Expiry == key.KeyExpiry);
}

/// <summary>The key that a programme brings; the supply group and the key type stay the meter's own.</summary>
public sealed record KeyTarget(KeyRevisionNumber Revision, KeyExpiryNumber Expiry, BaseDate BaseDate)
{
    public VendingKeyRevision For(in DecoderKeyAttributes key) => new(key.SupplyGroup, key.KeyType, Revision, Expiry, BaseDate, DateTime.MinValue);

    internal bool IsReachedBy(in DecoderKeyAttributes key) => key.KeyRevision == Revision && key.KeyExpiry == Expiry && key.BaseDate == BaseDate;
}
