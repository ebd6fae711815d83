using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Latchkey.Messaging.Webhooks;

/// <summary>Sends what is due and keeps what came of it. Everything else is in the store: a crash repeats an attempt, it never loses an event.</summary>
/// <remarks>Source: Standard Webhooks specification: headers, signatures side by side during a change of secrets, the schedule of retries, 410 ends.</remarks>
public sealed partial class WebhookPump(IWebhookStore store, HttpClient http, TimeProvider time, ILogger<WebhookPump> logger)
{
    private const int AtOnce = 100, Endpoints = 8, Gone = 410;
    private static readonly TimeSpan DisabledAfter = TimeSpan.FromDays(5);
    private static readonly TimeSpan AttemptLasts = TimeSpan.FromSeconds(15);

    /// <summary>After the first, at once, so many retries, each this long after the attempt before it.</summary>
    public static IReadOnlyList<TimeSpan> Schedule { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Everything that is due now, once. Returns how many attempts were made.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await store.SpreadAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WebhookDelivery> due = store.Due(time.GetUtcNow(), AtOnce);

        // One at a time to each endpoint, several endpoints beside each other: a slow one keeps nobody else waiting for long.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Endpoints, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due.GroupBy(d => d.Endpoint.Id), options, async (group, stop) =>
        {
            foreach (WebhookDelivery delivery in group)
            {
                if (!await TryAsync(delivery, stop).ConfigureAwait(false)) break;
            }
        }).ConfigureAwait(false);
        return due.Count;
    }

    /// <summary>The header fields of an attempt: with two secrets in force, two signatures.</summary>
    public static WebhookHeaders Sign(WebhookEndpoint endpoint, string id, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        WebhookHeaders headers = new StandardWebhook(endpoint.Secret).Sign(id, now, body);
        if (endpoint.EarlierSecret is not { } earlier || endpoint.EarlierUntil <= now) return headers;
        return headers with { Signature = headers.Signature + " " + new StandardWebhook(earlier).Sign(id, now, body).Signature };
    }

    private async Task<bool> TryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        (int status, string outcome) = await SendAsync(delivery, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = time.GetUtcNow();
        bool isTaken = status is >= 200 and < 300;
        int attempts = delivery.Attempts + 1;
        DateTimeOffset? next = isTaken || status == Gone || attempts > Schedule.Count ? null : now + Schedule[attempts - 1];
        await store.KeepAsync(delivery.Endpoint.Id, delivery.Event.Number, attempts, next, outcome, cancellationToken).ConfigureAwait(false);
        await store.ChangeAsync(delivery.Endpoint.Id, endpoint => Judged(endpoint, isTaken, status, now), cancellationToken).ConfigureAwait(false);
        if (!isTaken) NotTaken(logger, delivery.Event.Id, delivery.Endpoint.Id, attempts, outcome);
        return isTaken;
    }

    private static WebhookEndpoint Judged(WebhookEndpoint endpoint, bool isTaken, int status, DateTimeOffset now)
    {
        if (isTaken) return endpoint.FailingSince is null ? endpoint : endpoint with { FailingSince = null };
        if (status == Gone) return endpoint with { DisabledReason = "the receiver answered 410 Gone" };
        if (endpoint.FailingSince is not { } since) return endpoint with { FailingSince = now };
        return now - since >= DisabledAfter
            ? endpoint with { DisabledReason = string.Create(CultureInfo.InvariantCulture, $"nothing was taken since {since:yyyy-MM-dd HH:mm} UTC") }
            : endpoint;
    }

    private async Task<(int Status, string Outcome)> SendAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        byte[] body = delivery.Event.Body();
        WebhookHeaders headers = Sign(delivery.Endpoint, delivery.Event.Id, body, time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Endpoint.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.IdName, headers.Id);
        request.Headers.Add(WebhookHeaders.TimestampName, headers.Timestamp);
        request.Headers.TryAddWithoutValidation(WebhookHeaders.SignatureName, headers.Signature);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AttemptLasts);
        try
        {
            // The answer's body is nobody's business here: only its status is read.
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return ((int)answer.StatusCode, string.Create(CultureInfo.InvariantCulture, $"status {(int)answer.StatusCode}"));
        }
        catch (HttpRequestException fault)
        {
            return (0, $"no answer: {fault.HttpRequestError}");
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (0, "no answer in time");
        }
    }

    [LoggerMessage(5221, LogLevel.Warning, "Webhook {EventId} to endpoint {EndpointId} was not taken, attempt {Attempt}: {Outcome}")]
    private static partial void NotTaken(ILogger logger, string eventId, Guid endpointId, int attempt, string outcome);
}
