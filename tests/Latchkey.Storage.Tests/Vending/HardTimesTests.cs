using System.Diagnostics;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A full disk, a disk that cannot be written, a clock that jumps: a typed refusal, reading goes on, no identifier twice, and it passes by itself.</summary>
public sealed class HardTimesTests
{
    [Fact]
    public async Task Sell_OnADiskThatFillsUp_RefusesReadsOnAndRecoversWithoutHelp()
    {
        using var directory = TemporaryDirectory.InMemory();
        Assert.SkipUnless(Mount(directory.Path, "size=12m"), "a small disk cannot be mounted here (needs root)");
        try
        {
            using VendingHouse house = await OpenAsync(directory.Path);
            Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Order(1), CancellationToken.None));
            string ballast = directory.File("ballast");
            Fill(ballast);

            int last = 1;
            StorageException? full = null;
            while (full is null && last < 20_000) full = await Record.ExceptionAsync(() => house.Desk.PlaceAsync(Order(++last), CancellationToken.None)) as StorageException;
            Assert.Equal(StorageFailure.DiskFull, full!.Failure);
            Assert.True(full.IsTransient);
            Assert.Equal(OrderState.Posted, house.Desk.Find(Shop.Id(1))!.State);
            Assert.NotNull(house.Ledger.FindAccount(Latchkey.Ledger.AccountId.Require("clearing:wechat")));

            File.Delete(ballast);
            Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Order(last), CancellationToken.None));
            await house.Desk.RecoverAsync(CancellationToken.None);
            AssertSound(house);
        }
        finally
        {
            Run("umount", "-l", directory.Path);
        }
    }

    [Fact]
    public async Task Sell_OnADiskThatTurnsReadOnly_RefusesReadsOnAndRecoversWithoutHelp()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued before = await shop.Buy(1);
        SqliteSession writer = await ReadOnly(shop);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => shop.Place(Shop.Order(2)));
        Assert.Equal(StorageFailure.ReadOnly, refused.Failure);
        Assert.Equal(before.StoredAnswer.ToArray(), shop.Desk.Find(Shop.Id(1))!.Answer.ToArray());

        writer.ExecuteScript("PRAGMA query_only = 0");
        await shop.Buy(2);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Open_OnAReadOnlyDisk_IsATypedRefusalAndTheAuditStillReads()
    {
        using var directory = TemporaryDirectory.InMemory();
        Assert.SkipUnless(Mount(directory.Path, "size=12m"), "a small disk cannot be mounted here (needs root)");
        try
        {
            using (VendingHouse house = await OpenAsync(directory.Path)) await house.Desk.PlaceAsync(Order(1), CancellationToken.None);
            Assert.True(Run("mount", "-o", "remount,ro", directory.Path));
            StorageException refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(directory.Path));
            Assert.True(refused.Failure is StorageFailure.ReadOnly or StorageFailure.CannotOpen, refused.Failure.ToString());
        }
        finally
        {
            Run("umount", "-l", directory.Path);
        }
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(10)]
    public async Task Sell_AfterTheClockJumps_GivesNoIdentifierTwice(int minutes)
    {
        using Shop shop = await Shop.OpenAsync();
        List<uint> given = [];
        for (int i = 1; i <= 5; i++) given.Add((await shop.Buy(i)).Receipt.Tokens[0].TidMinutes);
        shop.Clock.Advance(TimeSpan.FromMinutes(minutes));
        for (int i = 6; i <= 12; i++)
        {
            // An hour back is as far as identifiers may run ahead: then a typed refusal, never a repeated identifier.
            OrderOutcome outcome = await shop.Place(Shop.Order(i));
            if (outcome is OrderOutcome.Issued issued) given.Add(issued.Receipt.Tokens[0].TidMinutes);
            else Assert.Equal(VendingCodes.TooManyTokens, Assert.IsType<OrderOutcome.Declined>(outcome).Code);
        }

        shop.Clock.Advance(TimeSpan.FromMinutes(-minutes + 30));
        for (int i = 13; i <= 15; i++) given.Add((await shop.Buy(i)).Receipt.Tokens[0].TidMinutes);
        Assert.Equal(given.Order().Distinct(), given);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Expire_AfterTheClockJumpedForward_NeverTakesAHoldThatHasAToken()
    {
        using Shop shop = await Shop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => new OrderDesk(
            new DyingStore(shop.House.Store, new Cut(2, After: false)), shop.House.Signer, new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock)
            .PlaceAsync(Shop.Order(1), CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(await shop.Desk.ExpireAsync(CancellationToken.None));
        await shop.Desk.RecoverAsync(CancellationToken.None);
        Assert.Equal(OrderState.Posted, shop.Desk.Find(Shop.Id(1))!.State);
    }

    private static PlaceOrder Order(int n) => Shop.Order(n, 10m);

    private static async Task<VendingHouse> OpenAsync(string directory)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));
        VendingHouse house = VendingHouse.Open(
            directory, new VendingHouseOptions(Shop.Options with { TidLeadMinutes = 1_000_000 }, new TariffBook([Shop.Blocks()])), clock);
        await house.Meters.SaveAsync(new MeterRecord(Shop.Key, "T", "ACC-1", "Building 3"), CancellationToken.None);
        await house.Keys.ImportAsync(new byte[VendingKey.HmacLength], Shop.Terms(), 1L << 40, new TwoPeople("Ann", "Bo"), CancellationToken.None);
        return house;
    }

    private static void AssertSound(VendingHouse house)
    {
        VendingAuditReport report = house.Audit.Verify();
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
        List<uint> given = [];
        house.Store.ForEach(order =>
        {
            if (order.HasToken) given.Add(order.Tid!.Value.Minutes);
        });
        Assert.Equal(given.Distinct().Count(), given.Count);
    }

    /// <summary>From now on the engine answers the writer as it does on a disk that cannot be written.</summary>
    private static Task<SqliteSession> ReadOnly(Shop shop) => shop.House.Database.WriteAsync(
        s =>
        {
            s.ExecuteScript("PRAGMA query_only = 1");
            return s;
        },
        CancellationToken.None);

    private static void Fill(string path)
    {
        using FileStream file = File.Create(path);
        byte[] block = new byte[64 * 1_024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // That is the point of it.
        }
    }

    private static bool Mount(string path, string options) => OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
