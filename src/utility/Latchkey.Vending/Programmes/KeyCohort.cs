namespace Latchkey.Vending.Programmes;

/// <summary>How the meters of a cohort get their new key. Numbers are stored.</summary>
public enum CohortPolicy
{
    /// <summary>The set goes with the next purchase.</summary>
    WithNextPurchase = 1,

    /// <summary>When the customer asks for it.</summary>
    OnRequest = 2,

    /// <summary>Through the meter's own module.</summary>
    OverTheAir = 3,

    /// <summary>A field team types it.</summary>
    FieldVisit = 4,
}

/// <summary>Some of a programme's meters, changed in one way from one day on.</summary>
/// <param name="Starts">The first day, by the seller's clock.</param>
/// <param name="PerDay">At most so many meters are begun on one day.</param>
/// <param name="RefuseFrom">From this day on a meter that still has its old key is sold nothing, unless the set goes with the purchase; null waits for the key's own end.</param>
public sealed record KeyCohort(string Name, CohortSelection Selects, DateOnly Starts, CohortPolicy Policy, int PerDay, DateOnly? RefuseFrom = null)
{
    public bool HasStarted(DateOnly today) => today >= Starts;

    internal string? Fault()
    {
        if (Name.Length is 0 or > KeyProgramme.MaxNameLength) return $"a cohort's name has 1 to {KeyProgramme.MaxNameLength} characters";
        if (PerDay is < 1 or > KeyProgramme.MaxPerDay) return $"cohort '{Name}' begins 1 to {KeyProgramme.MaxPerDay} meters a day";
        if (!Enum.IsDefined(Policy)) return $"cohort '{Name}' has no policy of ours";
        if (RefuseFrom <= Starts) return $"cohort '{Name}' would refuse before it has begun";
        return Selects.Fault() is { } fault ? $"cohort '{Name}': {fault}" : null;
    }
}

/// <summary>Which meters a cohort takes. What is empty or null takes all.</summary>
public sealed record CohortSelection
{
    public const int MaxNames = 10_000;

    public static CohortSelection Everything { get; } = new();

    public IReadOnlyList<string> SupplyGroups { get; init; } = [];

    public IReadOnlyList<string> Tariffs { get; init; } = [];

    /// <summary>Sites: how the meter's place begins.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Has bought within so many days.</summary>
    public int? BoughtWithinDays { get; init; }

    /// <summary>Has not bought for so many days, or never.</summary>
    public int? NotBoughtForDays { get; init; }

    /// <summary>Age: the customer's own date lies before this day. A customer without one is of no age.</summary>
    public DateOnly? CustomerBefore { get; init; }

    /// <summary>Age: the customer's own date is this day or later.</summary>
    public DateOnly? CustomerFrom { get; init; }

    public bool Includes(MeterRecord meter, DateOnly? lastPurchase, DateOnly today)
    {
        if (SupplyGroups.Count > 0 && !SupplyGroups.Contains(meter.Key.SupplyGroup.ToString(), StringComparer.Ordinal)) return false;
        if (Tariffs.Count > 0 && !Tariffs.Contains(meter.TariffId, StringComparer.Ordinal)) return false;
        if (Places.Count > 0 && !Places.Any(place => meter.Place.StartsWith(place, StringComparison.Ordinal))) return false;
        if (BoughtWithinDays is { } within && !(lastPurchase >= today.AddDays(-within))) return false;
        if (NotBoughtForDays is { } without && lastPurchase > today.AddDays(-without)) return false;
        if (CustomerBefore is { } before && !(meter.Anniversary < before)) return false;
        return CustomerFrom is not { } from || meter.Anniversary >= from;
    }

    internal string? Fault()
    {
        if (SupplyGroups.Count + Tariffs.Count + Places.Count > MaxNames) return $"it names more than {MaxNames} groups, tariffs and places";
        return BoughtWithinDays < 1 || NotBoughtForDays < 1 ? "days are counted from 1" : null;
    }
}
