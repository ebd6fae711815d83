using System.Text.Json.Serialization;
using Latchkey.Messaging.Webhooks;
using Latchkey.Server.Access;
using Latchkey.Server.Rooms;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>A client's own webhook endpoints: where it is told, of what, under which secret.</summary>
internal static class WebhookEndpoints
{
    private const int MostEvents = 20;
    private static readonly TimeSpan EarlierSecretLives = TimeSpan.FromHours(24), EventsKept = TimeSpan.FromDays(30);

    internal static void MapWebhooks(this RouteGroupBuilder api)
    {
        RouteGroupBuilder hooks = api.MapGroup("/webhooks").WithTags("Webhooks").Needs(ApiScopes.Webhooks).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        hooks.MapPut("/{id:guid}", PutAsync).Accepts<WebhookRequest>("application/json").Produces<WebhookResponse>(201).ProducesProblem(400).ProducesProblem(409).WithName("PutWebhook")
            .WithSummary("Adds an endpoint under the caller's id; the secret is in this answer alone")
            .WithDescription("Webhooks follow the Standard Webhooks rules: webhook-id, webhook-timestamp, webhook-signature (v1, HMAC-SHA256 with the whsec_ secret). Answer 2xx within 15 s; 410 ends it.");
        hooks.MapGet("/", List).WithName("GetWebhooks").WithSummary("The caller's endpoints, without their secrets");
        hooks.MapDelete("/{id:guid}", RemoveAsync).Produces(204).ProducesProblem(404).WithName("DeleteWebhook").WithSummary("Ends an endpoint");
        hooks.MapPost("/{id:guid}/rotation", RotateAsync).Produces<WebhookResponse>().ProducesProblem(404).WithName("RotateWebhookSecret").WithSummary("A new secret; for a day both sign");
        hooks.MapPost("/{id:guid}/test", TestAsync).Produces(202).ProducesProblem(404).WithName("TestWebhook").WithSummary("Sends a test event");
        hooks.MapPost("/{id:guid}/replay", ReplayAsync).Accepts<ReplayRequest>("application/json").Produces<ReplayResponse>(202).ProducesProblem(400).ProducesProblem(404).WithName("ReplayWebhooks")
            .WithSummary("Sends the events from a moment on again, at most 30 days back; a disabled endpoint is told again");
    }

    private static async Task<IResult> PutAsync(Guid id, HttpRequest request, [FromServices] IWebhookStore store, [FromServices] RoomSettings settings, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        (WebhookRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<WebhookRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (id == Guid.Empty) return Problems.BadParameter("id", "a UUID, not all zeros");
        if (WebhookAddresses.Fault(wanted.Url, settings.WebhooksToPrivateAddresses, out Uri? address) is { } fault) return Problems.BadParameter("url", fault);
        if (wanted.Events.Count is 0 or > MostEvents || wanted.Events.FirstOrDefault(e => !WebhookEventTypes.IsKnown(e)) is not null)
            return Problems.BadParameter("events", "some of " + string.Join(", ", WebhookEventTypes.All) + ", or * for all");
        ApiClient client = ClientAccess.Of(request.HttpContext);
        var endpoint = new WebhookEndpoint(id, client.Name, address!, wanted.Events, PurchaseEndpoints.MaySeeAll(client), WebhookSecrets.New(), time.GetUtcNow());
        return await store.AddAsync(endpoint, cancellationToken)
            ? TypedResults.Created($"/v1/webhooks/{id}", WebhookResponse.From(endpoint, withSecret: true))
            : Problems.Of(StatusCodes.Status409Conflict, "webhook-not-added", $"The id is taken, or the client has {WebhookEndpoint.MostPerClient} endpoints already.");
    }

    private static Ok<ListResponse<WebhookResponse>> List(HttpContext http, [FromServices] IWebhookStore store) =>
        TypedResults.Ok(ListResponse.Of(store.List(ClientAccess.Of(http).Name).Select(e => WebhookResponse.From(e, withSecret: false))));

    private static async Task<IResult> RemoveAsync(Guid id, HttpContext http, [FromServices] IWebhookStore store, CancellationToken cancellationToken) =>
        Own(id, http, store) is not null && await store.RemoveAsync(id, cancellationToken) ? TypedResults.NoContent() : Unknown();

    private static async Task<IResult> RotateAsync(Guid id, HttpContext http, [FromServices] IWebhookStore store, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        if (Own(id, http, store) is null) return Unknown();
        DateTimeOffset until = time.GetUtcNow() + EarlierSecretLives;
        await store.ChangeAsync(id, WebhookSecrets.Rotated(until), cancellationToken);
        return store.Find(id) is { } endpoint ? TypedResults.Ok(WebhookResponse.From(endpoint, withSecret: true)) : Unknown();
    }

    private static async Task<IResult> TestAsync(Guid id, HttpContext http, [FromServices] IWebhookStore store, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        if (Own(id, http, store) is null) return Unknown();
        await store.TestAsync(id, time.GetUtcNow(), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<IResult> ReplayAsync(Guid id, HttpRequest request, [FromServices] IWebhookStore store, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        (ReplayRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<ReplayRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (Own(id, request.HttpContext, store) is null) return Unknown();
        DateTimeOffset now = time.GetUtcNow();
        if (wanted.From > now || now - wanted.From > EventsKept) return Problems.BadParameter("from", "a moment of the last 30 days");
        await store.ChangeAsync(id, e => e with { DisabledReason = null, FailingSince = null }, cancellationToken);
        return TypedResults.Accepted((string?)null, new ReplayResponse(await store.ReplayAsync(id, wanted.From, now, cancellationToken)));
    }

    private static WebhookEndpoint? Own(Guid id, HttpContext http, IWebhookStore store) => store.Find(id) is { } endpoint && endpoint.Client == ClientAccess.Of(http).Name ? endpoint : null;

    private static ProblemHttpResult Unknown() => Problems.NotFound("unknown-webhook", "No endpoint of yours has this id.");
}

/// <summary>Where to be told, and of what.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookRequest
{
    public required string Url { get; init; }

    public required IReadOnlyList<string> Events { get; init; }
}

/// <summary>From when on.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayRequest
{
    public required DateTimeOffset From { get; init; }
}

/// <summary>How many events are sent again.</summary>
public sealed record ReplayResponse(int Events);

/// <summary>An endpoint.</summary>
/// <param name="Secret">Only where it was just drawn.</param>
/// <param name="FailingSince">Since when nothing was taken.</param>
/// <param name="Disabled">Why nothing is sent any more; a replay begins anew.</param>
public sealed record WebhookResponse(Guid Id, string Url, IReadOnlyList<string> Events, DateTimeOffset CreatedAt, string? Secret, DateTimeOffset? FailingSince, string? Disabled)
{
    public static WebhookResponse From(WebhookEndpoint e, bool withSecret) => new(e.Id, e.Address.ToString(), e.Events, e.CreatedAt, withSecret ? e.Secret : null, e.FailingSince, e.DisabledReason);
}
