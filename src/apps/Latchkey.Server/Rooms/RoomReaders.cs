using Latchkey.Ledger;
using Latchkey.Messaging.Webhooks;
using Latchkey.Server.Api;
using Latchkey.Server.Platform;
using Latchkey.Server.Portal.Approvals;
using Latchkey.Server.Portal.Books;
using Latchkey.Server.Portal.Keys;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Orders;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.RollOver;
using Latchkey.Server.Portal.Shop;
using Latchkey.Server.Portal.Tariffs;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Server.Portal.Vendors;
using Latchkey.Server.Receipts;
using Latchkey.Server.SelfCheck;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Gives the pages and the API an opened platform to read from and to act on.</summary>
public static class RoomReaders
{
    /// <param name="services">Of a builder from <see cref="LatchkeyServer.CreateBuilder"/>.</param>
    /// <param name="platform">Opened by the caller, who also runs and closes it.</param>
    /// <param name="settings">What the platform does not know.</param>
    /// <param name="time">The platform's clock.</param>
    public static IServiceCollection AddLatchkeyRooms(this IServiceCollection services, LatchkeyPlatform platform, RoomSettings settings, TimeProvider time)
    {
        var park = new ParkReader(platform.Rooms, platform.ParkStore, platform.HeadEnd, time, new RefreshLimit(TimeProvider.System));
        var orders = new OrderReader(platform.Vending.Store, platform.Vending.Ledger, platform.ParkStore, TimeProvider.System);
        var papers = new PaperReader(platform.Vending);
        var acts = new PortalActs(platform.Vending.Acts);
        var returns = new MoneyBackReader(platform);
        return services
            .AddSingleton(time)
            .AddSingleton(settings.Hands)
            .AddSingleton<IParkView>(park)
            .AddSingleton<IMeterView>(new MeterReader(platform.HeadEnd, platform.ParkStore, platform.Rooms, settings.Hands, time))
            .AddSingleton<IMeterCommands>(new MeterCommands(platform.Vending.Approvals, platform.Vending.Issues, platform.HeadEnd, time))
            .AddSingleton<ITopUps>(new TopUpReader(
                park, platform.ParkStore, platform.TopUps, platform.Vending.Desk, platform.HeadEnd, platform.Prices, settings.Vending, settings.PayPages, papers, time))
            .AddSingleton<IMessageView>(new MessageReader(platform.MessageLog, platform.ParkStore))
            .AddSingleton<IShop>(new ShopReader(platform.Vending, platform.Counter, papers, time))
            .AddSingleton<IOrderView>(orders)
            .AddSingleton<IOrderLife>(new OrderLifeReader(platform.Vending, platform.HeadEnd, orders, papers, settings.Vending, returns, acts, time))
            .AddSingleton<IVendorView>(new VendorReader(platform.Vending, acts))
            .AddSingleton<IKeyView>(new KeyReader(platform.Vending, acts))
            .AddSingleton<IBooksView>(new BooksReader(platform.Vending, time, TimeProvider.System))
            .AddSingleton<ITariffView>(new TariffReader(platform.Tariffs, platform.Vending.Store, settings.Vending, time))
            .AddSingleton(platform.Tariffs)
            .AddSingleton<IProgrammeView>(new ProgrammeReader(platform.Vending.Programmes, platform.Vending.ProgrammeDesk, time, TimeProvider.System))
            .AddSingleton(settings).AddSingleton(settings.Vending).AddSingleton(platform.Vending).AddSingleton(platform.Tariffs).AddSingleton(platform.Vending.Meters)
            .AddSingleton<IApiClients>(new SqliteApiClients(platform.Database))
            .AddSingleton<IMeterCards>(new SqliteMeterCards(platform.Database))
            .AddSingleton<IPurchases>(new Sales(platform.Counter, platform.Vending.Desk, papers, returns, settings))
            .AddSingleton<IApprovalView>(new ApprovalReader(platform.Vending, new WishReader(platform.Vending, platform.Tariffs), time))
            .AddSingleton<IReceipts>(new ReceiptReader(platform.Vending.Desk, platform.TopUps, platform.ReceiptSeal))
            .AddSingleton<ReceiptPrinter>()
            .AddSingleton<IDeliveryView>(new DeliveryReader(platform.HeadEnd))
            .AddSingleton<IPaymentCallbacks>(new PaymentCallbacks(platform))
            .AddSingleton<IWebhookStore>(platform.Webhooks)
            .AddHostedService(services => new WebhookLoop(platform.Webhooks, settings.WebhooksToPrivateAddresses, time, services.GetRequiredService<ILoggerFactory>()))
            .AddHostedService(_ => new FreshReadings(platform.HeadEnd, time))
            .AddSingleton<IVitalProbe>(new LedgerProbe(platform.Vending.Ledger))
            .AddSingleton<IVitalProbe>(new StorageProbe(new SqlitePulse(platform.Database), time))
            .AddSingleton<IVitalProbe>(DiskProbe.Of(platform.DataDirectory))
            .AddSingleton<IVitalProbe>(new SignerProbe(platform.Vending.Signer, time));
    }
}
