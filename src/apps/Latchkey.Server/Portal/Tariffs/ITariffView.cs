using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Tariffs;

namespace Latchkey.Server.Portal.Tariffs;

/// <summary>What a purchase would come to, line by line; or why it has no price.</summary>
/// <param name="Asked">kWh that the money buys, before the token rounds them up.</param>
/// <param name="Rounding">What that costs the seller.</param>
/// <param name="Kept">What buys less than the token can carry and waits for the next purchase; null where the tariff rounds up.</param>
public sealed record PricedPurchase(Money Amount, Energy? Units, string Asked, Money Rounding, IReadOnlyList<QuoteLine> Lines, PriceRefusal? Refusal, Money? Kept = null);

/// <summary>What one meter's purchases of the last thirty days come to on two tariffs.</summary>
public sealed record SimulatedBill(string Place, Energy Units, Money Before, Money After, int Refused)
{
    public Money Change => After - Before;
}

/// <summary>The versions of the tariffs, their prices, and what a change would do.</summary>
public interface ITariffView
{
    /// <summary>By name, then by first day.</summary>
    IReadOnlyList<Tariff> Versions { get; }

    DateOnly Today { get; }

    /// <summary>Null where no version of that name is in force on that day.</summary>
    PricedPurchase? Price(string tariffId, DateOnly day, string amount);

    /// <summary>Last month as it was bought, priced by both: the same energy on the same days. The meters that change most first.</summary>
    IReadOnlyList<SimulatedBill> Simulate(string beforeId, string afterId);
}
