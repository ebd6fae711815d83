using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Sts;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Parks;

/// <summary>The parks' rows on SQLite. What may not be twice is held by unique indexes, not by looking first.</summary>
public sealed class SqliteParkStore(SqliteDatabase database) : IParkStore
{
    public IReadOnlyList<Park> Parks() =>
        database.Read(s => s.Query($"SELECT {EstateRows.ParkColumns} FROM parks_park ORDER BY name", EstateRows.ReadPark));

    public Park? FindPark(Guid id) =>
        database.Read(s => s.First($"SELECT {EstateRows.ParkColumns} FROM parks_park WHERE id = ?1", EstateRows.ReadPark, GuidBlob.Of(id)));

    public IReadOnlyList<Building> Buildings(Guid parkId) => database.Read(s => s.Query(
        $"SELECT {EstateRows.BuildingColumns} FROM parks_building WHERE park_id = ?1 ORDER BY name", EstateRows.ReadBuilding, GuidBlob.Of(parkId)));

    public Building? FindBuilding(Guid id) => database.Read(s => s.First(
        $"SELECT {EstateRows.BuildingColumns} FROM parks_building WHERE id = ?1", EstateRows.ReadBuilding, GuidBlob.Of(id)));

    public IReadOnlyList<Room> Rooms(Guid parkId) => database.Read(s => s.Query(
        """
        SELECT r.id, r.building_id, r.number, r.pan, r.price_plan FROM parks_room r JOIN parks_building b ON b.id = r.building_id
        WHERE b.park_id = ?1 ORDER BY b.name, r.number
        """,
        EstateRows.ReadRoom, GuidBlob.Of(parkId)));

    public Room? FindRoom(Guid id) =>
        database.Read(s => s.First($"SELECT {EstateRows.RoomColumns} FROM parks_room WHERE id = ?1", EstateRows.ReadRoom, GuidBlob.Of(id)));

    public Room? FindRoomByMeter(MeterPan pan) =>
        database.Read(s => s.First($"SELECT {EstateRows.RoomColumns} FROM parks_room WHERE pan = ?1", EstateRows.ReadRoom, Columns.Of(pan)));

    public Tenant? FindTenant(Guid id) => database.Read(s => s.First(
        $"SELECT {EstateRows.TenantColumns} FROM parks_tenant WHERE id = ?1", EstateRows.ReadTenant, GuidBlob.Of(id)));

    public Tenant? FindTenantByOpenId(string openId) => database.Read(s => s.First(
        $"SELECT {EstateRows.TenantColumns} FROM parks_tenant WHERE open_id = ?1", EstateRows.ReadTenant, openId));

    public Occupancy? OpenOccupancy(Guid roomId) => database.Read(s => s.First(
        $"SELECT {EstateRows.OccupancyColumns} FROM parks_occupancy WHERE room_id = ?1 AND moved_out_at IS NULL",
        EstateRows.ReadOccupancy, GuidBlob.Of(roomId)));

    public Occupancy? FindOccupancy(Guid id) => database.Read(s => s.First(
        $"SELECT {EstateRows.OccupancyColumns} FROM parks_occupancy WHERE id = ?1", EstateRows.ReadOccupancy, GuidBlob.Of(id)));

    public IReadOnlyList<Occupancy> Occupancies(Guid roomId) => database.Read(s => s.Query(
        $"SELECT {EstateRows.OccupancyColumns} FROM parks_occupancy WHERE room_id = ?1 ORDER BY moved_in_at DESC",
        EstateRows.ReadOccupancy, GuidBlob.Of(roomId)));

    public TopUp? FindTopUp(Guid id) =>
        database.Read(s => s.First($"SELECT {TopUpRows.AllColumns} FROM parks_top_up WHERE id = ?1", TopUpRows.Read, GuidBlob.Of(id)));

    public IReadOnlyList<TopUp> TopUpsOfRoom(Guid roomId, int limit) => database.Read(s => s.Query(
        $"SELECT {TopUpRows.AllColumns} FROM parks_top_up WHERE room_id = ?1 ORDER BY created_at DESC, id LIMIT ?2",
        TopUpRows.Read, GuidBlob.Of(roomId), limit));

