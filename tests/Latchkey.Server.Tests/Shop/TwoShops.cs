using System.Security.Cryptography;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Demo;
using Latchkey.Server.Platform;
using Latchkey.Server.Portal.Shop;
using Latchkey.Server.Rooms;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests.Shop;

/// <summary>Two vendors over the real rooms, behind the real server: one with two cashiers, one with one.</summary>
public sealed class TwoShops : IAsyncLifetime
{
    public static readonly Cashier Ann = new("kiosk-a", "ann"), Bo = new("kiosk-a", "bo"), Cy = new("kiosk-b", "cy");
    private static readonly DemoRoomPlan[] Rooms = [DemoRoomPlan.Park[0], DemoRoomPlan.Park[1], DemoRoomPlan.Park[3]];
    private static readonly TwoPeople People = new("Ann", "Bo");
    private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-shops-").FullName;
    private readonly WorldClock _clock = new(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero), 0, TimeProvider.System);
    private readonly Dictionary<string, string> _passwords = new(StringComparer.Ordinal);
    private WebApplication _app = null!;

    internal DemoWorld World { get; private set; } = null!;

    public Uri Address => new(_app.Urls.First());

    public IShop Shop => Get<IShop>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static string Pan(int room) => Rooms[room].Meter.Attributes.Pan.ToString();

    public static Money Yuan(long fen) => new(fen, Currency.Cny);

    /// <summary>A browser in which that person is signed in; a stranger's where nobody is named.</summary>
    internal async Task<Browser> BrowserOfAsync(string? person)
    {
        var browser = new Browser(Address);
        if (person is not null) await browser.SignInAsync(person, _passwords[person]);
        return browser;
    }

    /// <summary>Sells in a shift of the cashier's own, opened where none is.</summary>
    public async Task<Guid> SellAsync(Cashier cashier, long fen = 1_000, int room = 0)
    {
        await OpenAsync(cashier);
        var id = Latchkey.Server.Portal.TopUps.TopUpIds.Next();
        Assert.IsType<ShopSaleOutcome.Sold>(await Shop.SellAsync(cashier, id, Pan(room), Yuan(fen), SaleTender.Cash(Yuan(fen), fen, 1), CancellationToken.None));
        _clock.Advance(TimeSpan.FromMinutes(1));
        return id;
    }

    public async Task OpenAsync(Cashier cashier)
    {
        await CloseAsync(cashier.Vendor);
        await Shop.OpenShiftAsync(cashier, "till-1", Yuan(0), CancellationToken.None);
    }

    public async Task CloseAsync(string vendor)
    {
        if (World.Platform.Vending.Vendors.OpenBatch(vendor, BatchKind.Shift) is { } open)
            await Shop.CloseShiftAsync(new Cashier(vendor, open.OpenedBy), Yuan(0), CancellationToken.None);
    }

    /// <summary>The meter is to get a new key with its next purchase.</summary>
    public async Task PlanNewKeyAsync(int room)
    {
        DecoderKeyAttributes key = Rooms[room].Meter.Attributes;
        var terms = new SigningKeyTerms(key.SupplyGroup, KeyRevisionNumber.FromValue(2), key.KeyType, key.BaseDate, DateTimeOffset.UnixEpoch, null);
        Assert.Null(await World.Platform.Vending.Keys.ImportAsync(SHA256.HashData("the second key"u8).AsMemory(0, VendingKey.HmacLength), terms, 10_000_000, People, CancellationToken.None));
        var next = new VendingKeyRevision(key.SupplyGroup, key.KeyType, terms.KeyRevision, key.KeyExpiry, key.BaseDate, DateTime.MinValue);
        Assert.Null(await World.Platform.Vending.KeyChanges.PlanAsync(key.Pan, next, null, KeyChangePolicy.WithNextPurchase, takesThirdToken: false, CancellationToken.None));
    }

    public async ValueTask InitializeAsync()
    {
        var options = new DemoWorldOptions { DataDirectory = _directory, NotifyAddress = new Uri("http://127.0.0.1:9/v1/payments/wechat/notify") };
        World = await DemoWorld.OpenAsync(options, _clock, DemoSecrets.FromSeed(9), NullLoggerFactory.Instance, CancellationToken.None);
        await World.FoundAsync(Rooms, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await World.StepAsync(CancellationToken.None);
        await World.MoveInAsync(Rooms[0], CancellationToken.None);
        foreach (string code in new[] { Ann.Vendor, Cy.Vendor })
        {
            await World.Platform.Vending.VendorDesk.SaveAsync(new Vendor(code, "Shop " + code, Currency.Cny, 100, 100_000, IsBlocked: false, [new CommissionScheme(DateOnly.MinValue, 20_000, 0, 0, [])]), CancellationToken.None);
            await FoundingActs.DoAsync(World.Platform.Vending.Acts, People, DemoIds.Of, ActEffects.CreditNote(code, Yuan(1_000_000), out _)!, "opening float", CancellationToken.None);
        }

        WebApplicationBuilder builder = LatchkeyServer.CreateBuilder(new ServerOptions { DataDirectory = _directory, Urls = "http://127.0.0.1:0", Quiet = true });
        builder.Services.AddLatchkeyRooms(World.Platform, new RoomSettings { Vending = DemoWorld.Vending, ApiChannel = DemoWorld.OfficeChannel }, _clock);
        _app = LatchkeyServer.Build(builder);
        var accounts = Get<AccountBook>();
        foreach (Cashier cashier in new[] { Ann, Bo, Cy }) _passwords[cashier.Name] = accounts.SetAccount(cashier.Name, cashier.Name, PortalRoles.Vendor, null, cashier.Vendor);
        _passwords["manager"] = accounts.SetAccount("manager", "Manager", PortalRoles.Operator, null);
        _passwords["tenant"] = accounts.SetAccount("tenant", "Tenant", PortalRoles.Tenant, Rooms[0].TenantId.ToString("D"));
        await _app.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await World.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
