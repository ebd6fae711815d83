using System.Collections.Concurrent;
using System.Collections.Immutable;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Messages;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Prices;
using Latchkey.Parks.Store;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Parks.Balance;

/// <summary>Tells tenants that their credit gets low, once per crossing, and that it has ended.</summary>
/// <remarks>
/// The newest reading moves the state on by itself. A late one makes the watch look at the stored readings again, in their true order:
/// a crossing that was told stays told, one that is over when it becomes known is not worth telling.
/// </remarks>
public sealed class BalanceWatch(IParkStore store, HeadEndDesk headEnd, PricePlans prices, TenantMessages messages, BalanceRules rules)
{
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(35);
    private readonly Dictionary<MeterPan, WatchState> _live = []; // of the one run at a time; at most one per room
    private readonly ConcurrentQueue<(MeterPan Pan, BalancePoint Point, bool IsResumed)> _arrived = new();

    /// <summary>Notes a reading; <see cref="RunAsync"/> looks at it.</summary>
    public void ReadingStored(MeterPan pan, ReportedState reading) =>
        _arrived.Enqueue((pan, PointOf(reading), false));

    /// <summary>Looks at what has arrived and tells what is to be told. Interrupted anywhere, the next call goes on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_arrived.TryDequeue(out (MeterPan Pan, BalancePoint Point, bool IsResumed) arrived))
            await LookAsync(arrived.Pan, arrived.Point, arrived.IsResumed, cancellationToken).ConfigureAwait(false);
        await TellAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After a start: looks at the stored readings of every room, because some may have come that nobody looked at.</summary>
    public void Resume()
    {
        foreach (Room room in store.Parks().SelectMany(park => store.Rooms(park.Id)))
        {
            if (room.Meter is { } pan && headEnd.FindMeter(pan)?.Reported is { } reported) _arrived.Enqueue((pan, PointOf(reported), true));
        }
    }

    private async Task LookAsync(MeterPan pan, BalancePoint point, bool isResumed, CancellationToken cancellationToken)
    {
        if (store.FindRoomByMeter(pan) is not { } room || store.OpenOccupancy(room.Id) is not { } occupancy) return;
        if (point.At < occupancy.MovedInAt || ParkOf(room) is not { } park) return;
        WatchState? stored = _live.GetValueOrDefault(pan) ?? store.FindWatch(pan);
        WatchState state = stored is { } known && known.OccupancyId == occupancy.Id
            ? known
            : Opening(pan, park, room, occupancy);
        if (!isResumed && point.At == state.LastAt) return; // the newest, once more
        bool isNext = !isResumed && point.At > state.LastAt;
        WatchState next = isNext ? Advance(state, park, room, occupancy, point) : LookAgain(state, park, room, occupancy, point);

        // A reading that changes nothing but the time is not worth a write: after a start the stored readings are looked at again.
        if (stored != state || next with { LastAt = state.LastAt } != state) await KeepAsync(next, cancellationToken).ConfigureAwait(false);
        else _live[pan] = next;
    }

    private async Task KeepAsync(WatchState state, CancellationToken cancellationToken)
    {
        _live.Remove(state.Pan);
        await store.CommitAsync(new ParkChanges { Watches = [state] }, cancellationToken).ConfigureAwait(false);
        _live[state.Pan] = state;
    }

    // The tenant saw the meter at move-in: what was low then is known, and only a fall after it is news.
    private WatchState Opening(MeterPan pan, Park park, Room room, Occupancy occupancy)
    {
        BalancePoint point = OpeningPoint(occupancy);
        return new WatchState
        {
            Pan = pan,
            OccupancyId = occupancy.Id,
            LowSince = LowRule(park, room, occupancy)?.Next(null, point),
            OffSince = OffRule(occupancy).Next(null, point),
        };
    }

    private static BalancePoint OpeningPoint(Occupancy occupancy) =>
        new(occupancy.MovedInAt, occupancy.OpeningCredit.WattHours, occupancy.OpeningCredit > Energy.Zero);

    private WatchState Advance(WatchState state, Park park, Room room, Occupancy occupancy, BalancePoint point)
    {
        WatchState next = state with
        {
            LastAt = point.At,
            LowSince = LowRule(park, room, occupancy)?.Next(state.LowSince, point),
            OffSince = OffRule(occupancy).Next(state.OffSince, point),
        };
        return Told(next, park, room, occupancy, point);
    }