    public IReadOnlyList<TopUp> TopUpsOfTenant(Guid roomId, Guid tenantId) => database.Read(s => s.Query(
        $"SELECT {TopUpRows.AllColumns} FROM parks_top_up WHERE room_id = ?1 AND tenant_id = ?2 ORDER BY created_at, id",
        TopUpRows.Read, GuidBlob.Of(roomId), GuidBlob.Of(tenantId)));

    public IReadOnlyList<TopUp> DueTopUps(DateTimeOffset now, int limit) => database.Read(s => s.Query(
        $"SELECT {TopUpRows.AllColumns} FROM parks_top_up WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2", TopUpRows.Read, Columns.Of(now), limit));

    public WatchState? FindWatch(MeterPan pan) => database.Read(s => s.First(
        $"SELECT {WatchRows.WatchColumns} FROM parks_watch WHERE pan = ?1", WatchRows.Read, Columns.Of(pan)));

    public IReadOnlyList<WatchState> WatchesWithNews(int limit) => database.Read(s => s.Query(
        $"SELECT {WatchRows.WatchColumns} FROM parks_watch WHERE has_news = 1 ORDER BY pan LIMIT ?1", WatchRows.Read, limit));

    public ForcedSwitch? FindForcedSwitch(Guid id) => database.Read(s => s.First(
        $"SELECT {WatchRows.ForcedColumns} FROM parks_forced_switch WHERE id = ?1", WatchRows.ReadForced, GuidBlob.Of(id)));

    public IReadOnlyList<ForcedSwitch> ForcedSwitches(Guid roomId, int limit) => database.Read(s => s.Query(
        $"SELECT {WatchRows.ForcedColumns} FROM parks_forced_switch WHERE room_id = ?1 ORDER BY requested_at DESC LIMIT ?2",
        WatchRows.ReadForced, GuidBlob.Of(roomId), limit));

    public IReadOnlyList<ForcedSwitch> OpenForcedSwitches(int limit) => database.Read(s => s.Query(
        $"SELECT {WatchRows.ForcedColumns} FROM parks_forced_switch WHERE state IN (1, 2) ORDER BY requested_at LIMIT ?1", WatchRows.ReadForced, limit));

    public async Task<CommitResult> CommitAsync(ParkChanges changes, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(s => Write(s, changes), cancellationToken).ConfigureAwait(false);
            return CommitResult.Committed;
        }
        catch (RefusedWriteException e)
        {
            return e.Result;
        }
    }

    private static void Write(SqliteSession session, ParkChanges changes)
    {
        foreach (Park park in changes.Parks) EstateRows.Write(session, park);
        foreach (Building building in changes.Buildings) EstateRows.Write(session, building);
        foreach (Tenant tenant in changes.Tenants) RequireUnique(() => EstateRows.Write(session, tenant), CommitResult.OpenIdTaken);
        foreach (Room room in changes.Rooms) RequireUnique(() => EstateRows.Write(session, room), CommitResult.MeterTaken);
        foreach (Occupancy occupancy in changes.Occupancies) RequireUnique(() => EstateRows.Write(session, occupancy), CommitResult.RoomOccupied);
        foreach (TopUp topUp in changes.TopUps) Require(TopUpRows.Write(session, topUp));
        foreach (ForcedSwitch request in changes.ForcedSwitches) Require(WatchRows.Write(session, request));
        foreach (WatchState watch in changes.Watches) WatchRows.Write(session, watch);
    }

    private static void Require(CommitResult result)
    {
        if (result != CommitResult.Committed) throw new RefusedWriteException(result);
    }

    private static void RequireUnique(Action write, CommitResult otherwise)
    {
        const int UniqueConstraint = 2067;
        try
        {
            write();
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode == UniqueConstraint)
        {
            throw new RefusedWriteException(otherwise);
        }
    }

    /// <summary>Ends the work so that all of it is undone; never leaves this class.</summary>
    private sealed class RefusedWriteException(CommitResult result) : Exception
    {
        public CommitResult Result => result;
    }
}
