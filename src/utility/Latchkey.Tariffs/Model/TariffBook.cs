namespace Latchkey.Tariffs;

/// <summary>All versions of all tariffs. On any day at most one version of a tariff is in force.</summary>
public sealed class TariffBook
{
    private readonly Dictionary<string, Tariff[]> _versions;

    /// <exception cref="ArgumentException">A tariff is unsound, or two versions of one tariff claim the same day.</exception>
    public TariffBook(IEnumerable<Tariff> tariffs)
    {
        _versions = tariffs.GroupBy(t => t.Id, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => group.OrderBy(t => t.Valid.From ?? DateOnly.MinValue).ToArray(), StringComparer.Ordinal);
        foreach (Tariff[] versions in _versions.Values) RequireSound(versions);
        Carries = All.Any(t => t.Rounding == EnergyRounding.Carry);
    }

    /// <summary>True where some version leaves money to the next purchase: only then can a meter have any, whatever tariff it is on now.</summary>
    public bool Carries { get; }

    public IEnumerable<Tariff> All => _versions.Values.SelectMany(v => v);

    /// <summary>The version in force on a day, by the calendar of the place, with that day's levies; null where there is none.</summary>
    public Tariff? InForce(string id, DateOnly day) =>
        _versions.TryGetValue(id, out Tariff[]? versions) ? Array.Find(versions, v => v.Valid.Contains(day))?.On(day) : null;

    private static void RequireSound(Tariff[] versions)
    {
        for (int i = 0; i < versions.Length; i++)
        {
            if (versions[i].Fault() is { } fault) throw new ArgumentException($"Tariff {versions[i].Id}: {fault}.");
            if (i > 0 && versions[i - 1].Valid.Overlaps(versions[i].Valid))
                throw new ArgumentException($"Tariff {versions[i].Id}: two versions are in force from {versions[i].Valid.From:yyyy-MM-dd}.");
        }
    }
}
