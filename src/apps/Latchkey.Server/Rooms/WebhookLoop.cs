using Latchkey.Messaging.Webhooks;
using Latchkey.Storage;

namespace Latchkey.Server.Rooms;

/// <summary>Sends webhooks beside everything else, so that a slow receiver slows nothing but itself.</summary>
internal sealed partial class WebhookLoop(IWebhookStore store, bool allowPrivate, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient(WebhookAddresses.Handler(allowPrivate)) { Timeout = Timeout.InfiniteTimeSpan };
        var pump = new WebhookPump(store, http, time, loggers.CreateLogger<WebhookPump>());
        ILogger logger = loggers.CreateLogger<WebhookLoop>();
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await pump.RunAsync(stoppingToken);
            }
            catch (StorageException e)
            {
                BeatFailed(logger, e);
            }
        }
    }

    [LoggerMessage(6021, LogLevel.Error, "One beat of the webhooks failed; the next one tries again")]
    private static partial void BeatFailed(ILogger logger, Exception exception);
}
