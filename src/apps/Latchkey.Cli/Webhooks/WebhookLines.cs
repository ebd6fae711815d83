using System.Globalization;
using Latchkey.Messaging.Webhooks;
using Latchkey.Storage.Messaging;

namespace Latchkey.Cli.Webhooks;

/// <summary>An endpoint for people, narrow enough for any terminal, and for programs.</summary>
internal static class WebhookLines
{
    public static IEnumerable<string> Of(WebhookEndpoint endpoint, WebhookStanding standing, DateTimeOffset now)
    {
        yield return $"{endpoint.Id}  {endpoint.Client}{(endpoint.SeesAll ? "  (told of everybody)" : string.Empty)}";
        yield return $"  {endpoint.Address}";
        yield return $"  {(endpoint.Events.Contains("*", StringComparer.Ordinal) ? "all events" : string.Join(", ", endpoint.Events))}";
        yield return "  " + StateOf(endpoint, standing, now);
    }

    public static object Document(WebhookEndpoint e, WebhookStanding s) => new
    {
        id = e.Id, client = e.Client, url = e.Address, events = e.Events, seesAll = e.SeesAll, created = e.CreatedAt, failingSince = e.FailingSince, disabled = e.DisabledReason,
        taken = s.Taken, waiting = s.Waiting, givenUp = s.GivenUp, oldestWaiting = s.OldestWaiting, lastOutcome = s.LastOutcome,
    };

    private static string StateOf(WebhookEndpoint endpoint, WebhookStanding standing, DateTimeOffset now)
    {
        string counts = string.Create(CultureInfo.InvariantCulture, $"{standing.Taken} taken, {standing.Waiting} waiting{Age(standing, now)}, {standing.GivenUp} given up");
        if (endpoint.DisabledReason is { } why) return $"{counts}; ENDED: {why}; 'webhooks replay' begins anew";
        return endpoint.FailingSince is { } since
            ? string.Create(CultureInfo.InvariantCulture, $"{counts}; FAILING since {since:yyyy-MM-dd HH:mm} UTC: {standing.LastOutcome}")
            : counts;
    }

    private static string Age(WebhookStanding standing, DateTimeOffset now) => standing.OldestWaiting is { } oldest
        ? string.Create(CultureInfo.InvariantCulture, $" (the oldest {Math.Max(0, (long)(now - oldest).TotalMinutes)} min)")
        : string.Empty;
}