    private WatchState LookAgain(WatchState state, Park park, Room room, Occupancy occupancy, BalancePoint point)
    {
        DateTimeOffset newest = point.At > state.LastAt ? point.At : state.LastAt;
        DateTimeOffset from = newest - LooksBack > occupancy.MovedInAt ? newest - LooksBack : occupancy.MovedInAt;
        if (point.At < from) return state;
        IReadOnlyList<BalancePoint> points = History(state.Pan, from, newest);
        if (points.Count == 0) return state;
        if (from == occupancy.MovedInAt) points = [OpeningPoint(occupancy), .. points];
        WatchState next = state with
        {
            LastAt = newest,
            LowSince = LowRule(park, room, occupancy) is { } rule ? Since(rule, points, state.LowSince) : null,
            OffSince = Since(OffRule(occupancy), points, state.OffSince),
        };
        return Told(next, park, room, occupancy, points[^1]);
    }

    // An episode that is there when the looked-at time begins began when the watch saw it begin.
    private static DateTimeOffset? Since(Hysteresis rule, IReadOnlyList<BalancePoint> points, DateTimeOffset? known)
    {
        if (rule.Episodes(points) is not [.., { End: null } current]) return null;
        return current.Start == points[0].At && known < current.Start ? known : current.Start;
    }

    // Told once per episode, and only by a newest reading that shows it: nobody is told "below ten" while twelve are there.
    private WatchState Told(WatchState state, Park park, Room room, Occupancy occupancy, BalancePoint newest)
    {
        WatchState next = state;
        if (LowRule(park, room, occupancy) is { } rule) next = Told(next, WatchNews.LowBalance, rule, next.LowSince, newest);
        return Told(next, WatchNews.SupplyOff, OffRule(occupancy), next.OffSince, newest);
    }

    private static WatchState Told(WatchState state, WatchNews kind, Hysteresis rule, DateTimeOffset? since, BalancePoint newest)
    {
        bool isDue = since is not null && since != rule.OpenedAt && rule.Enters(newest) && !state.Notices.Any(n => n.Kind == kind && n.About >= since);
        return isDue ? state.With(new WatchNotice(kind, newest.At, newest.CreditMilli, IsTold: false)) : state;
    }

    private List<BalancePoint> History(MeterPan pan, DateTimeOffset from, DateTimeOffset to)
    {
        Dictionary<DateTimeOffset, long> supplied = headEnd.Readings(pan, ReadingChannel.Relay, from, to).ToDictionary(p => p.At, p => p.Value);
        return [.. headEnd.Readings(pan, ReadingChannel.CreditMilli, from, to)
            .Select(p => new BalancePoint(p.At, p.Value, supplied.GetValueOrDefault(p.At, 1) != 0))];
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        const int AtOnce = 100;
        foreach (WatchState state in store.WatchesWithNews(AtOnce))
        {
            ImmutableArray<WatchNotice> notices = state.Notices;
            for (int i = 0; i < notices.Length; i++)
            {
                if (notices[i].IsTold) continue;
                await TellAsync(state, notices[i], cancellationToken).ConfigureAwait(false);
                notices = notices.SetItem(i, notices[i] with { IsTold = true });
            }

            await KeepAsync(state with { Notices = notices, LastAt = _live.GetValueOrDefault(state.Pan)?.LastAt ?? state.LastAt }, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    // The notice is named by the meter and the reading, so telling it again after a crash is the same notice.
    private async Task TellAsync(WatchState state, WatchNotice notice, CancellationToken cancellationToken)
    {
        if (store.FindOccupancy(state.OccupancyId) is not { } occupancy || store.FindTenant(occupancy.TenantId) is not { } tenant) return;
        if (store.FindRoom(occupancy.RoomId) is not { } room || ParkOf(room) is not { } park) return;
        Money? balance = prices.ValueOf(park, room, Energy.FromWattHours(notice.CreditMilli), notice.About);
        await messages.TellBalanceAsync(park, room, tenant, state.Pan, notice, balance, rules.Threshold, cancellationToken).ConfigureAwait(false);
    }

    private static BalancePoint PointOf(ReportedState reading) => new(reading.At, reading.CreditMilli, reading.Relay == RelayReport.Connected);

    // Without a price plan in force there is no balance in money to watch.
    private static Hysteresis OffRule(Occupancy occupancy) => Hysteresis.OffForLackOfCredit with { OpenedAt = occupancy.MovedInAt };

    private Hysteresis? LowRule(Park park, Room room, Occupancy occupancy) => park.Currency != rules.Threshold.Currency
        ? null
        : Hysteresis.Low(
            point => prices.ValueOf(park, room, Energy.FromWattHours(point.CreditMilli), point.At)?.MinorUnits ?? long.MaxValue,
            rules.Threshold.MinorUnits,
            rules.Rearm.MinorUnits) with { OpenedAt = occupancy.MovedInAt };

    private Park? ParkOf(Room room) => store.FindBuilding(room.BuildingId) is { } building ? store.FindPark(building.ParkId) : null;
}
