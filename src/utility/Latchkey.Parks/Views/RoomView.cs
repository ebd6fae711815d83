using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Prices;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Parks.Views;

/// <summary>A room as the park's manager sees it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Building">Its building.</param>
/// <param name="Occupancy">Who lives there since when; null when vacant.</param>
/// <param name="Tenant">The tenant; null when vacant.</param>
/// <param name="Meter">What the head-end knows of the meter; null without one.</param>
/// <param name="IsOnline">Heard within the last half hour.</param>
/// <param name="Balance">The credit's worth; null when nothing was reported or no price plan is in force.</param>
/// <param name="IsLow">Below the threshold and not re-armed.</param>
/// <param name="DaysLeft">How long the credit lasts; null when there is too little history.</param>
/// <param name="LatestTopUp">The newest purchase for the room.</param>
public sealed record RoomView(
    Room Room,
    Building Building,
    Occupancy? Occupancy,
    Tenant? Tenant,
    RegisteredMeter? Meter,
    bool IsOnline,
    Money? Balance,
    bool IsLow,
    DaysLeft? DaysLeft,
    TopUp? LatestTopUp)
{
    /// <summary>What the meter last said; null before it spoke.</summary>
    public ReportedState? Reported => Meter?.Reported;
}

/// <summary>Puts together what is known of rooms. Reads only.</summary>
public sealed class RoomViews(IParkStore store, HeadEndDesk headEnd, PricePlans prices, TimeProvider time)
{
    private static readonly TimeSpan OnlineWithin = TimeSpan.FromMinutes(30);

    /// <summary>All rooms of a park, by building and number.</summary>
    public IReadOnlyList<RoomView> OfPark(Guid parkId)
    {
        if (store.FindPark(parkId) is not { } park) return [];
        var buildings = store.Buildings(parkId).ToDictionary(b => b.Id);
        return [.. store.Rooms(parkId).Select(room => View(park, buildings[room.BuildingId], room))];
    }

    public RoomView? OfRoom(Guid roomId)
    {
        if (store.FindRoom(roomId) is not { } room || store.FindBuilding(room.BuildingId) is not { } building) return null;
        return store.FindPark(building.ParkId) is { } park ? View(park, building, room) : null;
    }

    /// <summary>Use per full day of the park's calendar, oldest first, at most <paramref name="days"/>; days without readings at both ends are left out.</summary>
    public IReadOnlyList<(DateOnly Day, Energy Use)> DailyUse(Park park, MeterPan pan, int days)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateOnly today = ParkCalendar.DayOf(park, now);
        IReadOnlyList<ReadingPoint> register = headEnd.Readings(pan, ReadingChannel.EnergyImportWh, now.AddDays(-(days + 2)), now);
        var lastOfDay = new SortedDictionary<DateOnly, long>();
        foreach (ReadingPoint point in register) lastOfDay[ParkCalendar.DayOf(park, point.At)] = point.Value;
        return
        [
            .. from day in lastOfDay
               where day.Key < today && lastOfDay.ContainsKey(day.Key.AddDays(-1)) && day.Key >= today.AddDays(-days)
               select (day.Key, Energy.FromWattHours(day.Value - lastOfDay[day.Key.AddDays(-1)])),
        ];
    }

    private RoomView View(Park park, Building building, Room room)
    {
        DateTimeOffset now = time.GetUtcNow();
        Occupancy? occupancy = store.OpenOccupancy(room.Id);
        RegisteredMeter? meter = room.Meter is { } pan ? headEnd.FindMeter(pan) : null;
        Money? balance = meter?.Reported is { } reported ? prices.ValueOf(park, room, reported.Credit, now) : null;
        return new RoomView(
            room,
            building,
            occupancy,
            occupancy is null ? null : store.FindTenant(occupancy.TenantId),
            meter,
            now - meter?.LastContactAt <= OnlineWithin,
            balance,
            meter is not null && store.FindWatch(meter.Pan) is { LowSince: not null } watch && watch.OccupancyId == occupancy?.Id,
            DaysLeftOf(park, meter),
            store.TopUpsOfRoom(room.Id, 1) is [var latest] ? latest : null);
    }

    private DaysLeft? DaysLeftOf(Park park, RegisteredMeter? meter) => meter?.Reported is { } reported
        ? Balance.DaysLeft.From(reported.Credit, [.. DailyUse(park, meter.Pan, Balance.DaysLeft.Window).Select(d => d.Use)])
        : null;
}
