using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Prices;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;

namespace Latchkey.Parks.Occupancies;

/// <summary>What the meter showed when a tenant came or went.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Import">The import register.</param>
/// <param name="Credit">The credit left.</param>
public sealed record MeterRegisters(DateTimeOffset At, Energy Import, Energy Credit);

/// <summary>What came of a move: a closed set.</summary>
public abstract record MoveOutcome
{
    private MoveOutcome()
    {
    }

    public sealed record Done(Occupancy Occupancy) : MoveOutcome;

    /// <summary>The code is one of <see cref="MoveCodes"/>.</summary>
    public sealed record Refused(string Code) : MoveOutcome;
}

/// <summary>Why a move was refused. The codes are stable.</summary>
public static class MoveCodes
{
    public const string UnknownRoom = "unknown-room";
    public const string UnknownTenant = "unknown-tenant";
    public const string RoomOccupied = "room-occupied";
    public const string RoomVacant = "room-vacant";
    public const string NoReading = "no-meter-reading";
    public const string NoPricePlan = "no-price-plan";
}

/// <summary>Moving in and out, with the registers that divide one tenant's account from the next.</summary>
public sealed class OccupancyDesk(IParkStore store, HeadEndDesk headEnd, PricePlans prices)
{
    /// <summary>Opens an occupancy. The same again changes nothing.</summary>
    /// <param name="id">Made by the caller.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="at">When.</param>
    /// <param name="registers">As read at the meter; null takes what the meter last reported.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MoveOutcome> MoveInAsync(
        Guid id, Guid roomId, Guid tenantId, DateTimeOffset at, MeterRegisters? registers, CancellationToken cancellationToken)
    {
        if (store.FindOccupancy(id) is { } earlier && (earlier.RoomId, earlier.TenantId) == (roomId, tenantId)) return new MoveOutcome.Done(earlier);
        if (store.FindRoom(roomId) is not { } room) return new MoveOutcome.Refused(MoveCodes.UnknownRoom);
        if (store.FindTenant(tenantId) is null) return new MoveOutcome.Refused(MoveCodes.UnknownTenant);
        if ((registers ?? LastReported(room)) is not { } opening) return new MoveOutcome.Refused(MoveCodes.NoReading);
        var occupancy = new Occupancy
        {
            Id = id, RoomId = roomId, TenantId = tenantId, MovedInAt = at, OpeningImport = opening.Import, OpeningCredit = opening.Credit,
        };
        CommitResult result = await store.CommitAsync(new ParkChanges { Occupancies = [occupancy] }, cancellationToken).ConfigureAwait(false);
        return result == CommitResult.Committed ? new MoveOutcome.Done(occupancy) : new MoveOutcome.Refused(MoveCodes.RoomOccupied);
    }

    /// <summary>Closes the open occupancy of a room with its final statement.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="at">When.</param>
    /// <param name="registers">As read at the meter; null takes what the meter last reported.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MoveOutcome> MoveOutAsync(Guid roomId, DateTimeOffset at, MeterRegisters? registers, CancellationToken cancellationToken)
    {
        if (store.FindRoom(roomId) is not { } room) return new MoveOutcome.Refused(MoveCodes.UnknownRoom);
        if (store.OpenOccupancy(roomId) is not { } occupancy) return new MoveOutcome.Refused(MoveCodes.RoomVacant);
        if ((registers ?? LastReported(room)) is not { } closing) return new MoveOutcome.Refused(MoveCodes.NoReading);
        if (Statement(room, occupancy, closing) is not { } statement) return new MoveOutcome.Refused(MoveCodes.NoPricePlan);
        Occupancy closed = occupancy with { MovedOutAt = at, Statement = statement };
        await store.CommitAsync(new ParkChanges { Occupancies = [closed] }, cancellationToken).ConfigureAwait(false);
        return new MoveOutcome.Done(closed);
    }

    /// <summary>The statement as it would be now; null where no price plan is in force.</summary>
    public FinalStatement? Statement(Room room, Occupancy occupancy, MeterRegisters closing)
    {
        if (store.FindBuilding(room.BuildingId) is not { } building || store.FindPark(building.ParkId) is not { } park) return null;
        if (prices.ValueOf(park, room, closing.Credit, closing.At) is not { } value) return null;
        TopUp[] own = [.. store.TopUpsOfTenant(room.Id, occupancy.TenantId).Where(t => t.CreatedAt >= occupancy.MovedInAt)];
        TopUp[] credited = [.. own.Where(t => t.State == TopUpState.Credited)];
        return new FinalStatement(
            closing.At,
            occupancy.OpeningImport,
            closing.Import,
            occupancy.OpeningCredit,
            credited.Aggregate(Energy.Zero, (sum, t) => sum + (t.Granted ?? Energy.Zero)),
            credited.Aggregate(Money.Zero(park.Currency), (sum, t) => sum + t.Amount),
            closing.Credit,
            value,
            own.Count(t => t.State is TopUpState.Paid or TopUpState.Issued or TopUpState.Delivering or TopUpState.RejectedByMeter or TopUpState.RefundDue));
    }

    private MeterRegisters? LastReported(Room room) => room.Meter is { } pan && headEnd.FindMeter(pan)?.Reported is { } reported
        ? new MeterRegisters(reported.At, reported.Import, reported.Credit)
        : null;
}
