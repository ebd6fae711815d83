using Latchkey.Server.Portal.Orders;

namespace Latchkey.Server.Portal.Meters;

/// <summary>How far back the chart looks.</summary>
public enum ChartRange { Day = 0, Week = 1, Month = 2 }

/// <summary>What the meter page shows.</summary>
public sealed record MeterModel(MeterDetail Meter, IReadOnlyList<MeterPoint> Points, IReadOnlyList<MeterEventLine> Events, IReadOnlyList<OrderLine> Orders, ChartRange Range)
{
    public const int MostPoints = 288;
    public const int MostEvents = 200;
    public const int MostOrders = 50;

    public static ChartRange Parse(string? word) => word switch { "week" => ChartRange.Week, "month" => ChartRange.Month, _ => ChartRange.Day };

    public static string Address(string pan, ChartRange range) => range switch
    {
        ChartRange.Week => $"/meters/{pan}?range=week",
        ChartRange.Month => $"/meters/{pan}?range=month",
        _ => $"/meters/{pan}",
    };

    public static TimeSpan Length(ChartRange range) => range switch { ChartRange.Week => TimeSpan.FromDays(7), ChartRange.Month => TimeSpan.FromDays(30), _ => TimeSpan.FromDays(1) };

    /// <summary>Reads all that the page shows; null when there is no such meter.</summary>
    public static async ValueTask<MeterModel?> ReadAsync(
        string pan, ChartRange range, IMeterView meters, IOrderView orders, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await meters.FindAsync(pan, cancellationToken) is not { } meter) return null;
        DateTimeOffset now = clock.GetUtcNow();
        return new MeterModel(
            meter,
            await meters.HistoryAsync(pan, now - Length(range), now, MostPoints, cancellationToken),
            await meters.EventsAsync(pan, MostEvents, cancellationToken),
            await orders.ListAsync(pan, MostOrders, cancellationToken),
            range);
    }
}
