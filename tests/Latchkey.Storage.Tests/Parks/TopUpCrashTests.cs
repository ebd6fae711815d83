using Latchkey.Parks.Tests;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Parks;

public sealed class TopUpCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TopUp_WithADeathAtEveryMoment_IsOneOfEachOnDisk()
    {
        int moment = 0;
        bool died = true;
        while (died)
        {
            using var directory = new TemporaryDirectory();
            using var world = new ParkWorld(time => SqliteDisk.Open(directory.Path, time));
            died = await TopUpStory.LiveAsync(world, ++moment);
            TopUpStory.AssertOnceEach(world);
            AssertBooksAgree(world);
        }

        output.WriteLine($"{moment - 1} moments");
        Assert.InRange(moment, 30, 500);
    }

    // Twenty yuan at one yuan a kilowatt-hour: what was paid, sold and accepted by the meter.
    private static void AssertBooksAgree(ParkWorld world)
    {
        var house = ((SqliteDisk)world.Disk).House;
        Assert.Null(house.Ledger.Audit(records => Latchkey.Ledger.LedgerAudit.Verify(records)).Problem);
        Assert.Equal(2_000, house.Ledger.FindAccount(Latchkey.Ledger.AccountId.Require("clearing:wechat"))!.Balance.Net);
        Assert.Equal(200, house.Ledger.FindAccount(Latchkey.Ledger.AccountId.Require("units:accepted:" + world.Meter.Pan))!.Balance.Net);
    }
}
