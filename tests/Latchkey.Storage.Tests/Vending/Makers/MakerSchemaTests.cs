using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>Books of a time before makers' tokens.</summary>
public sealed class MakerSchemaTests
{
    [Fact]
    public async Task Makes_ThatStoodOnCards_AreTheMetersOwnAfterwards()
    {
        using var directory = new TemporaryDirectory();
        RoomSchema[] before = [.. VendingHouse.Rooms.Where(r => r != MakerRows.Room)];
        Assert.NotEqual(before.Length, VendingHouse.Rooms.Count);
        using (SqliteDatabase old = SqliteDatabase.Open(new SqliteDatabaseOptions(directory.Path), TimeProvider.System, before))
        {
            await old.WriteAsync(
                s =>
                {
                    s.ExecuteScript(
                        $"""
                        INSERT INTO vend_meter (pan, sgc, ti, krn, kt, ken, base_year, ea, tariff, customer, place, blocked)
                        VALUES ({Shop.Pan}, '201457', '01', 1, 2, 255, 2014, 11, 'T', 'C', 'P', 0), ({Shop.OtherPan}, '201457', '01', 1, 2, 255, 2014, 11, 'T', 'C', 'P', 0);
                        INSERT INTO vend_meter_card (pan, customer, make) VALUES ({Shop.Pan}, 'Li Wei', 'CALIN'), ({Shop.OtherPan}, 'Wang', '');
                        """);
                    return true;
                },
                CancellationToken.None);

            // An auditor reads such books, too, and changes nothing.
            Assert.Empty(new SqliteVendingStore(old).Read(books => books.Makers.Doubled(10)));
            new SqliteVendingStore(old).Read(books =>
            {
                books.Makers.ForEach(_ => throw new InvalidOperationException("there is no line"));
                return true;
            });
        }

        using SqliteDatabase now = SqliteDatabase.Open(new SqliteDatabaseOptions(directory.Path), TimeProvider.System, [.. VendingHouse.Rooms]);
        var meters = new SqliteVendingStore(now);
        Assert.Equal(("CALIN", null), (meters.Find(Shop.Pan)!.Make, meters.Find(Shop.OtherPan)!.Make));
        Assert.Equal(new MeterCard(Shop.Pan, "Li Wei"), new SqliteMeterCards(now).Find(Shop.Pan));
        MeterRecord changed = meters.Find(Shop.OtherPan)! with { Make = "elster" };
        await meters.SaveAsync(changed, CancellationToken.None);
        Assert.Equal(changed, meters.Find(Shop.OtherPan));
    }
}
