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

/// <summary>A rate that a regulator sets anew from time to time, as pass-through charges are each month.</summary>
public sealed record DatedRate(Validity Valid, Rational Rate);

/// <param name="Rate">What is charged where <paramref name="Dated"/> says nothing for the day.</param>
/// <param name="Dated">Rates by date; empty for a levy that has one.</param>
public sealed record Levy(string Name, LevyBasis Basis, Rational Rate, IReadOnlyList<DatedRate>? Dated = null)
{
    /// <summary>The levy as it is charged on a day.</summary>
    public Levy On(DateOnly day) => Dated?.FirstOrDefault(d => d.Valid.Contains(day)) is { } dated ? this with { Rate = dated.Rate } : this;
}

/// <summary>How often a fixed charge falls due. Numbers are stored.</summary>
public enum ChargePeriod
{
    Month = 1,
    Day = 2,

    /// <summary>With every purchase: a channel's fee.</summary>
    Purchase = 3,

    /// <summary>Per month and kW of the demand that the customer subscribed.</summary>
    KilowattMonth = 4,

    /// <summary>Once a calendar year.</summary>
    Year = 5,
}

/// <summary>A charge per period, net of tax, taken before energy by the first purchases of its period.</summary>
/// <param name="MaxShare">
/// At most this share of each purchase, tax included, so that a small first purchase still buys energy; null takes all of it at once.
/// </param>
/// <param name="Accumulates">True where months without a purchase are owed by the next one.</param>
public sealed record FixedCharge(string Name, Rational Amount, ChargePeriod Per = ChargePeriod.Month, Rational? MaxShare = null, bool Accumulates = false);

/// <summary>What somebody else pays of the price, as a line of its own and from an account of its own.</summary>
/// <param name="Basis">Per kWh or a share of the energy's net price.</param>
/// <param name="UpTo">Only for so many kWh since the start of the accumulation period; null for all.</param>
public sealed record Subsidy(string Name, LevyBasis Basis, Rational Rate, Rational? UpTo = null)
{
    internal Rational PerUnitOf(EnergyBlock block) => Basis == LevyBasis.PerKilowattHour ? Rate : Rate * block.Rate;
}

/// <summary>Value added tax: its rate and the names of what it is charged on: <c>energy</c>, <c>fixed</c>, or a levy's or subsidy's name.</summary>
/// <param name="IsInclusive">True where the rate is a share of the price with the tax in it, as some countries state it.</param>
public sealed record ValueAddedTax(Rational Rate, IReadOnlyList<string> Base, bool IsInclusive = false)
{
    public const string Energy = "energy";
    public const string Fixed = "fixed";

    public static ValueAddedTax None { get; } = new(Rational.Zero, []);

    /// <summary>Tax per unit of net money.</summary>
    public Rational PerNet => IsInclusive ? Rate / (Rational.One - Rate) : Rate;

    /// <summary>The tax on a net amount of what is named.</summary>
    internal Rational On(string name, Rational net) => Base.Contains(name, StringComparer.Ordinal) ? net * PerNet : Rational.Zero;

    /// <summary>What one unit of net money comes to with tax.</summary>
    internal Rational Factor(string name) => Rational.One + On(name, Rational.One);
}

/// <summary>Energy a household gets without paying, once per period, as a token of its own; it counts towards the blocks.</summary>
/// <param name="Per">Once a month, or with every purchase.</param>
/// <param name="AverageBelow">Only for households whose monthly average is below so many kWh; null for all.</param>
public sealed record FreeUnits(Rational KilowattHours, string Rule, ChargePeriod Per = ChargePeriod.Month, Rational? AverageBelow = null);
