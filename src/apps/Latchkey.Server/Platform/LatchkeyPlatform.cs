using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Channels;
using Latchkey.Messaging;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Templates;
using Latchkey.Messaging.WeChat;
using Latchkey.Parks;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Counter;
using Latchkey.Parks.Keys;
using Latchkey.Parks.Messages;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Prices;
using Latchkey.Parks.TopUps;
using Latchkey.Parks.Views;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;
using Latchkey.Storage;
using Latchkey.Storage.HeadEnd;
using Latchkey.Storage.Messaging;
using Latchkey.Storage.Parks;
using Latchkey.Storage.Payments;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Server.Platform;

/// <summary>All rooms of the utility over one data directory, wired to each other. The server, the demo and the scenarios open the same one.</summary>
/// <remarks>It holds no rule. <see cref="RunAsync"/> does what is due and is called by whoever owns the clock.</remarks>
public sealed class LatchkeyPlatform : IDisposable
{
    private const int AtOnce = 200;
    private static readonly TimeSpan ExpiryEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReconciledEvery = TimeSpan.FromDays(1);
    private readonly List<IDisposable> _owned = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KeyChangeCourier _courier;
    private SqliteWebhooks? _webhooks;
    private DateTimeOffset _expiredAt = DateTimeOffset.MinValue;
    private DateTimeOffset _reconciledAt = DateTimeOffset.MinValue;
    private bool _isSignerAway;

    private LatchkeyPlatform(PlatformOptions options, IReadOnlyList<IDeviceChannel> channels, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _logger = loggers.CreateLogger<LatchkeyPlatform>();
        Tariffs = options.Tariffs;
        Own(options.Vending.Makers);
        DataDirectory = options.DataDirectory;
        Database = Own(SqliteDatabase.Open(
            new SqliteDatabaseOptions(options.DataDirectory), time, [.. VendingHouse.Rooms, PaymentsSchema.Room, MessagingSchema.Room, HeadEndSchema.Room, ParksSchema.Room, WebhooksSchema.Room, SqlitePulse.Room]));
        Vending = Own(VendingHouse.Open(Database, options.DataDirectory, new VendingHouseOptions(options.Vending, options.Tariffs, options.StaTables, options.Bundles)
        {
            Signer = options.Signer,
            Custody = options.Custody,
        }, time));
        ReceiptSeal = Own(ReceiptKeyFile.OpenOrCreate(options.DataDirectory));
        HeadEnd = new HeadEndDesk(
            new SqliteHeadEndStore(Database), Own(MessageKeyFile.OpenOrCreate(options.DataDirectory)), channels, new HeadEndOptions { Seed = options.Seed });
        Payments = new PaymentDesk(Providers(options), new SqlitePaymentStore(Database), time, loggers.CreateLogger<PaymentDesk>());
        MessageLog = new SqliteMessageLog(Database);
        Messenger = new Messenger(MessageChannels(options, loggers), MessageLog, options.Messaging, time, loggers.CreateLogger<Messenger>());

        Prices = new PricePlans(() => Tariffs);
        ParkStore = new SqliteParkStore(Database);
        var messages = new TenantMessages(Messenger, time, WeChatAddressing.MiniProgram);
        TopUps = new TopUpDesk(ParkStore, Payments, Vending.Desk, HeadEnd, messages, Vending.MoneyBack, new TopUpOptions(), time, loggers.CreateLogger<TopUpDesk>());
        Vending.MoneyBack.Payers = TopUps;
        Counter = new CounterSales(Vending.Desk, Vending.Store, ParkStore, HeadEnd, time);
        _courier = new KeyChangeCourier(HeadEnd, Vending.KeyChanges, time);
        Vending.KeyGate.Carrier = _courier;
        Occupancies = new OccupancyDesk(ParkStore, HeadEnd, Prices);
        Control = new ControlDesk(ParkStore, HeadEnd, time);
        Rooms = new RoomViews(ParkStore, HeadEnd, Prices, time);
        Runtime = Own(new ParkRuntime(HeadEnd, TopUps, new BalanceWatch(ParkStore, HeadEnd, Prices, messages, options.BalanceRules), Control));
    }

    /// <summary>Where everything is kept.</summary>
    public string DataDirectory { get; }

    public SqliteDatabase Database { get; }

    public VendingHouse Vending { get; }

    /// <summary>Seals receipts; its public key is published.</summary>
    public ReceiptSeal ReceiptSeal { get; }

    public HeadEndDesk HeadEnd { get; }

    public PaymentDesk Payments { get; }

    public Messenger Messenger { get; }

    public SqliteMessageLog MessageLog { get; }

    /// <summary>Who is told of what happens here, and what is on its way to them.</summary>
    public SqliteWebhooks Webhooks => _webhooks!;

    public SqliteParkStore ParkStore { get; }

    public TopUpDesk TopUps { get; }

    public CounterSales Counter { get; }

    public OccupancyDesk Occupancies { get; }

    public ControlDesk Control { get; }

    public RoomViews Rooms { get; }

    public PricePlans Prices { get; }

    public TariffBook Tariffs { get; }

    public ParkRuntime Runtime { get; }

    /// <summary>Opens the data directory and finishes what a crash may have left half done.</summary>
    public static async Task<LatchkeyPlatform> OpenAsync(
        PlatformOptions options, IReadOnlyList<IDeviceChannel> channels, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var platform = new LatchkeyPlatform(options, channels, time, loggers);
        try
        {
            // Before anything moves: what recovery finishes is told, too.
            platform._webhooks = platform.Own(await SqliteWebhooks.OpenAsync(platform.Database, options.DataDirectory, cancellationToken).ConfigureAwait(false));
            await platform.Vending.Desk.RecoverAsync(cancellationToken).ConfigureAwait(false);
            await platform.Counter.ResumeAsync(cancellationToken).ConfigureAwait(false);
            return platform;
        }
        catch
        {
            platform.Dispose();
            throw;
        }
    }

