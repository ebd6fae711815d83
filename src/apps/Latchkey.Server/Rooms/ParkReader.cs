using System.Globalization;
using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Store;
using Latchkey.Parks.Views;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Park;

namespace Latchkey.Server.Rooms;

/// <summary>The parks' rooms as the portal shows them.</summary>
/// <remarks>What a room costs to put together (history, price) is paid at most once a second, however many people look.</remarks>
internal sealed class ParkReader(RoomViews rooms, IParkStore store, TimeProvider time, RefreshLimit limit) : IParkView
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromDays(1);
    private (IReadOnlyList<RoomView> Views, IReadOnlyList<Park> Parks, long At)? _kept;

    public ValueTask<ParkOverview> ReadAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<RoomView> views, IReadOnlyList<Park> parks) = Look();
        DateTimeOffset now = time.GetUtcNow();
        return ValueTask.FromResult(new ParkOverview(string.Join(" · ", parks.Select(NameOf)), now, [.. views.Select(view => Line(view, now))]));
    }

    /// <summary>The room that a tenant lives in, or null.</summary>
    internal RoomView? RoomOf(Guid tenantId) => Look().Views.FirstOrDefault(view => view.Tenant?.Id == tenantId);

    internal static LinkState LinkOf(RegisteredMeter? meter, bool isOnline, DateTimeOffset now) =>
        meter?.LastContactAt is not { } contact ? LinkState.Never : isOnline ? LinkState.Online : now - contact < LostAfter ? LinkState.Late : LinkState.Lost;

    internal static SupplyState SupplyOf(ReportedState? reported) => reported?.Relay switch
    {
        null => SupplyState.Unknown,
        RelayReport.Connected => SupplyState.On,
        _ => SupplyState.Off,
    };

    internal static string PlaceOf(RoomView view) => $"{view.Building.Name} {view.Room.Number}";

    private (IReadOnlyList<RoomView> Views, IReadOnlyList<Park> Parks) Look()
    {
        if (_kept is { } kept && limit.IsFresh(kept.At)) return (kept.Views, kept.Parks);
        IReadOnlyList<Park> parks = store.Parks();
        RoomView[] views = [.. parks.SelectMany(park => rooms.OfPark(park.Id))];
        _kept = (views, parks, limit.Now);
        return (views, parks);
    }

    private static string NameOf(Park park) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" && park.NameZh.Length > 0 ? park.NameZh : park.Name;

    private static RoomLine Line(RoomView view, DateTimeOffset now) => new(
        view.Room.Id.ToString("D"),
        view.Building.Name,
        view.Room.Number,
        view.Tenant?.Name,
        view.Room.Meter?.ToString(),
        view.Reported?.Credit,
        view.Balance,
        view.Reported?.Power,
        SupplyOf(view.Reported),
        MarkOf(view),
        LinkOf(view.Meter, view.IsOnline, now),
        view.Meter?.LastContactAt,
        view.Reported?.TamperBits is > 0);

    private static BalanceMark MarkOf(RoomView view) => view.Reported is not { } reported ? BalanceMark.Unknown
        : reported.Credit <= Energy.Zero ? BalanceMark.Empty
        : view.IsLow ? BalanceMark.Low
        : BalanceMark.Good;
}

/// <summary>How long something that was put together for a page stays good: a second of real time, whatever the park's clock does.</summary>
internal sealed class RefreshLimit(TimeProvider real)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    internal long Now => real.GetTimestamp();

    internal bool IsFresh(long since) => real.GetElapsedTime(since) < Fresh;
}
