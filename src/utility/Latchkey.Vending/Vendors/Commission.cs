namespace Latchkey.Vending.Vendors;

/// <summary>From a month's sales of <paramref name="From"/> minor units on, this share instead of the basic one: only what lies above pays it.</summary>
/// <param name="SharePpm">Parts per million of the money taken.</param>
public readonly record struct CommissionTier(long From, int SharePpm);

/// <summary>What a vendor earns from a date on: a share of the money, an amount per kilowatt-hour, an amount per sale, in any combination.</summary>
/// <param name="From">The first day, on the seller's calendar.</param>
/// <param name="SharePpm">Parts per million: 20,000 is two percent.</param>
/// <param name="PerKilowattHour">Millionths of a minor unit.</param>
/// <param name="PerSale">Millionths of a minor unit.</param>
/// <param name="Tiers">By rising <see cref="CommissionTier.From"/>; may be empty.</param>
public sealed record CommissionScheme(DateOnly From, int SharePpm, long PerKilowattHour, long PerSale, IReadOnlyList<CommissionTier> Tiers)
{
    public const int MostTiers = 16;

    /// <summary>Steps of an accrual in one minor unit: millionths, and a tenth of them because energy is counted in 0.1 kWh.</summary>
    public const long StepsPerMinorUnit = 10_000_000;

    private const int WholePpm = 1_000_000;
    private const long MostPerUnit = 1_000_000_000_000;

    /// <summary>Why this cannot be a scheme, or null.</summary>
    public string? Fault => this switch
    {
        { SharePpm: < 0 or > WholePpm } => "a share is 0 to 1,000,000 parts per million",
        { PerKilowattHour: < 0 or > MostPerUnit } or { PerSale: < 0 or > MostPerUnit } => "an amount per kilowatt-hour or per sale is 0 to 1,000,000 minor units",
        { Tiers.Count: > MostTiers } => $"there are at most {MostTiers} tiers",
        _ when Tiers.Any(t => t.From <= 0 || t.SharePpm is < 0 or > WholePpm) => "a tier begins above 0 and pays 0 to 1,000,000 parts per million",
        _ when Tiers.Zip(Tiers.Skip(1)).Any(pair => pair.First.From >= pair.Second.From) => "tiers rise",
        _ => null,
    };

    /// <summary>What one sale earns, exactly, in steps.</summary>
    /// <param name="minorUnits">The money taken.</param>
    /// <param name="tenths">0.1 kWh.</param>
    /// <param name="before">What the vendor had sold in this month before, in minor units.</param>
    public Int128 Steps(long minorUnits, long tenths, long before) =>
        (ShareSteps(minorUnits, before) * 10) + ((Int128)PerKilowattHour * tenths) + ((Int128)PerSale * 10);

    private Int128 ShareSteps(long minorUnits, long before)
    {
        Int128 steps = 0;
        long end = checked(before + minorUnits);
        for (int i = -1; i < Tiers.Count; i++)
        {
            long from = Math.Max(i < 0 ? 0 : Tiers[i].From, before), to = Math.Min(i + 1 < Tiers.Count ? Tiers[i + 1].From : long.MaxValue, end);
            if (to > from) steps += (Int128)(to - from) * (i < 0 ? SharePpm : Tiers[i].SharePpm);
        }

        return steps;
    }
}