    /// <summary>Does everything that is due now, once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        HeadEnd.Tick(now);
        foreach (PaymentEvent payment in await Payments.QueryDueAsync(AtOnce, cancellationToken).ConfigureAwait(false)) await FollowRefundAsync(payment, cancellationToken).ConfigureAwait(false);
        await Runtime.RunAsync(cancellationToken).ConfigureAwait(false);
        await Counter.RunAsync(cancellationToken).ConfigureAwait(false);
        await _courier.RunAsync(cancellationToken).ConfigureAwait(false);
        await Vending.ProgrammeRunner.RunAsync(cancellationToken).ConfigureAwait(false);
        await Messenger.PumpAsync(AtOnce, cancellationToken).ConfigureAwait(false);
        if (now - _expiredAt < ExpiryEvery && !IsSignerBack()) return;
        _expiredAt = now;

        // What a signer that was away left held is finished before anything is given up.
        await Vending.Desk.RecoverAsync(cancellationToken).ConfigureAwait(false);
        await Vending.Desk.ExpireAsync(cancellationToken).ConfigureAwait(false);
        await Vending.Leases.SweepAsync(cancellationToken).ConfigureAwait(false);
        await Vending.Acts.ResumeAsync(cancellationToken).ConfigureAwait(false);
        await Vending.Approvals.ExpireAsync(cancellationToken).ConfigureAwait(false);
        if (now - _reconciledAt < ReconciledEvery) return;
        if (await ReconcileAsync(cancellationToken).ConfigureAwait(false)) _reconciledAt = now;
    }

    /// <summary>True once after the signer was away: who waits for a token then waits no longer than he must.</summary>
    private bool IsSignerBack()
    {
        bool wasAway = _isSignerAway;
        _isSignerAway = Vending.Signer.Ailment is not null;
        return wasAway && !_isSignerAway;
    }

    /// <summary>Holds ledger, orders and the signer's journal against each other; any difference stops the key it belongs to. False where the signer did not answer.</summary>
    private async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        DailyReconciliation report = await Vending.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        if (report.NotDone is { } code)
        {
            PlatformLog.NotReconciled(_logger, code);
            return false;
        }

        if (!report.IsIntact) PlatformLog.BooksDiffer(_logger, report.DifferenceCount, report.LedgerProblem ?? "none");
        ReconciliationRun run = await Vending.Reconciliation.RunAsync(report, cancellationToken).ConfigureAwait(false);
        if (run.Open > 0) PlatformLog.FindingsOpen(_logger, run.Open, run.New);
        return true;
    }

    /// <summary>Takes a notification of WeChat Pay as it came; what it paid goes on at once.</summary>
    public async Task<NotificationOutcome> TakeWeChatPayNotificationAsync(NotificationRequest request, CancellationToken cancellationToken)
    {
        NotificationOutcome outcome = await Payments.HandleNotificationAsync(WeChatPayProvider.ProviderName, request, cancellationToken).ConfigureAwait(false);
        if (outcome.Event is PaymentEvent.Paid paid && Guid.TryParseExact(paid.Payment.Intent.OutTradeNo.Value, "N", out Guid topUp))
            await TopUps.AdvanceAsync(topUp, cancellationToken).ConfigureAwait(false);
        await FollowRefundAsync(outcome.Event, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>What the service says of money on its way back moves its top-up, too.</summary>
    private async Task FollowRefundAsync(PaymentEvent payment, CancellationToken cancellationToken)
    {
        if (payment is PaymentEvent.Refunded refunded && Guid.TryParseExact(refunded.Refund.Request.OutTradeNo.Value, "N", out Guid topUp))
            await TopUps.ReturnAsync(topUp, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        _owned.Clear();
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    private List<IPaymentProvider> Providers(PlatformOptions options) => options.WeChatPay is not { } setup
        ? []
        : [Own(new WeChatPayProvider(Client(), setup.Options, setup.Credential, setup.ApiKey, setup.PlatformKeys, _time))];

    private List<IMessageChannel> MessageChannels(PlatformOptions options, ILoggerFactory loggers)
    {
        if (options.WeChat is not { } setup) return [];
        HttpClient http = Client();
        var tokens = Own(new AccessTokenSource(http, setup.Options, setup.Secret, _time, loggers.CreateLogger<AccessTokenSource>()));
        var channel = new WeChatChannel(
            ChannelKind.MiniProgram, http, setup.Options, tokens, new TemplateCatalogue(setup.Templates), MessageLog, _time);
        return [channel];
    }

    // A provider that does not answer in time is asked again by the schedule; redirects would carry signed requests elsewhere.
    private HttpClient Client() => Own(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    });
}

internal static partial class PlatformLog
{
    [LoggerMessage(6101, LogLevel.Critical, "The daily reconciliation found {Differences} differences, ledger problem: {Problem}; the keys concerned are stopped")]
    public static partial void BooksDiffer(ILogger logger, long differences, string problem);

    [LoggerMessage(6102, LogLevel.Error, "The daily reconciliation could not be done, {Code}; it is tried again")]
    public static partial void NotReconciled(ILogger logger, string code);

    [LoggerMessage(6103, LogLevel.Warning, "The daily reconciliation has {Open} open findings, {New} of them new; see latchkey reconcile list")]
    public static partial void FindingsOpen(ILogger logger, int open, int @new);
}
