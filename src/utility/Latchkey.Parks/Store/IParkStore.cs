using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.TopUps;
using Latchkey.Sts;

namespace Latchkey.Parks.Store;

/// <summary>What came of a write, in order of precedence. Anything but Committed wrote nothing.</summary>
public enum CommitResult
{
    Committed = 0,

    /// <summary>A row was written by somebody else since it was read.</summary>
    VersionChanged = 1,

    /// <summary>The room has an open occupancy already.</summary>
    RoomOccupied = 2,

    /// <summary>The meter feeds another room already.</summary>
    MeterTaken = 3,

    /// <summary>The WeChat identity belongs to another tenant.</summary>
    OpenIdTaken = 4,
}

/// <summary>What the parks keep. Reads see the last committed state; a write is whole or nothing, and durable when it returns.</summary>
public interface IParkStore
{
    IReadOnlyList<Park> Parks();

    Park? FindPark(Guid id);

    IReadOnlyList<Building> Buildings(Guid parkId);

    Building? FindBuilding(Guid id);

    /// <summary>All rooms of a park, by building and number.</summary>
    IReadOnlyList<Room> Rooms(Guid parkId);

    Room? FindRoom(Guid id);

    Room? FindRoomByMeter(MeterPan pan);

    Tenant? FindTenant(Guid id);

    Tenant? FindTenantByOpenId(string openId);

    /// <summary>The open occupancy of a room.</summary>
    Occupancy? OpenOccupancy(Guid roomId);

    Occupancy? FindOccupancy(Guid id);

    /// <summary>All occupancies of a room, newest first.</summary>
    IReadOnlyList<Occupancy> Occupancies(Guid roomId);

    TopUp? FindTopUp(Guid id);

    /// <summary>The newest top-ups of a room, newest first.</summary>
    IReadOnlyList<TopUp> TopUpsOfRoom(Guid roomId, int limit);

    /// <summary>The top-ups of a tenant in a room, oldest first; for a statement.</summary>
    IReadOnlyList<TopUp> TopUpsOfTenant(Guid roomId, Guid tenantId);

    /// <summary>Top-ups whose time has come, the longest waiting first.</summary>
    IReadOnlyList<TopUp> DueTopUps(DateTimeOffset now, int limit);

    WatchState? FindWatch(MeterPan pan);

    /// <summary>Watches with something that is still to be told.</summary>
    IReadOnlyList<WatchState> WatchesWithNews(int limit);

    ForcedSwitch? FindForcedSwitch(Guid id);

    /// <summary>The newest requests of a room, newest first.</summary>
    IReadOnlyList<ForcedSwitch> ForcedSwitches(Guid roomId, int limit);

    /// <summary>Requests that wait for a person or for the head-end, oldest first.</summary>
    IReadOnlyList<ForcedSwitch> OpenForcedSwitches(int limit);

    Task<CommitResult> CommitAsync(ParkChanges changes, CancellationToken cancellationToken);
}
