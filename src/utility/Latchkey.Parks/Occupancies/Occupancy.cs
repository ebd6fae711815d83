using Latchkey.Quantities;

namespace Latchkey.Parks.Occupancies;

/// <summary>A tenant in a room, from move-in to move-out. A room has at most one that is open.</summary>
public sealed record Occupancy
{
    public required Guid Id { get; init; }

    public required Guid RoomId { get; init; }

    public required Guid TenantId { get; init; }

    public required DateTimeOffset MovedInAt { get; init; }

    /// <summary>The meter's register at move-in, as it last reported; the day-one certificate.</summary>
    public required Energy OpeningImport { get; init; }

    /// <summary>Credit that was in the meter at move-in; it belongs to the landlord's statement, not to the tenant's.</summary>
    public required Energy OpeningCredit { get; init; }

    public DateTimeOffset? MovedOutAt { get; init; }

    /// <summary>What was settled at move-out; null while open.</summary>
    public FinalStatement? Statement { get; init; }

    public bool IsOpen => MovedOutAt is null;
}

/// <summary>The account between a tenant and the park at move-out. Printed once, never changed.</summary>
/// <param name="ReadAt">When the meter measured the closing registers.</param>
/// <param name="OpeningImport">Register at move-in.</param>
/// <param name="ClosingImport">Register at move-out.</param>
/// <param name="OpeningCredit">Credit in the meter at move-in.</param>
/// <param name="Bought">Energy of the tenant's own purchases that the meter has.</param>
/// <param name="Paid">What the tenant paid for it.</param>
/// <param name="RemainingCredit">Credit in the meter at move-out.</param>
/// <param name="RemainingValue">Its worth at the room's price plan; what is owed to the tenant when positive, by the tenant when negative.</param>
/// <param name="OpenTopUps">Purchases that were not yet proven; they must be settled first or by hand.</param>
public sealed record FinalStatement(
    DateTimeOffset ReadAt,
    Energy OpeningImport,
    Energy ClosingImport,
    Energy OpeningCredit,
    Energy Bought,
    Money Paid,
    Energy RemainingCredit,
    Money RemainingValue,
    int OpenTopUps)
{
    /// <summary>What the registers say was used.</summary>
    public Energy Consumed => ClosingImport - OpeningImport;

    /// <summary>What should be left by the registers and the purchases, less what the meter says is left: zero when all agree.</summary>
    public Energy Unexplained => OpeningCredit + Bought - Consumed - RemainingCredit;
}
