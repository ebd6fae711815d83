using System.Globalization;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Store;
using Latchkey.Parks.Views;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Park;

namespace Latchkey.Server.Rooms;

/// <summary>The parks' rooms as the portal shows them.</summary>
/// <remarks>What a room costs to put together (history, price) is paid at most once a second, however many people look.</remarks>
internal sealed class ParkReader(RoomViews rooms, IParkStore store, HeadEndDesk headEnd, TimeProvider time, RefreshLimit limit) : IParkView
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromDays(1);
    private Kept? _kept;

    public ValueTask<ParkOverview> ReadAsync(CancellationToken cancellationToken)
    {
        Kept kept = Look();
        DateTimeOffset now = time.GetUtcNow();
        return ValueTask.FromResult(new ParkOverview(string.Join(" · ", kept.Parks.Select(NameOf)), now, [.. kept.Views.Zip(kept.News, (view, news) => Line(view, news, now))]));
    }

    /// <summary>The room that a tenant lives in, or null.</summary>
    internal RoomView? RoomOf(Guid tenantId) => Look().Views.FirstOrDefault(view => view.Tenant?.Id == tenantId);

    internal static LinkState LinkOf(RegisteredMeter? meter, bool isOnline, DateTimeOffset now) =>
        meter?.LastContactAt is not { } contact ? LinkState.Never : isOnline ? LinkState.Online : now - contact < LostAfter ? LinkState.Late : LinkState.Lost;

    internal MeterNews NewsOf(RoomView view) =>
        MeterNews.Of(view.Reported, view.Meter is { } meter ? headEnd.EventsOf(meter.Pan, MeterNews.EventsAsked) : []);

    internal static string PlaceOf(RoomView view) => $"{view.Building.Name} {view.Room.Number}";

    private Kept Look()
    {
        if (_kept is { } kept && limit.IsFresh(kept.At)) return kept;
        IReadOnlyList<Park> parks = store.Parks();
        RoomView[] views = [.. parks.SelectMany(park => rooms.OfPark(park.Id))];
        return _kept = new Kept(parks, views, [.. views.Select(NewsOf)], limit.Now);
    }

    private static string NameOf(Park park) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" && park.NameZh.Length > 0 ? park.NameZh : park.Name;

    private static RoomLine Line(RoomView view, MeterNews news, DateTimeOffset now) => new(
        view.Room.Id.ToString("D"),
        view.Building.Name,
        view.Room.Number,
        view.Tenant?.Name,
        view.Room.Meter?.ToString(),
        view.Reported?.Credit,
        view.Balance,
        view.Reported?.Power,
        news.Supply,
        MarkOf(view),
        LinkOf(view.Meter, view.IsOnline, now),
        view.Meter?.LastContactAt,
        news.Tampered);

    private static BalanceMark MarkOf(RoomView view) => view.Reported is not { } reported ? BalanceMark.Unknown
        : reported.Credit <= Energy.Zero ? BalanceMark.Empty
        : view.IsLow ? BalanceMark.Low
        : BalanceMark.Good;

    private sealed record Kept(IReadOnlyList<Park> Parks, IReadOnlyList<RoomView> Views, IReadOnlyList<MeterNews> News, long At);
}

/// <summary>How long something that was put together for a page stays good: a second of real time, whatever the park's clock does.</summary>
internal sealed class RefreshLimit(TimeProvider real)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    internal long Now => real.GetTimestamp();

    internal bool IsFresh(long since) => real.GetElapsedTime(since) < Fresh;
}
