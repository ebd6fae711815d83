using Latchkey.Ledger;
using Latchkey.Server.Demo;
using Latchkey.Server.Portal.Books;
using Latchkey.Server.Rooms;
using Latchkey.Storage;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests.Shop;

/// <summary>A demo's books two days after the office sold for cash and somebody sold for nothing.</summary>
internal sealed class DemoBooks : IDisposable
{
    public static readonly Guid Unpaid = DemoIds.Of("unpaid");
    private static readonly DemoRoomPlan[] Rooms = [DemoRoomPlan.Park[0]];
    private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-books-").FullName;
    private readonly WorldClock _clock = new(new DateTimeOffset(2026, 6, 29, 8, 0, 0, TimeSpan.Zero), 0, TimeProvider.System);
    private DemoWorld _world = null!;

    public IBooksView View { get; private set; } = null!;

    public static async Task<DemoBooks> OpenAsync()
    {
        var books = new DemoBooks();
        var options = new DemoWorldOptions { DataDirectory = books._directory, NotifyAddress = new Uri("http://127.0.0.1:9/v1/payments/wechat/notify") };
        books._world = await DemoWorld.OpenAsync(options, books._clock, DemoSecrets.FromSeed(9), NullLoggerFactory.Instance, CancellationToken.None);
        await books._world.FoundAsync(Rooms, CancellationToken.None);
        await books._world.SellAtOfficeAsync(DemoIds.Of("paid"), Rooms[0], TwoShops.Yuan(900), CancellationToken.None);
        books._clock.Advance(TimeSpan.FromMinutes(5));
        var unpaid = new PlaceOrder(Unpaid, Rooms[0].Meter.Attributes.Pan, TwoShops.Yuan(800), DemoWorld.OfficeChannel, "nobody");
        Assert.IsType<OrderOutcome.Issued>(await books._world.Platform.Vending.Desk.PlaceAsync(unpaid, CancellationToken.None));
        books._clock.Advance(TimeSpan.FromDays(2) + TimeSpan.FromHours(12));
        books.View = new BooksReader(books._world.Platform.Vending, books._clock, TimeProvider.System);
        return books;
    }

    /// <summary>Closes June.</summary>
    public async Task CloseAsync()
    {
        using RootKey key = RootKey.OpenOrCreate(_directory);
        var desk = new ClosingDesk(_world.Platform.Vending, key, _clock);
        Assert.IsType<ClosingOutcome.Closed>(await desk.CloseAsync(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.FromHours(8)), "Ann", "demo keeper", CancellationToken.None));
    }

    /// <summary>As if the books had been another's when they were signed, or the root another entry's.</summary>
    public async Task ForgeRootAsync(string found, string written)
    {
        SqliteDatabase database = _world.Platform.Vending.Database;
        await database.WriteAsync(s => s.Execute("DROP TRIGGER IF EXISTS ledger_period_is_final"), CancellationToken.None);
        await database.WriteAsync(s => s.Execute("UPDATE ledger_period SET root = replace(root, ?1, ?2)", found, written), CancellationToken.None);
    }

    public void Dispose()
    {
        _world.Platform.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
