using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging.Log;
using Latchkey.Parks.Store;
using Latchkey.Parks.Tests;
using Latchkey.Payments.Store;
using Latchkey.Storage.HeadEnd;
using Latchkey.Storage.Messaging;
using Latchkey.Storage.Parks;
using Latchkey.Storage.Payments;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Parks;

/// <summary>A data directory with everything in it, real selling included.</summary>
internal sealed class SqliteDisk : Disk
{
    private static readonly byte[] PublishedKey = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
    private readonly SqliteDatabase _database;
    private readonly VendingHouse _house;

    private SqliteDisk(string directory, TimeProvider time)
    {
        _database = SqliteDatabase.Open(
            new SqliteDatabaseOptions(directory), time,
            [.. VendingHouse.Rooms, PaymentsSchema.Room, MessagingSchema.Room, HeadEndSchema.Room, ParksSchema.Room]);
        _house = VendingHouse.Open(_database, directory, new VendingHouseOptions(Shop.Options, ParkWorld.Tariffs), time);
        (Parks, HeadEnd) = (new SqliteParkStore(_database), new SqliteHeadEndStore(_database));
        (Payments, Messages) = (new SqlitePaymentStore(_database), new SqliteMessageLog(_database));
    }

    public override IParkStore Parks { get; }

    public override IHeadEndStore HeadEnd { get; }

    public override IPaymentStore Payments { get; }

    public override IMessageLog Messages { get; }

    public override IOrderDesk Orders => _house.Desk;

    public VendingHouse House => _house;

    /// <summary>Opens the directory; the first time it gets the meter that may be sold to and the key of its tokens.</summary>
    public static SqliteDisk Open(string directory, TimeProvider time)
    {
        var disk = new SqliteDisk(directory, time);
        if (disk._house.Meters.Find(TestMeters.Pan(1)) is null) Stock(disk._house);
        return disk;
    }

    public override void Dispose()
    {
        _house.Dispose();
        _database.Dispose();
        base.Dispose();
    }

#pragma warning disable xUnit1031 // opening is not asynchronous here, and the writer has its own thread
    private static void Stock(VendingHouse house)
    {
        var meter = new MeterRecord(Shop.Key with { Pan = TestMeters.Pan(1) }, "flat", "ACC-1", "Building A, room 101");
        house.Meters.SaveAsync(meter, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(house.Keys.ImportAsync(PublishedKey, Shop.Terms(), 10_000_000, new TwoPeople("Ann", "Bo"), CancellationToken.None).GetAwaiter().GetResult());
    }
#pragma warning restore xUnit1031
}
