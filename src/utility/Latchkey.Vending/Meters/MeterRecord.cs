using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What the seller knows of a meter: its key's attributes, its tariff, whose it is.</summary>
/// <param name="CustomerAccount">The customer's account number at the utility, as printed on receipts.</param>
/// <param name="Place">Where the meter is, as printed on receipts: building and room.</param>
/// <param name="IsBlocked">Nothing is sold to it: theft case, vacant room, owner's request.</param>
/// <param name="Anniversary">The customer's own date, for tariffs that count from it.</param>
/// <param name="CustomerName">As printed on receipts; null where it is not known.</param>
/// <param name="CreditsMoney">The meter keeps its account in money and prices the energy itself, as a time-of-use tariff needs: it is sold money.</param>
/// <param name="Demand">What charges per kW are reckoned by; null where none is known.</param>
/// <param name="Make">Whose make it is; null where that does not matter. Where the make's own service is turned on, that service makes the tokens.</param>
public sealed record MeterRecord(
    DecoderKeyAttributes Key,
    string TariffId,
    string CustomerAccount,
    string Place,
    bool IsBlocked = false,
    DateOnly? Anniversary = null,
    string? CustomerName = null,
    bool CreditsMoney = false,
    SubscribedDemand? Demand = null,
    string? Make = null)
{
    public MeterPan Pan => Key.Pan;
}

/// <summary>The contracted or measured demand of a customer.</summary>
/// <param name="Watts">Above zero.</param>
/// <param name="From">The first day that it is good for.</param>
/// <param name="Until">The last day; null where it does not end.</param>
public readonly record struct SubscribedDemand(long Watts, DateOnly From, DateOnly? Until)
{
    public const long MaxWatts = 1_000_000_000;

    public bool IsValid => Watts is > 0 and <= MaxWatts && !(Until < From);

    public bool HoldsOn(DateOnly day) => day >= From && !(day > Until);
}

/// <summary>The meters that may be sold to.</summary>
public interface IMeterRecords
{
    MeterRecord? Find(MeterPan pan);

    /// <summary>Adds a meter or replaces what is known of it.</summary>
    Task SaveAsync(MeterRecord meter, CancellationToken cancellationToken);

    /// <summary>By number, after <paramref name="after"/>; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<MeterRecord> List(MeterPan? after, int limit);
}
