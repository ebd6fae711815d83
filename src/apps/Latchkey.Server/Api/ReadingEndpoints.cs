using Latchkey.Server.Access;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Park;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Server.Api;

/// <summary>Reading the park: rooms, meters, readings, deliveries, messages.</summary>
internal static class ReadingEndpoints
{
    private const int DefaultLimit = 100, MostLines = 1000;
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(400);

    internal static void MapReadings(this RouteGroupBuilder api)
    {
        api.MapGet("/rooms", GetRooms).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.ReportsRead).WithName("GetRooms").WithSummary("Rooms with their meters, balances and states");
        api.MapGet("/meters/{pan}", GetMeter).ProducesProblem(401).ProducesProblem(404).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.MetersRead).WithName("GetMeter").WithSummary("One meter as the head end knows it");
        api.MapGet("/meters/{pan}/readings", GetReadings).ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.MetersRead).WithName("GetReadings").WithSummary("Power and balance over time");
        api.MapGet("/meters/{pan}/events", GetEvents).ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.MetersRead).WithName("GetMeterEvents").WithSummary("What the meter reported, newest first");
        api.MapGet("/deliveries", GetDeliveries).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.ReportsRead).WithName("GetDeliveries").WithSummary("Tokens on their way to meters, newest first");
        api.MapGet("/messages", GetMessages).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.ReportsRead).WithName("GetMessages").WithSummary("Messages to tenants, newest first");
    }

    private static async Task<Ok<ListResponse<RoomResponse>>> GetRooms(IParkView park, CancellationToken cancellationToken)
    {
        ParkOverview overview = await park.ReadAsync(cancellationToken);
        return TypedResults.Ok(ListResponse.Of(overview.Rooms.Select(RoomResponse.From)));
    }

    private static async Task<Results<Ok<MeterResponse>, ProblemHttpResult>> GetMeter(string pan, IMeterView meters, CancellationToken cancellationToken) =>
        await meters.FindAsync(pan, cancellationToken) is { } meter ? TypedResults.Ok(MeterResponse.From(meter)) : UnknownMeter();

    private static async Task<Results<Ok<ListResponse<ReadingResponse>>, ProblemHttpResult>> GetReadings(
        string pan, DateTimeOffset? from, DateTimeOffset? to, int? limit, IMeterView meters, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!IsLimit(limit)) return BadLimit();
        DateTimeOffset until = to ?? clock.GetUtcNow(), since = from ?? until - TimeSpan.FromDays(1);
        if (since >= until || until - since > LongestSpan) return Problems.BadParameter("from, to", $"from lies before to, at most {LongestSpan.Days} days apart");
        if (await meters.FindAsync(pan, cancellationToken) is null) return UnknownMeter();
        IReadOnlyList<MeterPoint> points = await meters.HistoryAsync(pan, since, until, limit ?? DefaultLimit, cancellationToken);
        return TypedResults.Ok(ListResponse.Of(points.Select(ReadingResponse.From)));
    }

    private static async Task<Results<Ok<ListResponse<EventResponse>>, ProblemHttpResult>> GetEvents(string pan, int? limit, IMeterView meters, CancellationToken cancellationToken)
    {
        if (!IsLimit(limit)) return BadLimit();
        if (await meters.FindAsync(pan, cancellationToken) is null) return UnknownMeter();
        IReadOnlyList<MeterEventLine> events = await meters.EventsAsync(pan, limit ?? DefaultLimit, cancellationToken);
        return TypedResults.Ok(ListResponse.Of(events.Select(e => new EventResponse(e.At, e.Code, e.Detail))));
    }

    private static async Task<Results<Ok<ListResponse<DeliveryLine>>, ProblemHttpResult>> GetDeliveries(string? pan, int? limit, IDeliveryView deliveries, CancellationToken cancellationToken)
    {
        if (!IsLimit(limit)) return BadLimit();
        return TypedResults.Ok(ListResponse.Of(await deliveries.ListAsync(pan, limit ?? DefaultLimit, cancellationToken)));
    }

    private static async Task<Results<Ok<ListResponse<MessageResponse>>, ProblemHttpResult>> GetMessages(int? limit, IMessageView messages, CancellationToken cancellationToken)
    {
        if (!IsLimit(limit)) return BadLimit();
        return TypedResults.Ok(ListResponse.Of((await messages.ListAsync(null, limit ?? DefaultLimit, cancellationToken)).Select(MessageResponse.From)));
    }

    private static bool IsLimit(int? limit) => limit is null or (>= 1 and <= MostLines);

    private static ProblemHttpResult BadLimit() => Problems.BadParameter("limit", $"a whole number from 1 to {MostLines}");

    private static ProblemHttpResult UnknownMeter() => Problems.NotFound("unknown-meter", "No meter has this primary account number. Check all eighteen digits.");
}
