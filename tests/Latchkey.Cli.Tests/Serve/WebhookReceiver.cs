using System.Collections.Concurrent;
using Latchkey.Messaging.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>Somebody who is told: keeps everything that comes, and now and then is too busy to take it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Delivery> _heard = new();
    private readonly Func<bool> _isBusy;

    private WebhookReceiver(WebApplication app, Func<bool> isBusy) => (_app, _isBusy) = (app, isBusy);

    /// <summary>In the order they came, those that were not taken too.</summary>
    public IReadOnlyList<Delivery> Heard => [.. _heard];

    public string Address => _app.Urls.Single() + "/hooks";

    public static async Task<WebhookReceiver> StartAsync(Func<bool> isBusy)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var receiver = new WebhookReceiver(app, isBusy);
        app.MapPost("/hooks", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        bool isTaken = !_isBusy();
        var headers = new WebhookHeaders(One(WebhookHeaders.IdName), One(WebhookHeaders.TimestampName), One(WebhookHeaders.SignatureName));
        _heard.Enqueue(new Delivery(headers, body.ToArray(), isTaken, TimeProvider.System.GetUtcNow()));
        return isTaken ? TypedResults.NoContent() : TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        string One(string name) => request.Headers[name].ToString();
    }
}

internal sealed record Delivery(WebhookHeaders Headers, byte[] Body, bool IsTaken, DateTimeOffset At)
{
    /// <summary>The event's number, out of its id.</summary>
    public long Number => long.Parse(Headers.Id["evt_".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
