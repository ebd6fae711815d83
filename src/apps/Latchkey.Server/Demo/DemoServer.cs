using System.Globalization;
using Latchkey.Emulators.WeChatPay;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Rooms;

namespace Latchkey.Server.Demo;

/// <summary>The server with a made-up park behind it that lives: meters, radio, phones and payment service included.</summary>
public sealed class DemoServer : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HistoryStep = TimeSpan.FromMinutes(15);
    private readonly WorldCalendar _calendar;
    private readonly ILoggerFactory _loggers;
    private readonly WebApplication _app;

    private DemoServer(WorldCalendar calendar, ILoggerFactory loggers, DemoWorld world, WebApplication app, DemoWelcome welcome)
    {
        (_calendar, _loggers, World, _app, Welcome) = (calendar, loggers, world, app, welcome);
    }

    public DemoWorld World { get; }

    public DemoWelcome Welcome { get; }

    /// <summary>Opens the park, lives through the time that passed, and starts to answer.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="progress">0 to 1 while the park lives through its past.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<DemoServer> StartAsync(DemoServerOptions options, IProgress<double> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataDirectory);
        Uri portal = FirstAddress(options.Urls);
        var calendar = new WorldCalendar(options.DataDirectory);
        DateTimeOffset present = calendar.Present(TimeProvider.System.GetUtcNow());
        var clock = new WorldClock(calendar.Last ?? present.AddDays(-options.DaysOfHistory), speed: 0, TimeProvider.System);
        ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
        var worldOptions = new DemoWorldOptions
        {
            DataDirectory = options.DataDirectory, NotifyAddress = new Uri(portal, "/v1/payments/wechat/notify"), Seed = options.Seed, Lives = true,
        };
        DemoWorld world = await DemoWorld.OpenAsync(worldOptions, clock, DemoSecrets.OpenOrCreate(options.DataDirectory), loggers, cancellationToken).ConfigureAwait(false);
        try
        {
            await world.FoundAsync(DemoRoomPlan.Park, cancellationToken).ConfigureAwait(false);
            var kiosk = new DemoKiosk(world);
            await kiosk.FoundAsync(cancellationToken).ConfigureAwait(false);
            if (calendar.Last is null) await SettleInAsync(world, cancellationToken).ConfigureAwait(false);
            await CatchUpAsync(world, kiosk, present, progress, cancellationToken).ConfigureAwait(false);
            calendar.Keep(clock.GetUtcNow(), now: true);

            var serverOptions = new ServerOptions { DataDirectory = options.DataDirectory, Urls = options.Urls, Quiet = options.Quiet, Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") };
            WebApplicationBuilder builder = LatchkeyServer.CreateBuilder(serverOptions);
            builder.Services.AddLatchkeyRooms(world.Platform, SettingsOf(world), clock);
            WebApplication app = LatchkeyServer.Build(builder);
            DemoWelcome welcome = WelcomeTo(app.Services.GetRequiredService<AccountBook>(), world, portal);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            clock.Speed = options.Speed;
            return new DemoServer(calendar, loggers, world, app, welcome);
        }
        catch
        {
            await world.DisposeAsync().ConfigureAwait(false);
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Lets the park live until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ILogger logger = _loggers.CreateLogger("Latchkey.Demo");
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)) await BeatAsync(logger, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _calendar.Keep(World.Clock.GetUtcNow(), now: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await World.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
    }

    private static RoomSettings SettingsOf(DemoWorld world) => new()
    {
        Vending = DemoWorld.Vending,
        ApiChannel = DemoWorld.OfficeChannel,
        Hands = new FieldMeterHands(world.Radio.Find, () => world.Clock.Speed),
        PayPages = new PayPages(topUp => new Uri(world.Services.Pay.BaseAddress, WeChatPayEmulator.PhonePage(OutTradeNo.FromOrder(topUp).Value))),
    };

    /// <summary>The first day: tenants move in and buy at the office.</summary>
    private static async Task SettleInAsync(DemoWorld world, CancellationToken cancellationToken)
    {
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.StepAsync(cancellationToken).ConfigureAwait(false);
        foreach (DemoRoomPlan room in DemoRoomPlan.Park.Where(room => room.Tenant is not null))
        {
            await world.MoveInAsync(room, cancellationToken).ConfigureAwait(false);
            if (room.OpeningYuan == 0) continue;
            Guid order = DemoIds.Of($"opening credit {room.Building} {room.Number}");
            await world.SellAtOfficeAsync(order, room, Money.FromMajor(room.OpeningYuan, Currency.Cny), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lives through the time that passed while nobody served, or through the park's first days.</summary>
    private static async Task CatchUpAsync(DemoWorld world, DemoKiosk kiosk, DateTimeOffset present, IProgress<double> progress, CancellationToken cancellationToken)
    {
        DateTimeOffset begun = world.Clock.GetUtcNow();
        while (world.Clock.GetUtcNow() < present)
        {
            DateTimeOffset before = world.Clock.GetUtcNow();
            TimeSpan left = present - before;
            world.Clock.Advance(left < HistoryStep ? left : HistoryStep);
            await world.StepAsync(cancellationToken).ConfigureAwait(false);
            await kiosk.LiveAsync(before, DemoWorld.Vending.Day(present), cancellationToken).ConfigureAwait(false);
            progress.Report((world.Clock.GetUtcNow() - begun) / (present - begun));
        }
    }

    private async Task BeatAsync(ILogger logger, CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // The park goes on living whatever one beat meets; what it met is in the log, and the next beat tries again.
        try
        {
            await World.StepAsync(cancellationToken).ConfigureAwait(false);
            _calendar.Keep(World.Clock.GetUtcNow());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            DemoLog.BeatFailed(logger, e);
        }
#pragma warning restore CA1031
    }

    private static DemoWelcome WelcomeTo(AccountBook accounts, DemoWorld world, Uri portal)
    {
        DemoRoomPlan tenant = DemoRoomPlan.Park[1];
        return new DemoWelcome(
            portal,
            [
                ("manager", accounts.SetAccount("manager", "Park manager", PortalRoles.Operator, null), "runs the park"),
                ("auditor", accounts.SetAccount("auditor", "Park auditor", PortalRoles.Operator, null), "the second person for what takes two"),
                (DemoKiosk.EarlyCashier, accounts.SetAccount(DemoKiosk.EarlyCashier, "Li Na", PortalRoles.Vendor, null, DemoKiosk.Code), "sells at the kiosk at the gate"),
                (DemoKiosk.LateCashier, accounts.SetAccount(DemoKiosk.LateCashier, "Zhou Wei", PortalRoles.Vendor, null, DemoKiosk.Code), "the kiosk's other cashier"),
                ("tenant", accounts.SetAccount("tenant", tenant.Tenant!, PortalRoles.Tenant, tenant.TenantId.ToString("D")), $"lives in {tenant.Building}-{tenant.Number}"),
            ],
            accounts.SetApiClient("demo"),
            new Uri(world.Services.WeChat.BaseAddress, "_emulator/phone"),
            tenant.Meter.Attributes.Pan.ToString());
    }

    private static Uri FirstAddress(string urls)
    {
        string first = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? throw new ArgumentException("No address to listen on.", nameof(urls));
        string reachable = first.Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal);
        return Uri.TryCreate(reachable, UriKind.Absolute, out Uri? address)
            ? address
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"'{first}' is no address, such as http://127.0.0.1:5080."), nameof(urls));
    }
}

internal static partial class DemoLog
{
    [LoggerMessage(6001, LogLevel.Error, "One beat of the demo park failed; the next one tries again")]
    public static partial void BeatFailed(ILogger logger, Exception exception);
}
