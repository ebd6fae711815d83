using System.Runtime.InteropServices;

namespace Latchkey.Tariffs;

/// <summary>A price for a stretch of consumption, net of levies and tax, in major units of money per kWh.</summary>
/// <param name="From">Where it begins, in kWh since the start of the accumulation period.</param>
/// <param name="To">Where it ends; null for the last one that has no end.</param>
public sealed record EnergyBlock(Rational From, Rational? To, Rational Rate);

/// <summary>What a levy is taken from. Numbers are stored.</summary>
public enum LevyBasis
{
    PerKilowattHour = 1,

    /// <summary>A share of the net price of the energy; below zero it is a rebate.</summary>
    ShareOfEnergy = 2,

    /// <summary>A share of the money tendered; what is left buys the rest.</summary>
    ShareOfGross = 3,
}

public sealed record Levy(string Name, LevyBasis Basis, Rational Rate);

/// <summary>A charge per period, net of tax, taken before energy by the first purchases of its period.</summary>
/// <param name="MaxShare">
/// At most this share of each purchase, tax included, so that a small first purchase still buys energy; null takes all of it at once.
/// </param>
public sealed record FixedCharge(string Name, Rational Amount, string Per, Rational? MaxShare = null);

/// <summary>Value added tax: its rate and the names of what it is charged on: <c>energy</c>, <c>fixed</c>, or a levy's name.</summary>
public sealed record ValueAddedTax(Rational Rate, IReadOnlyList<string> Base)
{
    public const string Energy = "energy";
    public const string Fixed = "fixed";

    public static ValueAddedTax None { get; } = new(Rational.Zero, []);

    /// <summary>One plus the rate where the tax is charged on <paramref name="name"/>, otherwise one.</summary>
    internal Rational Factor(string name) => Base.Contains(name, StringComparer.Ordinal) ? Rational.One + Rate : Rational.One;
}

/// <summary>Energy a household gets without paying, once per period, as a token of its own; it counts towards the blocks.</summary>
public sealed record FreeUnits(Rational KilowattHours, string Rule);

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
}

/// <summary>One version of a tariff: all it takes to turn money into units and back. Money is in major units, energy in kWh, both exact.</summary>
public sealed record Tariff
{
    public required string Id { get; init; }

    public required string Utility { get; init; }

    public required string CurrencyCode { get; init; }

    public required int MinorDigits { get; init; }

    public required Validity Valid { get; init; }

    public required Accumulation Accumulation { get; init; }

    public ValueAddedTax Vat { get; init; } = ValueAddedTax.None;

    public IReadOnlyList<FixedCharge> Fixed { get; init; } = [];

    public IReadOnlyList<Levy> Levies { get; init; } = [];

    public required IReadOnlyList<EnergyBlock> Blocks { get; init; }

    public FreeUnits? FreeUnits { get; init; }

    /// <summary>What is wrong with it, in words for its author; null for a tariff that can be sold by.</summary>
    public string? Fault() => TariffRules.Fault(this);
}

/// <summary>The days a version is in force, both ends included; null where it is open.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Validity(DateOnly? From, DateOnly? To)
{
    public bool Contains(DateOnly day) => (From is null || day >= From) && (To is null || day <= To);

    public bool Overlaps(Validity other) =>
        (From is null || other.To is null || From <= other.To) && (other.From is null || To is null || other.From <= To);
}
