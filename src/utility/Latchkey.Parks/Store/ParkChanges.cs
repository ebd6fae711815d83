using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.TopUps;

namespace Latchkey.Parks.Store;

/// <summary>The rows that one step writes, all or none.</summary>
public sealed record ParkChanges
{
    public IReadOnlyList<Park> Parks { get; init; } = [];

    public IReadOnlyList<Building> Buildings { get; init; } = [];

    public IReadOnlyList<Room> Rooms { get; init; } = [];

    public IReadOnlyList<Tenant> Tenants { get; init; } = [];

    public IReadOnlyList<Occupancy> Occupancies { get; init; } = [];

    public IReadOnlyList<WatchState> Watches { get; init; } = [];

    /// <summary>Written where there is none with the id, or where the stored version is the row's; the stored version is then one higher.</summary>
    public IReadOnlyList<TopUp> TopUps { get; init; } = [];

    /// <inheritdoc cref="TopUps"/>
    public IReadOnlyList<ForcedSwitch> ForcedSwitches { get; init; } = [];
}
