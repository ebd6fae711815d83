using System.Runtime.CompilerServices;

namespace Latchkey.Tariffs;

/// <summary>The factors between net energy and the money tendered; gross is linear in them, which is why it can be inverted exactly.</summary>
/// <remarks>gross · LeftOfGross = energy · PerEnergy + kWh · PerKilowattHour − subsidies + fixed · PerFixed.</remarks>
internal sealed class MarginalPrice
{
    private static readonly ConditionalWeakTable<Tariff, MarginalPrice> Known = [];
    private readonly Tariff _tariff;

    private MarginalPrice(Tariff tariff)
    {
        _tariff = tariff;
        PerEnergy = tariff.Vat.Factor(ValueAddedTax.Energy) + Sum(tariff, LevyBasis.ShareOfEnergy);
        PerKilowattHour = Sum(tariff, LevyBasis.PerKilowattHour);
        PerFixed = tariff.Vat.Factor(ValueAddedTax.Fixed);
        LeftOfGross = Rational.One - Sum(tariff, LevyBasis.ShareOfGross);
        FixedShare = tariff.Fixed.Select(f => f.MaxShare).Where(s => s is not null).DefaultIfEmpty(null).Min();
    }

    /// <summary>Gross money per net money of energy: itself, its shares, and tax on both.</summary>
    public Rational PerEnergy { get; }

    public Rational PerKilowattHour { get; }

    public Rational PerFixed { get; }

    /// <summary>What is left of one unit of money after the levies on the money itself.</summary>
    public Rational LeftOfGross { get; }

    /// <summary>The strictest share of a purchase that fixed charges may take; null where they are taken whole.</summary>
    public Rational? FixedShare { get; }

    /// <summary>The factors of a tariff, which does not change: reckoned for the first purchase, found for all others.</summary>
    public static MarginalPrice Of(Tariff tariff) => Known.GetValue(tariff, static t => new MarginalPrice(t));

    /// <summary>What a kWh costs where <paramref name="subsidies"/> apply.</summary>
    public Rational PerUnit(EnergyBlock block, IEnumerable<Subsidy> subsidies) => subsidies.Aggregate(
        (block.Rate * PerEnergy) + PerKilowattHour, (price, s) => price - (s.PerUnitOf(block) * _tariff.Vat.Factor(s.Name)));

    private static Rational Sum(Tariff tariff, LevyBasis basis) => tariff.Levies
        .Where(l => l.Basis == basis)
        .Aggregate(Rational.Zero, (sum, l) => sum + (l.Rate * tariff.Vat.Factor(l.Name)));
}
