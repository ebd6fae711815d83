namespace Latchkey.Tariffs;

/// <summary>Energy bought in one block: kWh, rate, and their product.</summary>
public sealed record BlockCharge(EnergyBlock Block, Rational Units, Rational Amount);

/// <summary>A named part of the price, net of tax.</summary>
public sealed record NamedCharge(string Name, Rational Amount);

/// <summary>A purchase taken apart, exact: the parts make the gross amount to the last digit.</summary>
public sealed record PriceBreakdown(
    Rational Units,
    Rational Gross,
    IReadOnlyList<BlockCharge> Blocks,
    IReadOnlyList<NamedCharge> Levies,
    IReadOnlyList<NamedCharge> Fixed,
    IReadOnlyList<NamedCharge> Subsidies,
    Rational Vat)
{
    /// <summary>The energy alone, without levies, fixed charges and tax.</summary>
    public Rational NetEnergy => Blocks.Aggregate(Rational.Zero, (sum, b) => sum + b.Amount);
}

/// <summary>Why a price cannot be given. Numbers are logged.</summary>
public enum PriceRefusal
{
    /// <summary>Nothing, or less than nothing, was asked for.</summary>
    NotPositive = 1,

    /// <summary>What is left after fixed charges and levies buys no energy.</summary>
    AmountTooLow = 2,

    /// <summary>The tariff has no price for as many units.</summary>
    BeyondLastBlock = 3,

    /// <summary>More than one token can carry.</summary>
    BeyondToken = 4,

    /// <summary>The price depends on when the energy is used, so it cannot be sold beforehand as kWh.</summary>
    TimeOfUse = 5,

    /// <summary>A charge per kW of a demand that nobody has stated.</summary>
    DemandUnknown = 6,
}

/// <summary>A price, or why there is none.</summary>
public abstract record PriceOutcome
{
    private PriceOutcome()
    {
    }

    public sealed record Priced(PriceBreakdown Price) : PriceOutcome;

    public sealed record Refused(PriceRefusal Reason) : PriceOutcome;
}
