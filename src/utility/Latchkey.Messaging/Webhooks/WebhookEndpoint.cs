namespace Latchkey.Messaging.Webhooks;

/// <summary>Where a client wants to be told, and of what.</summary>
/// <param name="Client">Whose it is. It is told of that client's purchases alone, unless <paramref name="SeesAll"/>.</param>
/// <param name="Events">Kinds of events, or <c>*</c> for all of them.</param>
/// <param name="Secret">Base64 with the prefix <c>whsec_</c>. Shown once, kept sealed.</param>
/// <param name="EarlierSecret">Signs beside the new one until <paramref name="EarlierUntil"/>.</param>
/// <param name="FailingSince">Since when nothing was taken; null while it works.</param>
/// <param name="DisabledReason">Why it is told nothing any more; null while it is.</param>
public sealed record WebhookEndpoint(
    Guid Id, string Client, Uri Address, IReadOnlyList<string> Events, bool SeesAll, string Secret, DateTimeOffset CreatedAt, string? EarlierSecret = null, DateTimeOffset? EarlierUntil = null,
    DateTimeOffset? FailingSince = null, string? DisabledReason = null)
{
    public const int MostPerClient = 10;
    public const int LongestAddress = 500;

    public bool Wants(string type) => type == WebhookEventTypes.Test || Events.Contains("*", StringComparer.Ordinal) || Events.Contains(type, StringComparer.Ordinal);

    public override string ToString() => $"{Id:D} of {Client}";
}

/// <summary>What can be told. The words are stored and sent and never change.</summary>
public static class WebhookEventTypes
{
    public const string Test = "webhook.test";

    public static IReadOnlyList<string> All { get; } =
    [
        "purchase.posted", "purchase.credited", "purchase.declined", "purchase.expired", "purchase.reversed", "purchase.cancelled",
        "key-change.planned", "key-change.issued", "key-change.done", "meter.event",
    ];

    public static bool IsKnown(string type) => type == "*" || All.Contains(type, StringComparer.Ordinal);
}

/// <summary>A fact as it was kept with the write that made it one.</summary>
/// <param name="Number">Rises; the webhook's id is made of it, the same for every receiver and every retry.</param>
/// <param name="Data">A JSON object. No token and no name is in it: who is told may ask for them with a key.</param>
public sealed record WebhookEvent(long Number, string Type, DateTimeOffset At, string Data)
{
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"evt_{Number}");

    /// <summary>The bytes that are sent and signed: the same on every attempt.</summary>
    public byte[] Body() => System.Text.Encoding.UTF8.GetBytes(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $$"""{"type":"{{Type}}","timestamp":"{{At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","data":{{Data}}}"""));
}

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Attempts">How often it was tried.</param>
public sealed record WebhookDelivery(WebhookEndpoint Endpoint, WebhookEvent Event, int Attempts);

/// <summary>Where endpoints, events and deliveries are kept. Events come in with the facts themselves, in the same transaction.</summary>
public interface IWebhookStore
{
    /// <summary>False where the client has as many as it may, or the id is taken.</summary>
    Task<bool> AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken);

    WebhookEndpoint? Find(Guid id);

    /// <summary>Of one client, or of all where it is null.</summary>
    IReadOnlyList<WebhookEndpoint> List(string? client);

    Task<bool> ChangeAsync(Guid id, Func<WebhookEndpoint, WebhookEndpoint> change, CancellationToken cancellationToken);

    Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Puts events that are not yet spread onto the endpoints' rows. Returns how many deliveries it made.</summary>
    Task<int> SpreadAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// What is due of endpoints that are not disabled, for each in the order of the events. An event waits while an earlier one of the same meter waits for
    /// another attempt at that endpoint.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="limit">At most so many in all, or one for each endpoint.</param>
    IReadOnlyList<WebhookDelivery> Due(DateTimeOffset now, int limit);

    /// <summary>Keeps what an attempt came to. <paramref name="nextAt"/> null ends it.</summary>
    Task KeepAsync(Guid endpoint, long number, int attempts, DateTimeOffset? nextAt, string outcome, CancellationToken cancellationToken);

    /// <summary>Sends the events from a moment on again; returns how many.</summary>
    Task<int> ReplayAsync(Guid endpoint, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds a test event for one endpoint.</summary>
    Task TestAsync(Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken);
}
