using System.Globalization;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Meter.Events;
using Latchkey.ModuleLink.Frames;
using Latchkey.Parks.Store;
using Latchkey.Parks.Views;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Meters;
using Latchkey.Sts;
using MeterEvent = Latchkey.HeadEnd.Events.MeterEvent;

namespace Latchkey.Server.Rooms;

/// <summary>One meter by its own reports, as the head end keeps them.</summary>
internal sealed class MeterReader(HeadEndDesk headEnd, IParkStore store, RoomViews rooms, IMeterHands hands, TimeProvider time) : IMeterView
{
    private static readonly TimeSpan OnlineWithin = TimeSpan.FromMinutes(30);

    public ValueTask<MeterDetail?> FindAsync(string pan, CancellationToken cancellationToken)
    {
        if (!MeterPan.TryParse(pan, out MeterPan number) || headEnd.FindMeter(number) is not { } meter) return ValueTask.FromResult<MeterDetail?>(null);
        RoomView? room = store.FindRoomByMeter(number) is { } fed ? rooms.OfRoom(fed.Id) : null;
        return ValueTask.FromResult<MeterDetail?>(Detail(meter, room));
    }

    public ValueTask<IReadOnlyList<MeterPoint>> HistoryAsync(string pan, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        if (!MeterPan.TryParse(pan, out MeterPan number)) return ValueTask.FromResult<IReadOnlyList<MeterPoint>>([]);
        var credit = headEnd.Readings(number, ReadingChannel.CreditMilli, from, to).ToDictionary(point => point.At, point => point.Value);
        MeterPoint[] points =
        [
            .. headEnd.Readings(number, ReadingChannel.PowerW, from, to).Where(point => credit.ContainsKey(point.At))
                .Select(point => new MeterPoint(point.At, Power.FromWatts(point.Value), Energy.FromWattHours(credit[point.At]))),
        ];
        return ValueTask.FromResult(Thinned(points, limit));
    }

    public ValueTask<IReadOnlyList<MeterEventLine>> EventsAsync(string pan, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<MeterEvent> events = MeterPan.TryParse(pan, out MeterPan number) ? headEnd.EventsOf(number, limit) : [];
        return ValueTask.FromResult<IReadOnlyList<MeterEventLine>>([.. events.Select(Line)]);
    }

    /// <summary>Evenly chosen points, the first and the last among them.</summary>
    internal static IReadOnlyList<MeterPoint> Thinned(MeterPoint[] points, int limit)
    {
        if (points.Length <= limit) return points;
        if (limit == 1) return [points[^1]];
        return [.. Enumerable.Range(0, limit).Select(i => points[(int)((long)i * (points.Length - 1) / (limit - 1))])];
    }

    private MeterDetail Detail(RegisteredMeter meter, RoomView? room)
    {
        DateTimeOffset now = time.GetUtcNow();
        ReportedState? reported = meter.Reported;
        MeterNews news = MeterNews.Of(reported, headEnd.EventsOf(meter.Pan, MeterNews.EventsAsked));
        MetrologyLine? identity = hands.Identity(meter.Pan.ToString());
        return new MeterDetail(
            meter.Pan.ToString(),
            meter.Model,
            room?.Room.Id.ToString("D"),
            room is null ? meter.Pan.Drn.ToString() : ParkReader.PlaceOf(room),
            room?.Tenant?.Name,
            reported?.Credit,
            EnergyOf(reported?.GrantedMilli),
            EnergyOf(reported?.ConsumedMilli),
            room?.Balance,
            news.Supply,
            news.Reason,
            news.Tampered,
            reported?.Voltage,
            reported is null ? null : Current.FromMilliamperes((int)Math.Clamp(reported.CurrentMilliampere, int.MinValue, int.MaxValue)),
            reported?.Power,
            ParkReader.LinkOf(meter, now - meter.LastContactAt <= OnlineWithin, now),
            meter.LastContactAt,
            meter.Module is { } module ? ModuleNames.Of(module.Kind) : null,
            identity?.Version,
            identity?.Hash);
    }

    private static Energy? EnergyOf(long? milli) => milli is { } value ? Energy.FromWattHours(value) : null;

    private static MeterEventLine Line(MeterEvent entry)
    {
        var code = (EventCode)entry.Code;
        string name = entry.Code <= ushort.MaxValue && Enum.IsDefined(code) ? CodeText.Of(code) : entry.Code.ToString(CultureInfo.InvariantCulture);
        return new MeterEventLine(entry.At, name, DetailOf(code, entry.Detail));
    }

    private static string? DetailOf(EventCode code, long detail) => code switch
    {
        EventCode.CreditGranted => "+" + Energy.FromWattHours(detail),
        EventCode.PowerLimitSet => Power.FromWatts(detail).ToString(),
        EventCode.ModuleInserted or EventCode.ModuleRemoved when Enum.IsDefined((ModuleKind)detail) => ModuleNames.Of((ModuleKind)detail),
        EventCode.TokenRefused => detail.ToString("D2", CultureInfo.InvariantCulture),
        EventCode.KeypadLocked => string.Create(CultureInfo.InvariantCulture, $"{detail} s"),

        // What the other codes carry means something to the meter's maker only.
        _ => null,
    };
}
