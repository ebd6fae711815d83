using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>What a line of a price stands for. Numbers are stored.</summary>
public enum PriceLineKind
{
    Energy = 1,
    Levy = 2,
    Fixed = 3,
    Vat = 4,

    /// <summary>Money owed from before.</summary>
    Debt = 5,

    /// <summary>What somebody else pays; below zero.</summary>
    Subsidy = 6,

    /// <summary>A fixed charge of each purchase, which no period counts.</summary>
    Fee = 7,

    /// <summary>Money for the meter's own account: the meter prices what is used.</summary>
    Prepaid = 8,

    /// <summary>Money of earlier purchases that this one spends: below zero. Above zero where too much of it was spent and then taken back.</summary>
    ResidueUsed = 9,

    /// <summary>Money that buys less than a token can carry and waits for the next purchase.</summary>
    ResidueKept = 10,
}

/// <summary>One line of the explanation; the lines of a quote add up to what is paid.</summary>
/// <param name="Units">kWh, on energy lines and levies per kWh.</param>
/// <param name="Rate">Money per kWh, or a share; null on fixed charges.</param>
/// <param name="Exact">The amount before rounding, in major units.</param>
/// <param name="MinorUnits">The amount that is booked.</param>
/// <param name="TaxMinorUnits">What this line adds to the line of the tax; on a debt, the tax that was booked when it arose.</param>
public sealed record PriceLine(PriceLineKind Kind, string Name, Rational? Units, Rational? Rate, Rational Exact, long MinorUnits, long TaxMinorUnits = 0);

/// <summary>A price that can be sold at: every line in whole minor units, the energy in what a token can carry.</summary>
/// <param name="UnitsAsked">kWh that the lines are the price of, exact.</param>
/// <param name="TenthsGranted">0.1 kWh that the token carries: never less than asked, and exactly that where the tariff carries the rest over.</param>
/// <param name="RoundingMinorUnits">The net price of what is granted beyond what was asked: an expense of the seller, not paid by the customer.</param>
public sealed record Quote(
    Tariff Tariff,
    Money Amount,
    Rational UnitsAsked,
    long TenthsGranted,
    IReadOnlyList<PriceLine> Lines,
    long RoundingMinorUnits)
{
    /// <summary>What the purchase pays of debts; they are among the lines too.</summary>
    public IReadOnlyList<DebtPayment> Debts { get; init; } = [];

    /// <summary>Money of earlier purchases that is spent beside the amount.</summary>
    public long ResidueUsedMinorUnits { get; init; }

    /// <summary>Money of this purchase that waits for the next one.</summary>
    public long ResidueKeptMinorUnits { get; init; }

    public Energy Granted => Energy.FromTenthsOfKilowattHour(TenthsGranted);
}

/// <summary>A quote, or why there is none.</summary>
public abstract record QuoteOutcome
{
    private QuoteOutcome()
    {
    }

    public sealed record Quoted(Quote Quote) : QuoteOutcome;

    public sealed record Refused(PriceRefusal Reason) : QuoteOutcome;
}
