using System.Runtime.InteropServices;

namespace Latchkey.Tariffs;

/// <summary>When the blocks start again. Numbers are stored.</summary>
public enum Accumulation
{
    /// <summary>The text said nothing this program knows: good for a calculation, not for selling by blocks.</summary>
    Unspecified = 0,
    CalendarMonth = 1,
    CalendarYear = 2,

    /// <summary>A year from the customer's own date.</summary>
    Anniversary = 3,

    /// <summary>The whole purchase at the rate of the block that the average consumption falls into.</summary>
    AverageBand = 4,

    /// <summary>With every purchase: blocks are steps of the size of one purchase.</summary>
    Purchase = 5,
}

/// <summary>Whose units add up towards the blocks. Numbers are stored.</summary>
public enum AccumulationKey
{
    Meter = 1,

    /// <summary>All meters of one customer account.</summary>
    Customer = 2,
}

/// <summary>What a fixed charge comes to in a month in which its price changed. Numbers are stored.</summary>
public enum ProRataRule
{
    /// <summary>The version in force when the month began decides for all of it; a new price begins with the next month.</summary>
    FirstDay = 1,

    /// <summary>Each version's price by its days.</summary>
    Days = 2,
}

/// <summary>What becomes of the part of a purchase that no step of a token carries. Numbers are stored.</summary>
public enum EnergyRounding
{
    /// <summary>The token is rounded up in the customer's favour, and the seller bears the difference. The rule of IEC 62055-41.</summary>
    Up = 1,

    /// <summary>The token is rounded down; the money that buys less than a step stays the customer's and goes into the meter's next purchase.</summary>
    Carry = 2,
}

/// <summary>One version of a tariff: all it takes to turn money into units and back. Money is in major units, energy in kWh, both exact.</summary>
public sealed record Tariff
{
    public required string Id { get; init; }

    public required string Utility { get; init; }

    /// <summary>What people call it, as printed on receipts; null where it has only its id.</summary>
    public string? Name { get; init; }

    public required string CurrencyCode { get; init; }

    public required int MinorDigits { get; init; }

    public required Validity Valid { get; init; }

    public required Accumulation Accumulation { get; init; }

    public AccumulationKey AccumulationKey { get; init; } = AccumulationKey.Meter;

    public ValueAddedTax Vat { get; init; } = ValueAddedTax.None;

    public IReadOnlyList<FixedCharge> Fixed { get; init; } = [];

    public ProRataRule ProRata { get; init; } = ProRataRule.FirstDay;

    public IReadOnlyList<Levy> Levies { get; init; } = [];

    public IReadOnlyList<Subsidy> Subsidies { get; init; } = [];

    /// <summary>Prices by the units bought; empty for a tariff by time of use.</summary>
    public required IReadOnlyList<EnergyBlock> Blocks { get; init; }

    /// <summary>Prices by the clock; null for a tariff by blocks.</summary>
    public TimeOfUse? TimeOfUse { get; init; }

    public FreeUnits? FreeUnits { get; init; }

    /// <summary>The least money that is taken for a purchase, in major units; null where there is none.</summary>
    public Rational? Minimum { get; init; }

    public EnergyRounding Rounding { get; init; } = EnergyRounding.Up;

    /// <summary>What is wrong with it, in words for its author; null for a tariff that can be sold by.</summary>
    public string? Fault() => TariffRules.Fault(this);

    /// <summary>The version as it is on a day: levies at that day's rates.</summary>
    public Tariff On(DateOnly day) => Levies.Any(l => l.Dated is not null) ? this with { Levies = [.. Levies.Select(l => l.On(day))] } : this;
}

/// <summary>The days a version is in force, both ends included; null where it is open.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Validity(DateOnly? From, DateOnly? To)
{
    public bool Contains(DateOnly day) => (From is null || day >= From) && (To is null || day <= To);

    public bool Overlaps(Validity other) =>
        (From is null || other.To is null || From <= other.To) && (other.From is null || To is null || other.From <= To);

    /// <summary>How many of the days from <paramref name="first"/> to <paramref name="last"/>, both included, are in it.</summary>
    public int DaysWithin(DateOnly first, DateOnly last)
    {
        DateOnly start = From > first ? From.Value : first, end = To < last ? To.Value : last;
        return Math.Max(0, end.DayNumber - start.DayNumber + 1);
    }
}
