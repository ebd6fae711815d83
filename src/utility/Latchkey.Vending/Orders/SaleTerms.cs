using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>One line of the price as it was when the order was held. Fractions are decimal text, so that nothing is rounded by storing it.</summary>
public sealed record SaleLine(PriceLineKind Kind, string Name, string? Units, string? Rate, long MinorUnits);

/// <summary>Everything that was settled when the order was held: signing and receipts use this and nothing newer.</summary>
/// <param name="TenthsGranted">0.1 kWh.</param>
/// <param name="RoundingMinorUnits">What the rounding in the customer's favour costs the seller.</param>
/// <param name="BlockPeriod">Where the units count towards the blocks.</param>
/// <param name="FixedPeriod">Where the fixed charges count as collected.</param>
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
    string Place)
{
    public long FixedMinorUnits => Lines.Where(l => l.Kind == PriceLineKind.Fixed).Sum(l => l.MinorUnits);
}
