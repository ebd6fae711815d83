using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>One line of the price as it was when the order was held. Fractions are decimal text, so that nothing is rounded by storing it.</summary>
/// <param name="TaxMinorUnits">What this line adds to the tax line; on a debt, the tax that was booked when it arose.</param>
/// <param name="DebtId">Which debt a line of that kind pays.</param>
/// <param name="LeftMinorUnits">What is still owed of it afterwards.</param>
public sealed record SaleLine(
    PriceLineKind Kind, string Name, string? Units, string? Rate, long MinorUnits, long TaxMinorUnits = 0, string? DebtId = null, long? LeftMinorUnits = null);

/// <summary>Everything that was settled when the order was held: signing and receipts use this and nothing newer.</summary>
/// <param name="TenthsGranted">0.1 kWh.</param>
/// <param name="RoundingMinorUnits">What the rounding in the customer's favour costs the seller.</param>
/// <param name="BlockPeriod">Where the units count towards the blocks.</param>
/// <param name="FixedPeriod">Where the fixed charges count as collected.</param>
/// <param name="CustomerName">As it stood when the order was held; null where it is not known.</param>
/// <param name="TariffName">What people call the tariff; null where it has only its id.</param>
public sealed record SaleTerms(
    DecoderKeyAttributes Key,
    string TariffId,
    DateOnly? TariffFrom,
    string UnitsAsked,
    long TenthsGranted,
    long RoundingMinorUnits,
    IReadOnlyList<SaleLine> Lines,
    string BlockPeriod,
    string FixedPeriod,
    string CustomerAccount,
    string Place,
    string? CustomerName = null,
    string? TariffName = null)
{
    /// <summary>Minor units for the meter's own account; zero where energy is sold.</summary>
    public long PrepaidMinorUnits { get; init; }

    /// <summary>The make whose own service makes the token; null where our signer does.</summary>
    public string? Make { get; init; }

    /// <summary>True where the token carries money.</summary>
    public bool IsMoney => PrepaidMinorUnits != 0;
}
