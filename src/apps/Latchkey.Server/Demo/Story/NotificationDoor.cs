using Latchkey.Payments.Providers;
using Latchkey.Server.Platform;

namespace Latchkey.Server.Demo.Story;

/// <summary>The one address of a story that the outside calls: where WeChat Pay says that somebody paid.</summary>
internal sealed class NotificationDoor : IAsyncDisposable
{
    private const string Path = "/v1/payments/wechat/notify";
    private readonly WebApplication _app;

    private NotificationDoor(WebApplication app) => _app = app;

    public LatchkeyPlatform? Platform { get; set; }

    public Uri Address => new(new Uri(_app.Urls.Single()), Path);

    public static async Task<NotificationDoor> OpenAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = NotificationRequest.MaxBodyBytes);
        WebApplication app = builder.Build();
        var door = new NotificationDoor(app);
        app.MapPost(Path, (Delegate)door.TakeAsync);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return door;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        if (Platform is not { } platform) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var headers = context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
        (_, NotificationReply reply) = await platform
            .TakeWeChatPayNotificationAsync(new NotificationRequest(headers, body.ToArray()), context.RequestAborted).ConfigureAwait(false);
        return Results.Text(reply.Body ?? string.Empty, reply.ContentType, statusCode: reply.StatusCode);
    }
}
