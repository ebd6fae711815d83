using Latchkey.HeadEnd.Channels;
using Latchkey.Server.ElectrumApi;
using Latchkey.Server.Platform;
using Latchkey.Server.Rooms;
using Latchkey.Storage.Vending;

namespace Latchkey.Server.Serve;

/// <summary>The server over a seller's own data directory.</summary>
public sealed partial class PlatformServer : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly ILoggerFactory _loggers;
    private readonly WebApplication _app;

    private PlatformServer(LatchkeyPlatform platform, WebApplication app, ILoggerFactory loggers) => (Platform, _app, _loggers) = (platform, app, loggers);

    public LatchkeyPlatform Platform { get; }

    /// <summary>Whether any program may call the interface.</summary>
    public bool HasClients => new SqliteApiClients(Platform.Database).List().Count > 0;

    /// <summary>Where it listens; the port that was found where none was named.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(url => new Uri(url))];

    /// <summary>Opens the books, finishes what a crash left, lets <paramref name="prepare"/> add what must be there, and starts to answer.</summary>
    public static async Task<PlatformServer> StartAsync(
        ServerOptions server, ServeSettings settings, TimeProvider time, Func<LatchkeyPlatform, CancellationToken, Task>? prepare, CancellationToken cancellationToken)
    {
        ILoggerFactory loggers = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning);
            if (!server.Quiet) logging.AddSimpleConsole(console => console.SingleLine = true);
        });
        LatchkeyPlatform? platform = null;
        try
        {
            platform = await LatchkeyPlatform.OpenAsync(OptionsOf(server, settings), NoChannels, time, loggers, cancellationToken).ConfigureAwait(false);
            if (prepare is not null) await prepare(platform, cancellationToken).ConfigureAwait(false);
            WebApplicationBuilder builder = LatchkeyServer.CreateBuilder(server with { Zone = settings.Zone });
            builder.Services.AddLatchkeyRooms(platform, new RoomSettings { Vending = settings.Vending, ApiChannel = settings.ApiChannel, WebhooksToPrivateAddresses = settings.WebhooksToPrivateAddresses }, time);
            if (settings.Electrum is { } electrum) builder.Services.AddElectrum(RoomsOf(platform, electrum, settings, time));
            WebApplication app = LatchkeyServer.Build(builder);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return new PlatformServer(platform, app, loggers);
        }
        catch
        {
            platform?.Dispose();
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Does what is due until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ILogger logger = _loggers.CreateLogger<PlatformServer>();
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
#pragma warning disable CA1031 // The server goes on whatever one beat meets; what it met is in the log, and the next beat tries again.
            try
            {
                await Platform.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                BeatFailed(logger, e);
            }
#pragma warning restore CA1031
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        Platform.Dispose();
        _loggers.Dispose();
    }

    // Meters that are reached by keypad alone need no channel; links to real meters are added here as they come to be.
    private static IReadOnlyList<IDeviceChannel> NoChannels => [];

    private static PlatformOptions OptionsOf(ServerOptions server, ServeSettings settings) => new()
    {
        DataDirectory = server.DataDirectory,
        Vending = settings.Vending,
        Tariffs = settings.Tariffs,
        Bundles = settings.Bundles,
        StaTables = settings.StaTables,
        Signer = settings.Signer,
        Custody = settings.Custody,
        WeChatPay = settings.WeChatPay,
        WeChat = settings.WeChat,
    };

    private static ElectrumRooms RoomsOf(LatchkeyPlatform platform, ElectrumSettings electrum, ServeSettings settings, TimeProvider time) => new(
        electrum, platform.Vending.Bundles, platform.Vending.KeyChanges, platform.Vending.Desk, platform.Vending.Messages, platform.Vending.Meters, platform.Vending.Debts, settings.Tariffs, time)
    {
        Clients = new SqliteApiClients(platform.Database), Vending = settings.Vending, Cards = new SqliteMeterCards(platform.Database),
        Restore = electrum.Restore is { } restore ? (meterId, stop) => restore(platform, meterId, stop) : null,
    };

    [LoggerMessage(6011, LogLevel.Error, "One beat of the server failed; the next one tries again")]
    private static partial void BeatFailed(ILogger logger, Exception exception);
}
