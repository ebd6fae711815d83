using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.TopUps;
using Latchkey.Sts;

namespace Latchkey.Parks.Store;

/// <summary>Keeps everything in memory: for tests and for a demonstration without a disk.</summary>
public sealed class InMemoryParkStore : IParkStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Park> _parks = [];
    private readonly Dictionary<Guid, Building> _buildings = [];
    private readonly Dictionary<Guid, Room> _rooms = [];
    private readonly Dictionary<Guid, Tenant> _tenants = [];
    private readonly Dictionary<Guid, Occupancy> _occupancies = [];
    private readonly Dictionary<Guid, TopUp> _topUps = [];
    private readonly Dictionary<MeterPan, WatchState> _watches = [];
    private readonly Dictionary<Guid, ForcedSwitch> _forced = [];

    public IReadOnlyList<Park> Parks() => List(_parks.Values.OrderBy(p => p.Name, StringComparer.Ordinal));

    public Park? FindPark(Guid id) => Find(_parks, id);

    public IReadOnlyList<Building> Buildings(Guid parkId) =>
        List(_buildings.Values.Where(b => b.ParkId == parkId).OrderBy(b => b.Name, StringComparer.Ordinal));

    public Building? FindBuilding(Guid id) => Find(_buildings, id);

    public IReadOnlyList<Room> Rooms(Guid parkId) => List(_rooms.Values
        .Where(room => _buildings[room.BuildingId].ParkId == parkId)
        .OrderBy(room => _buildings[room.BuildingId].Name, StringComparer.Ordinal)
        .ThenBy(room => room.Number, StringComparer.Ordinal));

    public Room? FindRoom(Guid id) => Find(_rooms, id);

    public Room? FindRoomByMeter(MeterPan pan) => First(_rooms.Values.Where(r => r.Meter == pan));

    public Tenant? FindTenant(Guid id) => Find(_tenants, id);

    public Tenant? FindTenantByOpenId(string openId) => First(_tenants.Values.Where(t => t.OpenId == openId));

    public Occupancy? OpenOccupancy(Guid roomId) => First(_occupancies.Values.Where(o => o.RoomId == roomId && o.IsOpen));

    public Occupancy? FindOccupancy(Guid id) => Find(_occupancies, id);

    public IReadOnlyList<Occupancy> Occupancies(Guid roomId) =>
        List(_occupancies.Values.Where(o => o.RoomId == roomId).OrderByDescending(o => o.MovedInAt));

    public TopUp? FindTopUp(Guid id) => Find(_topUps, id);

    public IReadOnlyList<TopUp> TopUpsOfRoom(Guid roomId, int limit) =>
        List(_topUps.Values.Where(t => t.RoomId == roomId).OrderByDescending(t => t.CreatedAt).ThenBy(t => t.Id).Take(limit));

    public IReadOnlyList<TopUp> TopUpsOfTenant(Guid roomId, Guid tenantId) =>
        List(_topUps.Values.Where(t => t.RoomId == roomId && t.TenantId == tenantId).OrderBy(t => t.CreatedAt).ThenBy(t => t.Id));

    public IReadOnlyList<TopUp> DueTopUps(DateTimeOffset now, int limit) =>
        List(_topUps.Values.Where(t => t.DueAt <= now).OrderBy(t => t.DueAt).ThenBy(t => t.Id).Take(limit));

    public WatchState? FindWatch(MeterPan pan) => Find(_watches, pan);

    public IReadOnlyList<WatchState> WatchesWithNews(int limit) => List(_watches.Values.Where(w => w.HasNews).OrderBy(w => w.Pan).Take(limit));

    public ForcedSwitch? FindForcedSwitch(Guid id) => Find(_forced, id);

    public IReadOnlyList<ForcedSwitch> ForcedSwitches(Guid roomId, int limit) =>
        List(_forced.Values.Where(f => f.RoomId == roomId).OrderByDescending(f => f.RequestedAt).Take(limit));

    public IReadOnlyList<ForcedSwitch> OpenForcedSwitches(int limit) => List(
        _forced.Values.Where(f => f.State is ForcedSwitchState.Requested or ForcedSwitchState.Approved).OrderBy(f => f.RequestedAt).Take(limit));

    public Task<CommitResult> CommitAsync(ParkChanges changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            CommitResult result = Judge(changes);
            if (result == CommitResult.Committed) Write(changes);
            return Task.FromResult(result);
        }
    }

    private CommitResult Judge(ParkChanges changes)
    {
        if (changes.TopUps.Any(t => (_topUps.GetValueOrDefault(t.Id)?.Version ?? t.Version) != t.Version)) return CommitResult.VersionChanged;
        if (changes.ForcedSwitches.Any(f => (_forced.GetValueOrDefault(f.Id)?.Version ?? f.Version) != f.Version)) return CommitResult.VersionChanged;
        if (changes.Occupancies.Any(o => o.IsOpen && _occupancies.Values.Any(other => other.RoomId == o.RoomId && other.IsOpen && other.Id != o.Id)))
            return CommitResult.RoomOccupied;
        if (changes.Rooms.Any(r => r.Meter is not null && _rooms.Values.Any(other => other.Meter == r.Meter && other.Id != r.Id)))
            return CommitResult.MeterTaken;
        return changes.Tenants.Any(t => t.OpenId is not null && _tenants.Values.Any(other => other.OpenId == t.OpenId && other.Id != t.Id))
            ? CommitResult.OpenIdTaken
            : CommitResult.Committed;
    }

    private void Write(ParkChanges changes)
    {
        foreach (Park park in changes.Parks) _parks[park.Id] = park;
        foreach (Building building in changes.Buildings) _buildings[building.Id] = building;
        foreach (Room room in changes.Rooms) _rooms[room.Id] = room;
        foreach (Tenant tenant in changes.Tenants) _tenants[tenant.Id] = tenant;
        foreach (Occupancy occupancy in changes.Occupancies) _occupancies[occupancy.Id] = occupancy;
        foreach (ForcedSwitch f in changes.ForcedSwitches) _forced[f.Id] = _forced.ContainsKey(f.Id) ? f with { Version = f.Version + 1 } : f;
        foreach (WatchState watch in changes.Watches) _watches[watch.Pan] = watch;
        foreach (TopUp topUp in changes.TopUps) _topUps[topUp.Id] = _topUps.ContainsKey(topUp.Id) ? topUp with { Version = topUp.Version + 1 } : topUp;
    }

    private TValue? Find<TKey, TValue>(Dictionary<TKey, TValue> rows, TKey key)
        where TKey : notnull
        where TValue : class
    {
        lock (_gate) return rows.GetValueOrDefault(key);
    }

    private T? First<T>(IEnumerable<T> rows)
        where T : class
    {
        lock (_gate) return rows.FirstOrDefault();
    }

    private IReadOnlyList<T> List<T>(IEnumerable<T> rows)
    {
        lock (_gate) return [.. rows];
    }
}
